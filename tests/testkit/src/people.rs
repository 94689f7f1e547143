//! A user pool in memory: it keeps the promises of the real one, and signs with nothing.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use api::tokens::Bearer;
use api::{Entropy, Tokens};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::password::PASSWORD_CHARS_MIN;
use domain::ports::{People, PortError, Session, Work};
use domain::{AccountId, ErrorCode, Failure, Timestamp};
use serde_json::json;

/// The code of every sign-up.
pub const CODE: &str = "123456";
/// The code of every new password.
pub const RESET_CODE: &str = "654321";
/// Seconds that a token of the fake is good for.
pub const TOKEN_S: u32 = 3600;
/// People who signed up, and the tokens they hold.
#[derive(Debug, Default)]
pub struct FakePeople {
    pool: Mutex<Pool>,
}

#[derive(Debug, Default)]
struct Pool {
    by_email: HashMap<String, Person>,
    refreshes: HashMap<String, u128>,
    access: HashMap<String, (Bearer, Timestamp)>,
    mails: Vec<(String, &'static str)>,
    now: Option<Timestamp>,
    down: bool,
    minted: u32,
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "two facts of a person that do not depend on each other"
)]
#[derive(Debug)]
struct Person {
    number: u128,
    /// None is a password that nobody knows.
    password: Option<String>,
    confirmed: bool,
    /// Whether a code for a new password is in the mail.
    forgot: bool,
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
        let person = Person {
            number,
            password: Some(password.to_owned()),
            confirmed: true,
            forgot: false,
        };
        let mut pool = self.pool();
        // A number is one person, whatever their address was.
        pool.by_email.retain(|_, other| other.number != number);
        pool.by_email.insert(email.to_owned(), person);
        AccountId::new(number.into())
    }

    /// Adds a person whose code is still in the mail.
    pub fn unconfirmed(&self, email: &str, number: u128) {
        let person = Person {
            number,
            password: None,
            confirmed: false,
            forgot: false,
        };
        self.pool().by_email.insert(email.to_owned(), person);
    }

    /// A bearer token of an account, as a log-in would give it.
    pub fn token(&self, account: AccountId) -> String {
        self.pool().session(account.body().into()).access_token
    }

    /// Addresses to which codes were mailed, with the code, since the last call.
    pub fn mails(&self) -> Vec<(String, &'static str)> {
        std::mem::take(&mut self.pool().mails)
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
    /// Tokens of a log-in of their own.
    fn session(&mut self, number: u128) -> Session {
        self.minted += 1;
        let issued_at = self.now.unwrap_or(Timestamp::from_ms(crate::time::NOW_MS));
        let end = issued_at.plus_s(TOKEN_S.into());
        let session = format!("log-in {}", self.minted);
        let claims = json!({
            "sub": subject(number), "n": self.minted, "origin_jti": session, "exp": end.as_s(),
        });
        let access_token = format!("fake.{}.unsigned", URL_SAFE_NO_PAD.encode(claims.to_string()));
        let bearer = Bearer {
            account: AccountId::new(number.into()),
            session: Some(session),
            issued_at,
        };
        self.access.insert(access_token.clone(), (bearer, end));
        Session {
            id_token: format!("id-{}", self.minted),
            access_token,
            refresh_token: None,
            expires_in_s: TOKEN_S,
        }
    }

    /// The person of an access token: also of one that the fake has not minted, as the samples have.
    fn person_of(&mut self, access_token: &str) -> Option<&mut Person> {
        let payload = access_token.split('.').nth(1)?;
        let claims = URL_SAFE_NO_PAD.decode(payload).ok()?;
        let claims: serde_json::Value = serde_json::from_slice(&claims).ok()?;
        let person = claims["sub"].as_str()?.to_owned();
        self.by_email
            .values_mut()
            .find(|known| subject(known.number) == person)
    }

    fn mail(&mut self, email: &str, code: &'static str) {
        self.mails.push((email.to_owned(), code));
    }
}

impl People for FakePeople {
    fn sign_up<'a>(&'a self, email: &'a str) -> Work<'a, Result<(), PortError>> {
        Box::pin(async move {
            let mut pool = self.up("signing up")?;
            let number = 1000 + u128::try_from(pool.by_email.len()).unwrap_or_default();
            let person = pool.by_email.entry(email.to_owned()).or_insert(Person {
                number,
                password: None,
                confirmed: false,
                forgot: false,
            });
            person.forgot = person.confirmed;
            let code = if person.confirmed { RESET_CODE } else { CODE };
            pool.mail(email, code);
            Ok(())
        })
    }

    fn resend<'a>(&'a self, email: &'a str) -> Work<'a, Result<(), PortError>> {
        Box::pin(async move {
            let mut pool = self.up("mailing a code again")?;
            if pool.by_email.get(email).is_some_and(|person| !person.confirmed) {
                pool.mail(email, CODE);
            }
            Ok(())
        })
    }

    fn confirm<'a>(
        &'a self,
        email: &'a str,
        code: &'a str,
        password: &'a str,
    ) -> Work<'a, Result<AccountId, PortError>> {
        Box::pin(async move {
            let mut pool = self.up("confirming")?;
            match pool.by_email.get_mut(email) {
                Some(person) if code == CODE && !person.confirmed => {
                    person.confirmed = true;
                    person.take(password, "confirming")
                }
                Some(person) if code == RESET_CODE && person.forgot => person.take(password, "confirming"),
                _ => Err(refused(ErrorCode::VerificationFailed, "confirming")),
            }
        })
    }

    fn log_in<'a>(&'a self, email: &'a str, password: &'a str) -> Work<'a, Result<Session, PortError>> {
        Box::pin(async move {
            let mut pool = self.up("logging in")?;
            let number = match pool.by_email.get(email) {
                Some(person) if person.confirmed && person.password.as_deref() == Some(password) => {
                    person.number
                }
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

    fn forgot<'a>(&'a self, email: &'a str) -> Work<'a, Result<(), PortError>> {
        Box::pin(async move {
            let mut pool = self.up("mailing a code for a new password")?;
            let known = pool.by_email.get_mut(email).filter(|person| person.confirmed);
            if let Some(person) = known {
                person.forgot = true;
                pool.mail(email, RESET_CODE);
            }
            Ok(())
        })
    }

    fn reset<'a>(
        &'a self,
        email: &'a str,
        code: &'a str,
        password: &'a str,
    ) -> Work<'a, Result<AccountId, PortError>> {
        Box::pin(async move {
            let doing = "setting a new password";
            let mut pool = self.up(doing)?;
            let person = pool.by_email.get_mut(email);
            let person = person
                .filter(|person| code == RESET_CODE && person.forgot)
                .ok_or_else(|| refused(ErrorCode::VerificationFailed, doing))?;
            let account = person.take(password, doing)?;
            let number = person.number;
            pool.refreshes.retain(|_, owner| *owner != number);
            Ok(account)
        })
    }

    fn change_password<'a>(
        &'a self,
        access_token: &'a str,
        before: &'a str,
        after: &'a str,
    ) -> Work<'a, Result<(), PortError>> {
        Box::pin(async move {
            let doing = "changing a password";
            let mut pool = self.up(doing)?;
            let person = pool.person_of(access_token);
            let person = person
                .filter(|person| person.password.as_deref() == Some(before))
                .ok_or_else(|| refused(ErrorCode::PasswordWrong, doing))?;
            person.take(after, doing).map(drop)
        })
    }

    fn log_out<'a>(&'a self, refresh_token: &'a str) -> Work<'a, Result<(), PortError>> {
        Box::pin(async move {
            let mut pool = self.up("logging out")?;
            pool.refreshes.remove(refresh_token);
            Ok(())
        })
    }

    fn log_out_everywhere<'a>(&'a self, access_token: &'a str) -> Work<'a, Result<(), PortError>> {
        Box::pin(async move {
            let mut pool = self.up("logging out")?;
            if let Some(number) = pool.person_of(access_token).map(|person| person.number) {
                pool.refreshes.retain(|_, owner| *owner != number);
            }
            Ok(())
        })
    }
}

impl Person {
    /// The pool's own rule is the shortest length; everything else is checked before it is asked.
    fn take(&mut self, password: &str, doing: &'static str) -> Result<AccountId, PortError> {
        if password.chars().count() < PASSWORD_CHARS_MIN {
            return Err(refused(ErrorCode::PasswordRejected, doing));
        }
        self.password = Some(password.to_owned());
        self.forgot = false;
        Ok(AccountId::new(self.number.into()))
    }
}

impl Tokens for FakePeople {
    fn bearer<'a>(&'a self, token: &'a str, now: Timestamp) -> Work<'a, Result<Bearer, Failure>> {
        Box::pin(async move {
            let pool = self.up("reading the signer's keys")?;
            match pool.access.get(token) {
                Some((bearer, end)) if now < *end => Ok(bearer.clone()),
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
