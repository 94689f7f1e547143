//! A customer's program: reads the stack's address, calls the API, waits for jobs.

use std::path::PathBuf;
use std::time::Duration;

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Longest wait for one job; a 20 s video takes less than a minute on two cores, several at once take longer.
const JOB_WAIT: Duration = Duration::from_mins(8);

/// The stack's media tools are shared: journeys hold this open, a test of faults has it alone.
static TOOLS: RwLock<()> = RwLock::const_new(());

/// Held by a test whose jobs need every tool.
pub(super) async fn tools_stay() -> RwLockReadGuard<'static, ()> {
    TOOLS.read().await
}

/// Held by a test that takes a tool away.
pub(super) async fn tools_change() -> RwLockWriteGuard<'static, ()> {
    TOOLS.write().await
}

/// What `.local/.../stack.json` says.
pub(super) struct Stack {
    values: Value,
    http: reqwest::Client,
}

/// Credentials of one call.
#[derive(Clone)]
pub(super) enum Auth {
    /// None at all.
    Nobody,
    /// An API key.
    Key(String),
    /// An access token.
    Bearer(String),
}

/// Status and body of an answer.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: reqwest::header::HeaderMap,
    pub(super) body: Value,
}

impl Answer {
    /// `data` of a successful answer.
    pub(super) fn data(&self) -> &Value {
        assert_eq!(self.body["success"], true, "{} {}", self.status, self.body);
        &self.body["data"]
    }

    /// `(status, code)` of a refusal.
    pub(super) fn refusal(&self) -> (u16, &str) {
        assert_eq!(self.body["success"], false, "{} {}", self.status, self.body);
        (
            self.status.as_u16(),
            self.body["error"]["code"].as_str().expect("a code"),
        )
    }
}

impl Stack {
    /// The stack that `make e2e` started.
    #[expect(
        clippy::disallowed_methods,
        reason = "the test program's own seam to its environment"
    )]
    pub(super) fn connect() -> Self {
        let path =
            std::env::var("REELSMITH_STACK").expect("REELSMITH_STACK names stack.json: run `make e2e`");
        let text = std::fs::read_to_string(&path).unwrap_or_else(|cause| panic!("{path}: {cause}"));
        let http = reqwest::Client::builder()
            .timeout(Duration::from_mins(1))
            .build()
            .expect("a client");
        Self {
            values: serde_json::from_str(&text).expect("JSON"),
            http,
        }
    }

    /// One value of `stack.json`.
    pub(super) fn value(&self, name: &str) -> String {
        self.values[name]
            .as_str()
            .unwrap_or_else(|| panic!("stack.json has no {name}"))
            .to_owned()
    }

    /// The folder of the stack's media tools; tests of faults move one away.
    pub(super) fn tool(&self, name: &str) -> PathBuf {
        PathBuf::from(self.value("tools_dir")).join(name)
    }

    /// The seeded customer.
    pub(super) fn customer(&self) -> Auth {
        Auth::Key(self.value("api_key"))
    }

    /// Calls the API.
    pub(super) async fn call(&self, auth: &Auth, method: Method, path: &str, body: Option<Value>) -> Answer {
        let request = self.request(auth, method, path);
        match body {
            Some(body) => answer(request.json(&body)).await,
            None => answer(request).await,
        }
    }

    /// Posts nothing but an `Idempotency-Key`.
    pub(super) async fn post_keyed(&self, auth: &Auth, path: &str, key: &str) -> Answer {
        answer(
            self.request(auth, Method::POST, path)
                .header("idempotency-key", key),
        )
        .await
    }

    /// Reads what is not of this version any more.
    pub(super) async fn get_if_other(&self, auth: &Auth, path: &str, tag: &str) -> Answer {
        let request = self.request(auth, Method::GET, path);
        answer(request.header("if-none-match", tag)).await
    }

    /// Changes what is still of this version.
    pub(super) async fn patch_if_same(&self, auth: &Auth, path: &str, tag: &str, body: &Value) -> Answer {
        let request = self.request(auth, Method::PATCH, path).json(body);
        answer(request.header("if-match", tag)).await
    }

    /// Reads a path that does not begin with `/v1`, without credentials.
    pub(super) async fn get_outside(&self, path: &str) -> Answer {
        answer(self.http.get(format!("{}{path}", self.value("api_url")))).await
    }

    fn request(&self, auth: &Auth, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}/v1{path}", self.value("api_url"));
        let request = self.http.request(method, url);
        match auth {
            Auth::Nobody => request,
            Auth::Key(key) => request.header("x-api-key", key),
            Auth::Bearer(token) => request.bearer_auth(token),
        }
    }

    pub(super) async fn get(&self, auth: &Auth, path: &str) -> Answer {
        self.call(auth, Method::GET, path, None).await
    }

    pub(super) async fn post(&self, auth: &Auth, path: &str, body: Value) -> Answer {
        self.call(auth, Method::POST, path, Some(body)).await
    }

    /// The address of a newcomer.
    pub(super) fn address(name: &str) -> String {
        format!("{name}-{}@example.com", std::process::id())
    }

    /// Signs a new person up, with the code from the mail; they have the gift of 100 credits.
    pub(super) async fn newcomer(&self, name: &str) -> Auth {
        let (email, password) = (Self::address(name), "Honey-4-bees!");
        let signed = self.post_public("/auth/signup", json!({ "email": email })).await;
        assert!(signed.status.is_success(), "{}", signed.body);
        let code = self.mailed_code(&email).await;
        let confirmed = self
            .post_public(
                "/auth/confirm",
                json!({"email": email, "code": code, "password": password}),
            )
            .await;
        assert!(confirmed.status.is_success(), "{}", confirmed.body);
        let login = self
            .post_public("/auth/login", json!({"email": email, "password": password}))
            .await;
        Auth::Bearer(login.data()["access_token"].as_str().expect("a token").to_owned())
    }

    /// Posts without credentials; all tests together are one address, so it waits when that address has to.
    pub(super) async fn post_public(&self, path: &str, body: Value) -> Answer {
        loop {
            let answer = self.post(&Auth::Nobody, path, body.clone()).await;
            if answer.status.as_u16() != 429 {
                return answer;
            }
            let wait = answer.body["error"]["details"]["retry_after_s"].as_u64();
            tokio::time::sleep(Duration::from_secs(wait.expect("a wait"))).await;
        }
    }

    /// The code of the latest mail to an address.
    pub(super) async fn mailed_code(&self, email: &str) -> String {
        let url = format!("{}/_ministack/ses/messages", self.value("endpoint"));
        let mails = self
            .http
            .get(url)
            .send()
            .await
            .expect("mails")
            .text()
            .await
            .expect("a body");
        let mails: Value = serde_json::from_str(&mails).expect("JSON");
        // By cloud account, then in the order they were sent.
        let sent = mails["messages"]
            .as_object()
            .into_iter()
            .flat_map(|accounts| accounts.values());
        let mail = sent
            .flat_map(|list| list.as_array().into_iter().flatten())
            .rfind(|mail| mail["To"][0] == email)
            .unwrap_or_else(|| panic!("no mail for {email}"));
        let text = mail["BodyText"].as_str().expect("a text");
        text.split(|c: char| !c.is_ascii_digit())
            .find(|digits| digits.len() == 6)
            .expect("a code")
            .to_owned()
    }

    /// Makes a project and answers with its id.
    pub(super) async fn project(&self, auth: &Auth, settings: Value) -> String {
        let answer = self.post(auth, "/projects", json!({"settings": settings})).await;
        answer.data()["id"].as_str().expect("an id").to_owned()
    }

    /// Starts `kind` on a project and answers with the job's id.
    pub(super) async fn start(&self, auth: &Auth, project: &str, kind: &str) -> String {
        let answer = self
            .call(auth, Method::POST, &format!("/projects/{project}/{kind}"), None)
            .await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
        answer.data()["job_id"].as_str().expect("an id").to_owned()
    }

    /// The job's status now.
    pub(super) async fn status(&self, auth: &Auth, project: &str, job: &str) -> Value {
        self.get(auth, &format!("/projects/{project}/generation-status/{job}"))
            .await
            .data()
            .clone()
    }

    /// Asks for the status until the job has ended.
    pub(super) async fn ended(&self, auth: &Auth, project: &str, job: &str) -> Value {
        tokio::time::timeout(JOB_WAIT, self.ask_until_ended(auth, project, job))
            .await
            .expect("the job ends")
    }

    async fn ask_until_ended(&self, auth: &Auth, project: &str, job: &str) -> Value {
        loop {
            let status = self.status(auth, project, job).await;
            if status["status"] == "completed" || status["status"] == "failed" {
                return status;
            }
            tokio::time::sleep(Duration::from_millis(1500)).await;
        }
    }

    /// Available and held credits.
    pub(super) async fn balance(&self, auth: &Auth) -> (u64, u64) {
        let answer = self.get(auth, "/credit/balance").await;
        let credits = |name: &str| answer.data()[name].as_u64().expect("credits");
        (credits("available"), credits("held"))
    }

    /// Uploads as an asset's `upload` says.
    pub(super) async fn upload(&self, upload: &Value, bytes: Vec<u8>) -> StatusCode {
        let url = upload["url"].as_str().expect("a link");
        let headers = upload["headers"].as_object().expect("headers");
        let request = self.http.put(url).body(bytes);
        let request = headers.iter().fold(request, |request, (name, value)| {
            request.header(name, value.as_str().expect("a header"))
        });
        request.send().await.expect("the bucket answers").status()
    }

    /// Downloads a link that needs no credentials.
    pub(super) async fn download(&self, link: &str) -> Vec<u8> {
        let answer = self.http.get(link).send().await.expect("the link answers");
        assert_eq!(answer.status(), StatusCode::OK);
        answer.bytes().await.expect("bytes").to_vec()
    }
}

async fn answer(request: RequestBuilder) -> Answer {
    let answer = request.send().await.expect("the API answers");
    let (status, headers) = (answer.status(), answer.headers().clone());
    let text = answer.text().await.expect("a body");
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    Answer {
        status,
        headers,
        body,
    }
}
