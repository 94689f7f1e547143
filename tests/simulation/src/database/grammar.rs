//! From the text of an expression to what it means.

use super::expression::{Condition, Operand, Sign, Test};
use super::path::Path;
use super::update::{Source, Term, Update};

/// Reads a condition.
///
/// # Errors
/// What is not of the grammar.
pub(super) fn condition(text: &str) -> Result<Condition, String> {
    let mut reader = Reader::of(text)?;
    let whole = reader.any()?;
    reader.end()?;
    Ok(Condition::of(whole))
}

/// Reads an update.
///
/// # Errors
/// What is not of the grammar.
pub(super) fn update(text: &str) -> Result<Update, String> {
    let mut reader = Reader::of(text)?;
    let mut update = Update::default();
    while let Some(word) = reader.next() {
        match word.as_str() {
            "SET" => reader.list(|reader| {
                let path = reader.path()?;
                reader.expect("=")?;
                update.set.push((path, reader.source()?));
                Ok(())
            })?,
            "REMOVE" => reader.list(|reader| {
                update.remove.push(reader.path()?);
                Ok(())
            })?,
            "ADD" => reader.list(|reader| {
                let path = reader.path()?;
                update.add.push((path, reader.operand()?));
                Ok(())
            })?,
            other => return Err(format!("no clause {other}")),
        }
    }
    Ok(update)
}

/// The words of an expression that are still to be read, the next one last.
struct Reader {
    words: Vec<String>,
}

impl Reader {
    fn of(text: &str) -> Result<Self, String> {
        let mut words = Vec::new();
        let mut rest = text.trim_start();
        while let Some(first) = rest.chars().next() {
            let is_word = |c: char| c.is_ascii_alphanumeric() || "_#:".contains(c);
            let length = if is_word(first) {
                rest.find(|c| !is_word(c)).unwrap_or(rest.len())
            } else if rest.starts_with("<=") || rest.starts_with(">=") || rest.starts_with("<>") {
                2
            } else if "()=<>,.+-".contains(first) {
                1
            } else {
                return Err(format!("no sign {first:?}"));
            };
            let (word, after) = rest.split_at(length);
            words.push(word.to_owned());
            rest = after.trim_start();
        }
        words.reverse();
        Ok(Self { words })
    }

    fn next(&mut self) -> Option<String> {
        self.words.pop()
    }

    fn peek(&self) -> &str {
        self.words.last().map_or("", String::as_str)
    }

    fn take(&mut self, word: &str) -> bool {
        let is_next = self.peek() == word;
        if is_next {
            self.words.pop();
        }
        is_next
    }

    fn expect(&mut self, word: &str) -> Result<(), String> {
        if self.take(word) {
            Ok(())
        } else {
            Err(format!("{word} expected before {:?}", self.peek()))
        }
    }

    fn end(&self) -> Result<(), String> {
        if self.words.is_empty() {
            Ok(())
        } else {
            Err(format!("{:?} is too much", self.peek()))
        }
    }

    fn list(&mut self, mut entry: impl FnMut(&mut Self) -> Result<(), String>) -> Result<(), String> {
        entry(self)?;
        while self.take(",") {
            entry(self)?;
        }
        Ok(())
    }

    fn any(&mut self) -> Result<Test, String> {
        let mut tests = vec![self.all()?];
        while self.take("OR") {
            tests.push(self.all()?);
        }
        Ok(one_or(tests, Test::Any))
    }

    fn all(&mut self) -> Result<Test, String> {
        let mut tests = vec![self.one()?];
        while self.take("AND") {
            tests.push(self.one()?);
        }
        Ok(one_or(tests, Test::All))
    }

    fn one(&mut self) -> Result<Test, String> {
        if self.take("NOT") {
            return Ok(Test::Not(Box::new(self.one()?)));
        }
        if self.take("(") {
            let test = self.any()?;
            self.expect(")")?;
            return Ok(test);
        }
        if self.take("attribute_exists") {
            return self.path_in_brackets().map(Test::Exists);
        }
        if self.take("attribute_not_exists") {
            return self.path_in_brackets().map(Test::Absent);
        }
        if self.take("begins_with") {
            self.expect("(")?;
            let operand = self.operand()?;
            self.expect(",")?;
            let prefix = self.operand()?;
            self.expect(")")?;
            return Ok(Test::BeginsWith(operand, prefix));
        }
        let left = self.operand()?;
        self.comparison(left)
    }

    fn path_in_brackets(&mut self) -> Result<Path, String> {
        self.expect("(")?;
        let path = self.path()?;
        self.expect(")")?;
        Ok(path)
    }

    fn comparison(&mut self, left: Operand) -> Result<Test, String> {
        let sign = match self.next().unwrap_or_default().as_str() {
            "=" => Sign::Equal,
            "<>" => Sign::Unequal,
            "<" => Sign::Less,
            "<=" => Sign::LessOrEqual,
            ">" => Sign::Greater,
            ">=" => Sign::GreaterOrEqual,
            "IN" => {
                self.expect("(")?;
                let mut list = Vec::new();
                self.list(|reader| {
                    list.push(reader.operand()?);
                    Ok(())
                })?;
                self.expect(")")?;
                return Ok(Test::In(left, list));
            }
            "BETWEEN" => {
                let low = self.operand()?;
                self.expect("AND")?;
                let high = self.operand()?;
                return Ok(Test::All(vec![
                    Test::Compare(left.clone(), Sign::GreaterOrEqual, low),
                    Test::Compare(left, Sign::LessOrEqual, high),
                ]));
            }
            other => return Err(format!("no comparison {other}")),
        };
        Ok(Test::Compare(left, sign, self.operand()?))
    }

    fn operand(&mut self) -> Result<Operand, String> {
        if self.peek().starts_with(':') {
            return self.next().map(Operand::Value).ok_or_else(String::new);
        }
        self.path().map(Operand::Path)
    }

    fn path(&mut self) -> Result<Path, String> {
        let mut words = Vec::new();
        loop {
            let word = self.next().unwrap_or_default();
            let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '#';
            if word.is_empty() || !word.chars().all(is_name) {
                return Err(format!("a path expected before {word:?}"));
            }
            words.push(word);
            if self.peek() == "(" {
                return Err(format!("no function {}", words.join(".")));
            }
            if !self.take(".") {
                return Ok(Path(words));
            }
        }
    }

    fn source(&mut self) -> Result<Source, String> {
        let first = self.term()?;
        if self.take("+") {
            return Ok(Source::Sum(first, self.term()?));
        }
        if self.take("-") {
            return Ok(Source::Difference(first, self.term()?));
        }
        Ok(Source::Term(first))
    }

    fn term(&mut self) -> Result<Term, String> {
        if self.take("if_not_exists") {
            self.expect("(")?;
            let path = self.path()?;
            self.expect(",")?;
            let other = self.operand()?;
            self.expect(")")?;
            return Ok(Term::IfAbsent(path, other));
        }
        self.operand().map(Term::Operand)
    }
}

fn one_or(mut tests: Vec<Test>, many: impl FnOnce(Vec<Test>) -> Test) -> Test {
    if tests.len() == 1 {
        tests.remove(0)
    } else {
        many(tests)
    }
}
