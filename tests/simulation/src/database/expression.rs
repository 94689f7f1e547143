//! The expressions of DynamoDB that our store writes, read by a real grammar; anything else is refused.

use std::fmt;

use serde_json::{Map, Value};

use super::path::Path;

/// Attributes by name, as they stand in a request: `{"pk": {"S": "..."}}`.
pub(crate) type Item = Map<String, Value>;

/// Names and values of the placeholders of one request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words<'a> {
    pub(super) names: Option<&'a Item>,
    pub(super) values: Option<&'a Item>,
}

impl<'a> Words<'a> {
    pub(super) fn of(request: &'a Value) -> Self {
        Self {
            names: request["ExpressionAttributeNames"].as_object(),
            values: request["ExpressionAttributeValues"].as_object(),
        }
    }

    pub(super) fn value(self, placeholder: &str) -> Result<&'a Value, String> {
        self.values
            .and_then(|values| values.get(placeholder))
            .ok_or_else(|| format!("{placeholder} has no value"))
    }

    pub(super) fn name<'b>(self, word: &'b str) -> Result<&'b str, String>
    where
        'a: 'b,
    {
        if !word.starts_with('#') {
            return Ok(word);
        }
        self.names
            .and_then(|names| names.get(word))
            .and_then(Value::as_str)
            .ok_or_else(|| format!("{word} has no name"))
    }
}

/// A path or a value.
#[derive(Debug, Clone)]
pub(super) enum Operand {
    Path(Path),
    Value(String),
}

impl Operand {
    /// What it stands for; nothing for a path that leads nowhere.
    pub(super) fn of<'a>(&'a self, item: &'a Item, words: Words<'a>) -> Result<Option<&'a Value>, String> {
        match self {
            Self::Path(path) => path.find(item, words),
            Self::Value(placeholder) => words.value(placeholder).map(Some),
        }
    }
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Sign {
    fn holds(self, left: Option<&Value>, right: Option<&Value>) -> Result<bool, String> {
        let (Some(left), Some(right)) = (left, right) else {
            // Of what is not there, only a difference can be said.
            return Ok(self == Self::Unequal);
        };
        if matches!(self, Self::Equal | Self::Unequal) {
            return Ok(equal(left, right)? == (self == Self::Equal));
        }
        let Some(order) = order(left, right)? else {
            return Ok(false);
        };
        Ok(match self {
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            _ => order.is_ge(),
        })
    }
}

/// A condition, or a part of one.
#[derive(Debug, Clone)]
pub(super) enum Test {
    Any(Vec<Self>),
    All(Vec<Self>),
    Not(Box<Self>),
    Compare(Operand, Sign, Operand),
    In(Operand, Vec<Operand>),
    Exists(Path),
    Absent(Path),
    BeginsWith(Operand, Operand),
}

impl Test {
    pub(super) fn holds(&self, item: &Item, words: Words<'_>) -> Result<bool, String> {
        match self {
            Self::Any(tests) => {
                let mut any = false;
                for test in tests {
                    any |= test.holds(item, words)?;
                }
                Ok(any)
            }
            Self::All(tests) => {
                let mut all = true;
                for test in tests {
                    all &= test.holds(item, words)?;
                }
                Ok(all)
            }
            Self::Not(test) => test.holds(item, words).map(|holds| !holds),
            Self::Compare(left, sign, right) => sign.holds(left.of(item, words)?, right.of(item, words)?),
            Self::In(operand, list) => {
                let left = operand.of(item, words)?;
                let mut any = false;
                for other in list {
                    any |= Sign::Equal.holds(left, other.of(item, words)?)?;
                }
                Ok(any)
            }
            Self::Exists(path) => path.find(item, words).map(|found| found.is_some()),
            Self::Absent(path) => path.find(item, words).map(|found| found.is_none()),
            Self::BeginsWith(operand, prefix) => {
                let texts = (operand.of(item, words)?, prefix.of(item, words)?);
                let texts = (texts.0.and_then(text), texts.1.and_then(text));
                Ok(matches!(texts, (Some(whole), Some(start)) if whole.starts_with(start)))
            }
        }
    }
}

/// The clauses of a condition that must all hold, so that each can be switched off alone.
#[derive(Debug, Clone)]
pub(super) struct Condition {
    pub(super) clauses: Vec<Test>,
}

impl Condition {
    pub(super) fn of(test: Test) -> Self {
        match test {
            Test::All(clauses) => Self { clauses },
            other => Self { clauses: vec![other] },
        }
    }
}

impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => path.fmt(f),
            Self::Value(placeholder) => f.write_str(placeholder),
        }
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |tests: &[Self], word: &str| {
            let tests: Vec<String> = tests.iter().map(ToString::to_string).collect();
            tests.join(word)
        };
        match self {
            Self::Any(tests) => f.write_str(&joined(tests, " or ")),
            Self::All(tests) => f.write_str(&joined(tests, " and ")),
            Self::Not(test) => write!(f, "not {test}"),
            Self::Compare(left, sign, right) => {
                let sign = match sign {
                    Sign::Equal => "=",
                    Sign::Unequal => "<>",
                    Sign::Less => "<",
                    Sign::LessOrEqual => "<=",
                    Sign::Greater => ">",
                    Sign::GreaterOrEqual => ">=",
                };
                write!(f, "{left} {sign} {right}")
            }
            Self::In(operand, list) => {
                let list: Vec<String> = list.iter().map(ToString::to_string).collect();
                write!(f, "{operand} in {}", list.join(", "))
            }
            Self::Exists(path) => write!(f, "{path} exists"),
            Self::Absent(path) => write!(f, "{path} is absent"),
            Self::BeginsWith(operand, prefix) => write!(f, "{operand} begins with {prefix}"),
        }
    }
}

/// The text of a `{"S": ...}`.
pub(super) fn text(value: &Value) -> Option<&str> {
    value.get("S").and_then(Value::as_str)
}

/// The number of an `{"N": ...}`; our own are whole.
pub(super) fn number(value: &Value) -> Result<Option<i128>, String> {
    let digits = value.get("N").and_then(Value::as_str);
    digits
        .map(|digits| {
            digits
                .parse()
                .map_err(|_why| format!("{digits} is not a whole number"))
        })
        .transpose()
}

fn equal(left: &Value, right: &Value) -> Result<bool, String> {
    match (number(left)?, number(right)?) {
        (Some(left), Some(right)) => Ok(left == right),
        (None, None) => Ok(left == right),
        _ => Ok(false),
    }
}

fn order(left: &Value, right: &Value) -> Result<Option<std::cmp::Ordering>, String> {
    if let (Some(left), Some(right)) = (number(left)?, number(right)?) {
        return Ok(Some(left.cmp(&right)));
    }
    Ok(match (text(left), text(right)) {
        (Some(left), Some(right)) => Some(left.as_bytes().cmp(right.as_bytes())),
        _ => None,
    })
}
