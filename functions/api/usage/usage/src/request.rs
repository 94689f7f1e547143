//! The request that counts use.

use std::collections::BTreeSet;

use domain::{Invalid, QuotaKind};
use serde::Deserialize;
use store::{Consumption, UsedFor};
use utoipa::ToSchema;

/// Most resources of one call: the transaction of all of them stays far below DynamoDB's 100 parts.
const ITEMS_MAX: usize = 20;
/// Most of one kind for one resource: more is a slip of a program.
const QUANTITY_MAX: u64 = 1_000_000;
/// Longest type and id of a resource, in characters.
const TYPE_CHARS_MAX: usize = 40;
const ID_CHARS_MAX: usize = 200;

/// Kinds that a caller counts by itself; the others are counted by the work that uses them.
const KINDS: [QuotaKind; 2] = [QuotaKind::AiRequest, QuotaKind::Upload];

/// Use to be counted: all of it or nothing.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConsumeRequest {
    /// 1 to 20, each resource once per kind.
    #[schema(min_items = 1, max_items = 20)]
    items: Vec<ConsumeItem>,
}

/// Use of one kind for one resource.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConsumeItem {
    /// `ai_request` or `upload`.
    kind: QuotaKind,
    /// 1 to 1,000,000; 1 when absent.
    #[schema(minimum = 1, maximum = 1_000_000)]
    quantity: Option<u64>,
    /// Type of the caller's resource: lower-case letters, digits, `-` and `_`.
    #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
    resource_type: String,
    /// Id of the resource within its type: printable ASCII without spaces and `#`. The same resource is counted once;
    /// with another quantity it is refused.
    #[schema(pattern = "^[!-\"$-~]{1,200}$")]
    resource_id: String,
}

impl ConsumeRequest {
    /// What is to be consumed.
    ///
    /// # Errors
    /// [`Invalid`] with the item's field.
    pub(crate) fn parse(self) -> Result<Vec<Consumption>, Invalid> {
        if !(1..=ITEMS_MAX).contains(&self.items.len()) {
            return Err(Invalid::new(
                "items",
                "range",
                &format!("must be 1 to {ITEMS_MAX}"),
            ));
        }
        let mut wanted = Vec::new();
        let mut seen = BTreeSet::new();
        for (place, item) in self.items.into_iter().enumerate() {
            let one = item
                .parse()
                .map_err(|invalid| invalid.within(&format!("items[{place}]")))?;
            if !seen.insert((one.kind, one.used_for.clone())) {
                return Err(Invalid::new(
                    "items",
                    "repeated",
                    "must name each resource once per kind",
                ));
            }
            wanted.push(one);
        }
        Ok(wanted)
    }
}

impl ConsumeItem {
    fn parse(self) -> Result<Consumption, Invalid> {
        if !KINDS.contains(&self.kind) {
            return Err(Invalid::new(
                "kind",
                "not_countable",
                "must be of: ai_request upload",
            ));
        }
        let quantity = self.quantity.unwrap_or(1);
        if !(1..=QUANTITY_MAX).contains(&quantity) {
            return Err(Invalid::new(
                "quantity",
                "range",
                &format!("must be 1 to {QUANTITY_MAX}"),
            ));
        }
        let is_type = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
        let r#type = word("resource_type", &self.resource_type, TYPE_CHARS_MAX, is_type)?;
        let is_id = |c: char| c.is_ascii_graphic() && c != '#';
        let id = word("resource_id", &self.resource_id, ID_CHARS_MAX, is_id)?;
        Ok(Consumption {
            kind: self.kind,
            quantity,
            // Apart from our own types, so that nobody's word for a thing can hide one of ours.
            used_for: UsedFor::new(&format!("own.{type}"), id),
        })
    }
}

fn word<'a>(
    field: &str,
    text: &'a str,
    chars_max: usize,
    allowed: impl Fn(char) -> bool,
) -> Result<&'a str, Invalid> {
    if (1..=chars_max).contains(&text.len()) && text.chars().all(allowed) {
        Ok(text)
    } else {
        let message = format!("must be 1 to {chars_max} characters of those allowed");
        Err(Invalid::new(field, "characters", &message))
    }
}
