//! Every row of an account beside the model, read behind the store's back.

use std::collections::BTreeMap;
use std::fmt::Debug;

use domain::job::StepState;
use domain::{JobState, QuotaKind};
use serde_json::Value;

use crate::database::{Database, Item};
use crate::model::{AssetStatus, Model};
use crate::tally::{Kind, Problem};

/// Rows that are not what the model says.
pub(crate) fn differences(database: &Database, account: &str, model: &Model) -> Vec<Problem> {
    let rows = Rows { database, account };
    let problems = [
        compared(Kind::OrphanHold, "jobs", &rows.jobs(), &jobs(model)),
        compared(Kind::Lost, "projects", &rows.projects(), &projects(model)),
        compared(
            Kind::DoubleCharged,
            "paid outputs",
            &rows.outputs(),
            &outputs(model),
        ),
        compared(Kind::Lost, "keys have taken", &rows.spent(), &spent(model)),
        compared(Kind::Lost, "assets", &rows.assets(), &assets(model)),
        compared(Kind::Lost, "counters", &rows.counters(), &counters(model)),
        compared(Kind::Lost, "the log", &rows.log(), &log(model)),
        compared(Kind::Lost, "alerts", &rows.alerts(), &alerts(model)),
        compared(Kind::Lost, "notices", &rows.notices(), &alerts(model).len()),
        compared(Kind::Lost, "days", &rows.days(), &days(model)),
    ];
    problems.into_iter().flatten().collect()
}

fn compared<T: PartialEq + Debug>(kind: Kind, what: &str, real: &T, expected: &T) -> Option<Problem> {
    let message = (real != expected).then(|| format!("{what}: {real:?}\nexpected was {expected:?}"));
    message.map(|message| Problem { kind, message })
}

/// A table's rows as texts, by key.
type Texts = BTreeMap<String, String>;

struct Rows<'a> {
    database: &'a Database,
    account: &'a str,
}

impl Rows<'_> {
    fn texts(&self, table: &str, prefix: &str, text: impl Fn(&Item) -> Option<String>) -> Texts {
        let items = self.database.items(table, self.account, prefix);
        let texts = items.into_iter();
        texts
            .filter_map(|(key, item)| Some((key, text(&item)?)))
            .collect()
    }

    fn jobs(&self) -> Texts {
        self.texts("studio", "JOB#", |item| {
            let body = body(item);
            let state = match body["state"]["S"].as_str() {
                Some("processing") => "pending",
                state => state.unwrap_or("none"),
            };
            let charged = &body["receipt"]["M"]["charged"]["N"];
            Some(format!(
                "run {} {state} holds {} charged {} step {}",
                plain(&body["run"]["N"]),
                plain(&body["held"]["N"]),
                plain(charged),
                plain(&body["steps"]["M"]["voice"]["M"]["state"]["S"]),
            ))
        })
    }

    fn projects(&self) -> Texts {
        self.texts("studio", "PRJ#", |item| {
            let body = body(item);
            Some(format!(
                "{} version {} active {}",
                plain(&body["name"]["S"]),
                plain(&body["version"]["N"]),
                plain(&body["active_job"]["S"]),
            ))
        })
    }

    fn outputs(&self) -> Texts {
        self.texts("studio", "OUT#", |item| {
            Some(body(item)["paid"]["BOOL"].to_string())
        })
    }

    fn spent(&self) -> Texts {
        self.texts("ledger", "SPENT#", |item| {
            Some(plain(&item.get("spent")?["N"])).filter(|spent| spent != "0")
        })
    }

    fn assets(&self) -> Texts {
        self.texts("studio", "AST#", |item| {
            let body = body(item);
            let due = item.get("due_at").map_or("never", |_at| "due");
            Some(format!(
                "{} version {} {due}",
                plain(&body["state"]["M"]["status"]["S"]),
                plain(&body["version"]["N"]),
            ))
        })
    }

    fn counters(&self) -> Texts {
        self.texts("studio", "QUOTA#", |item| {
            let number = |name: &str| item.get(name).map_or_else(|| "0".to_owned(), |n| plain(&n["N"]));
            Some(executor(&number("used"), &number("alerted"), &number("epoch")))
        })
        .into_iter()
        .filter(|(_, text)| *text != executor("0", "0", "0"))
        .collect()
    }

    fn log(&self) -> Texts {
        self.texts("studio", "USE#", |item| {
            let body = body(item);
            let back = &body["given_back_at"]["S"];
            let (quantity, epoch) = (plain(&body["quantity"]["N"]), plain(&body["epoch"]["N"]));
            Some(entry(
                &quantity,
                &epoch,
                back.as_str().map_or("used", |_at| "given back"),
            ))
        })
    }

    fn alerts(&self) -> Vec<String> {
        let items = self.database.items("studio", self.account, "ALERT#");
        items.into_iter().map(|(key, _)| key).collect()
    }

    fn notices(&self) -> usize {
        self.database.items("studio", self.account, "NOTE#").len()
    }

    fn days(&self) -> Texts {
        let mut days = Texts::new();
        for (day, item) in self.database.items("studio", self.account, "USAGE#") {
            for (name, value) in item {
                let number = value["N"].as_str().filter(|number| *number != "0");
                days.extend(number.map(|number| (format!("{day} {name}"), number.to_owned())));
            }
        }
        days
    }
}

fn body(item: &Item) -> Value {
    item.get("body").map_or(Value::Null, |body| body["M"].clone())
}

fn plain(value: &Value) -> String {
    value.as_str().unwrap_or("none").to_owned()
}

fn executor(used: &str, alerted: &str, epoch: &str) -> String {
    format!("{used} alerted_now {alerted} epoch {epoch}")
}

fn entry(quantity: &str, epoch: &str, back: &str) -> String {
    format!("{quantity} epoch {epoch}, {back}")
}

fn jobs(model: &Model) -> Texts {
    let jobs = model.jobs.iter().map(|(id, job)| {
        let state = match job.state {
            JobState::Pending | JobState::Processing => "pending",
            JobState::Completed => "completed",
            JobState::Failed => "failed",
            JobState::Cancelled => "cancelled",
        };
        let step = match job.step {
            StepState::Waiting => "waiting",
            StepState::Running => "running",
            StepState::Done => "done",
            StepState::Failed => "failed",
            StepState::Cancelled => "cancelled",
        };
        let charged = job.charged.map_or_else(|| "none".to_owned(), |n| n.to_string());
        let text = format!(
            "run {} {state} holds {} charged {charged} step {step}",
            job.run, job.held
        );
        (id.to_string(), text)
    });
    jobs.collect()
}

fn projects(model: &Model) -> Texts {
    let projects = model.projects.iter().map(|(id, known)| {
        let active = known
            .active
            .map_or_else(|| "none".to_owned(), |job| job.to_string());
        let text = format!("{} version {} active {active}", known.name, known.version);
        (id.to_string(), text)
    });
    projects.collect()
}

fn outputs(model: &Model) -> Texts {
    let outputs = model.outputs.iter();
    outputs
        .map(|(hash, is_paid)| (hash.to_string(), is_paid.to_string()))
        .collect()
}

fn spent(model: &Model) -> Texts {
    let spent = model.spent.iter().filter(|(_, spent)| **spent > 0);
    spent
        .map(|((month, key), spent)| (format!("{month}#{key}"), spent.to_string()))
        .collect()
}

fn assets(model: &Model) -> Texts {
    let assets = model.assets.iter().filter_map(|(id, asset)| {
        let asset = (*asset)?;
        let (status, due) = match asset.status {
            AssetStatus::Uploading(_) => ("uploading", "due"),
            AssetStatus::Checking => ("checking", "due"),
            AssetStatus::Ready => ("ready", "never"),
            AssetStatus::Refused => ("refused", "never"),
        };
        Some((
            id.to_string(),
            format!("{status} version {} {due}", asset.version),
        ))
    });
    assets.collect()
}

fn counters(model: &Model) -> Texts {
    let counts = model.quotas.counts.iter().map(|((kind, period), count)| {
        let [used, alerted, epoch] = [count.used, count.alerted, count.epoch].map(|n| n.to_string());
        (
            format!("{}#{period}", kind.as_str()),
            executor(&used, &alerted, &epoch),
        )
    });
    counts
        .filter(|(_, text)| *text != executor("0", "0", "0"))
        .collect()
}

fn log(model: &Model) -> Texts {
    let key = |kind: QuotaKind, resource: &str, id: &str| format!("{}#{resource}#{id}", kind.as_str());
    let log = model.quotas.log.iter();
    log.map(|((kind, resource, id), used)| {
        let [quantity, epoch] = [used.quantity, used.epoch].map(|n| n.to_string());
        (
            key(*kind, resource, id),
            entry(
                &quantity,
                &epoch,
                if used.is_given_back { "given back" } else { "used" },
            ),
        )
    })
    .collect()
}

fn alerts(model: &Model) -> Vec<String> {
    model.quotas.alerts.iter().cloned().collect()
}

fn days(model: &Model) -> Texts {
    let days = model.quotas.days.iter().filter(|(_, sum)| **sum != 0);
    days.map(|((day, name), sum)| (format!("{day} {name}"), sum.to_string()))
        .collect()
}
