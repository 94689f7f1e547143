//! A user pool in memory: it keeps the promises of the real one, and signs with nothing.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use api::{Entropy, Tokens};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::ports::{People, PortError, Session, Work};
use domain::{AccountId, ErrorCode, Failure, Timestamp};
use serde_json::json;

/// The code that every mail of the fake holds.
pub const CODE: &str = "123456";
/// Seconds that a token of the fake is good for.
pub const TOKEN_S: u32 = 3600;
/// Shortest password that the fake takes.
const PASSWORD_CHARS_MIN: usize = 8;

/// People who signed up, and the tokens they hold.
#[derive(Debug, Default)]
pub struct FakePeople {
    pool: Mutex<Pool>,
}

#[derive(Debug, Default)]
struct Pool {
    by_email: HashMap<String, Person>,
    refreshes: HashMap<String, u128>,
    access: HashMap<String, (u128, Timestamp)>,
    now: Option<Timestamp>,
    down: bool,
    minted: u32,
}

#[derive(Debug)]
struct Person {
    number: u128,
    password: String,
    confirmed: bool,
}

impl FakePeople {
    /// Sets the time that new tokens begin at.
    pub fn at(&self, now: Timestamp) {
        self.pool().now = Some(now);
    }

    /// From now on nothing answers.
    pub fn break_down(&self) {
        self.pool().down = true;
    }

    /// Adds a person who may log in; the account's id is that of `number`.
    pub fn confirmed(&self, email: &str, password: &str, number: u128) -> AccountId {
        self.unconfirmed(email, password, number);
        if let Some(person) = self.pool().by_email.get_mut(email) {
            person.confirmed = true;
        }
        AccountId::new(number.into())
    }

    /// Adds a person whose code is still in the mail.
    pub fn unconfirmed(&self, email: &str, password: &str, number: u128) {
        let person = Person {
            number,
            password: password.to_owned(),
            confirmed: false,
        };
        self.pool().by_email.insert(email.to_owned(), person);
    }

    /// A bearer token of an account, as a log-in would give it.
    pub fn token(&self, account: AccountId) -> String {
        self.pool().session(account.body().into()).access_token
    }

    fn pool(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn up(&self, doing: &'static str) -> Result<MutexGuard<'_, Pool>, PortError> {
        let pool = self.pool();
        if pool.down {
            Err(refused(ErrorCode::Unavailable, doing))
        } else {
            Ok(pool)
        }
    }
}

fn refused(code: ErrorCode, doing: &'static str) -> PortError {
    PortError {
        code,
        doing,
        source: None,
    }
}

/// The hyphenated UUID of the same 128 bits, as the pool writes a subject.
fn subject(number: u128) -> String {
    let mut text = format!("{number:032x}");
    for place in [20, 16, 12, 8] {
        text.insert(place, '-');
    }
    text
}

impl Pool {
    fn session(&mut self, number: u128) -> Session {
        self.minted += 1;
        let payload = json!({"sub": subject(number), "n": self.minted}).to_string();
        let access_token = format!("fake.{}.unsigned", URL_SAFE_NO_PAD.encode(payload));
        let end = self
            .now
            .unwrap_or(Timestamp::from_ms(crate::time::NOW_MS))
            .plus_s(TOKEN_S.into());
        self.access.insert(access_token.clone(), (number, end));
        Session {
            id_token: format!("id-{}", self.minted),
            access_token,
            refresh_token: None,
            expires_in_s: TOKEN_S,
        }
    }
}

impl People for FakePeople {
    fn sign_up<'a>(&'a self, email: &'a str, password: &'a str) -> Work<'a, Result<AccountId, PortError>> {
        Box::pin(async move {
            let mut pool = self.up("signing up")?;
            if pool.by_email.contains_key(email) {
                return Err(refused(ErrorCode::EmailTaken, "signing up"));
            }
            if password.chars().count() < PASSWORD_CHARS_MIN {
                return Err(refused(ErrorCode::PasswordRejected, "signing up"));
            }
            let number = 1000 + u128::try_from(pool.by_email.len()).unwrap_or_default();
            let person = Person {
                number,
                password: password.to_owned(),
                confirmed: false,
            };
            pool.by_email.insert(email.to_owned(), person);
            Ok(AccountId::new(number.into()))
        })
    }

    fn confirm<'a>(&'a self, email: &'a str, code: &'a str) -> Work<'a, Result<(), PortError>> {
        Box::pin(async move {
            let mut pool = self.up("confirming")?;
            match pool.by_email.get_mut(email) {
                Some(person) if code == CODE && !person.confirmed => {
                    person.confirmed = true;
                    Ok(())
                }
                _ => Err(refused(ErrorCode::VerificationFailed, "confirming")),
            }
        })
    }

    fn log_in<'a>(&'a self, email: &'a str, password: &'a str) -> Work<'a, Result<Session, PortError>> {
        Box::pin(async move {
            let mut pool = self.up("logging in")?;
            let number = match pool.by_email.get(email) {
                Some(person) if !person.confirmed => {
                    return Err(refused(ErrorCode::AccountNotConfirmed, "logging in"));
                }
                Some(person) if person.password == password => person.number,
                _ => return Err(refused(ErrorCode::Unauthenticated, "logging in")),
            };
            let refresh_token = format!("refresh-{}", pool.minted);
            pool.refreshes.insert(refresh_token.clone(), number);
            Ok(Session {
                refresh_token: Some(refresh_token),
                ..pool.session(number)
            })
        })
    }

    fn refresh<'a>(&'a self, refresh_token: &'a str) -> Work<'a, Result<Session, PortError>> {
        Box::pin(async move {
            let mut pool = self.up("refreshing")?;
            let number = pool.refreshes.get(refresh_token).copied();
            let number = number.ok_or_else(|| refused(ErrorCode::Unauthenticated, "refreshing"))?;
            Ok(pool.session(number))
        })
    }
}

impl Tokens for FakePeople {
    fn account<'a>(&'a self, token: &'a str, now: Timestamp) -> Work<'a, Result<AccountId, Failure>> {
        Box::pin(async move {
            let pool = self.up("reading the signer's keys")?;
            match pool.access.get(token) {
                Some((number, end)) if now < *end => Ok(AccountId::new((*number).into())),
                _ => Err(Failure::new(ErrorCode::Unauthenticated)),
            }
        })
    }
}

/// Bits that count up: every secret of a test is another, and the same in every run.
#[derive(Debug, Default)]
pub struct CountedEntropy(AtomicU8);

impl Entropy for CountedEntropy {
    fn bits(&self) -> [u8; 32] {
        [self.0.fetch_add(1, Ordering::Relaxed); 32]
    }
}
