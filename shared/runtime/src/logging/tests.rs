//! Tests of `logging`.

use serde_json::json;

use super::{Unit, metric_line};

#[test]
fn a_metric_is_a_line_that_cloudwatch_reads() {
    let line = metric_line("jobs_stuck", Unit::Count, 3, &[("stack", "reelsmith")], 1000);
    assert_eq!(
        line,
        json!({
            "stack": "reelsmith",
            "jobs_stuck": 3,
            "_aws": {
                "Timestamp": 1000,
                "CloudWatchMetrics": [{
                    "Namespace": "Reelsmith",
                    "Dimensions": [["stack"]],
                    "Metrics": [{"Name": "jobs_stuck", "Unit": "Count"}],
                }],
            },
        })
    );
}
