//! AWS clients: one loader for credentials, retries, time-outs and a dated behaviour version.
//!
//! No code asks which cloud it is on: an endpoint comes from the SDK's own `AWS_ENDPOINT_URL`, and S3 is always
//! addressed by path, which AWS and every emulator understand.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use objects::S3Objects;
use secrecy::SecretString;
use store::{Store, Tables};

use crate::{CognitoPeople, CognitoTokens, Env, SesMail, SqsQueue, StartError, StepFunctions};

/// Reaching a service inside one region takes milliseconds; more is a broken path.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// One try of a small call. DynamoDB's slowest answers are under a second.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(4);
/// All tries of a small call: below the 29 seconds of an HTTP API's integration.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(15);
/// One try of a media transfer: 200 MB at 2 MB/s.
const MEDIA_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(100);
/// All tries of a media transfer.
const MEDIA_OPERATION_TIMEOUT: Duration = Duration::from_mins(5);
/// Tries of one call; the back-off between them is the SDK's, with jitter.
const TRIES: u32 = 3;

/// Clients of the account that a function runs in.
#[derive(Debug, Clone)]
pub struct Aws {
    config: SdkConfig,
}

/// The clients' shared configuration; loaded once per [`Env`].
pub async fn aws(env: &Env) -> Aws {
    let config = env
        .sdk
        .get_or_init(|| {
            // Boxed: the loader's future is large and runs once.
            Box::pin(
                aws_config::defaults(BehaviorVersion::v2026_01_12())
                    .retry_config(RetryConfig::standard().with_max_attempts(TRIES))
                    .timeout_config(time_outs(ATTEMPT_TIMEOUT, OPERATION_TIMEOUT))
                    .load(),
            )
        })
        .await
        .clone();
    Aws { config }
}

fn time_outs(attempt: Duration, operation: Duration) -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(attempt)
        .operation_timeout(operation)
        .build()
}

impl Aws {
    /// A client of DynamoDB.
    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        aws_sdk_dynamodb::Client::new(&self.config)
    }

    /// S3, with the time that media take.
    pub fn s3(&self) -> aws_sdk_s3::Client {
        let config = aws_sdk_s3::config::Builder::from(&self.config)
            .force_path_style(true)
            .timeout_config(time_outs(MEDIA_ATTEMPT_TIMEOUT, MEDIA_OPERATION_TIMEOUT))
            .build();
        aws_sdk_s3::Client::from_conf(config)
    }

    /// Step Functions.
    pub fn sfn(&self) -> aws_sdk_sfn::Client {
        aws_sdk_sfn::Client::new(&self.config)
    }

    /// A client of SQS.
    pub fn sqs(&self) -> aws_sdk_sqs::Client {
        aws_sdk_sqs::Client::new(&self.config)
    }

    /// A client of SES.
    pub fn ses(&self) -> aws_sdk_sesv2::Client {
        aws_sdk_sesv2::Client::new(&self.config)
    }

    /// A client of Secrets Manager.
    pub fn secrets_manager(&self) -> aws_sdk_secretsmanager::Client {
        aws_sdk_secretsmanager::Client::new(&self.config)
    }

    /// A client of Cognito.
    pub fn cognito(&self) -> aws_sdk_cognitoidentityprovider::Client {
        aws_sdk_cognitoidentityprovider::Client::new(&self.config)
    }
}

/// The store, over the three tables.
///
/// # Errors
/// [`StartError`] for a missing table name.
pub async fn store(env: &Env) -> Result<Store, StartError> {
    let tables = Tables {
        ledger: env.required("LEDGER_TABLE")?,
        studio: env.required("STUDIO_TABLE")?,
        ephemeral: env.required("EPHEMERAL_TABLE")?,
    };
    Ok(Store::new(aws(env).await.dynamodb(), tables))
}

/// The media bucket.
///
/// # Errors
/// [`StartError`] for a missing bucket name.
pub async fn objects(env: &Env) -> Result<S3Objects, StartError> {
    let bucket = env.required("MEDIA_BUCKET")?;
    Ok(S3Objects::new(aws(env).await.s3(), bucket))
}

/// The user pool's sign-up and log-in.
///
/// # Errors
/// [`StartError`] for a missing client id.
pub async fn people(env: &Env) -> Result<CognitoPeople, StartError> {
    let client_id = env.required("USER_POOL_CLIENT_ID")?;
    let pool_id = env.required("USER_POOL_ID")?;
    Ok(CognitoPeople::new(aws(env).await.cognito(), client_id, pool_id))
}

/// The check of the user pool's tokens.
///
/// # Errors
/// [`StartError`] for a missing variable.
pub fn tokens(env: &Env) -> Result<CognitoTokens, StartError> {
    Ok(CognitoTokens::new(
        env.required("USER_POOL_ISSUER")?,
        env.required("USER_POOL_CLIENT_ID")?,
        web()?,
        env.required("USER_POOL_JWKS_URL")?,
    ))
}

/// The state machines.
///
/// # Errors
/// [`StartError`] for a missing or odd prefix.
pub async fn executions(env: &Env) -> Result<StepFunctions, StartError> {
    let machines = env.required("MACHINES_ARN_PREFIX")?;
    StepFunctions::new(aws(env).await.sfn(), machines)
}

/// The sender of mail.
///
/// # Errors
/// [`StartError`] for a missing address.
pub async fn mailer(env: &Env) -> Result<SesMail, StartError> {
    let from = env.required("MAIL_FROM")?;
    Ok(SesMail::new(aws(env).await.ses(), from))
}

/// The sender to a queue, by the variable that holds the queue's URL.
///
/// # Errors
/// [`StartError`] for a missing URL.
pub async fn sqs_queue(env: &Env, name: &'static str) -> Result<SqsQueue, StartError> {
    let url = env.required(name)?;
    Ok(SqsQueue::new(aws(env).await.sqs(), url))
}

/// A secret of Secrets Manager, by the variable that holds its name.
///
/// # Promises
/// Read at every cold start: a changed secret reaches a function with its next sandbox, without a deploy.
///
/// # Errors
/// [`StartError`] for a missing name, and when the secret is not there, has no text or may not be read.
pub async fn secret(env: &Env, name: &'static str) -> Result<SecretString, StartError> {
    let id = env.required(name)?;
    read_secret(&aws(env).await, id)
        .await?
        .ok_or(StartError::InvalidVariable {
            name,
            expected: "the name of a secret with a text",
        })
}

/// The text of a secret; `None` of one without a text.
async fn read_secret(aws: &Aws, id: String) -> Result<Option<SecretString>, StartError> {
    let request = aws.secrets_manager().get_secret_value().secret_id(id);
    // Boxed: the call's future is large and runs once.
    let answer = Box::pin(request.send())
        .await
        .map_err(|cause| StartError::failed("reading a secret", cause))?;
    Ok(answer.secret_string.map(SecretString::from))
}

/// Secrets under one prefix, which are read when they are asked for.
#[derive(Debug, Clone)]
pub struct Secrets {
    aws: Aws,
    prefix: String,
}

impl Secrets {
    /// The secret with this name after the prefix.
    ///
    /// # Errors
    /// [`StartError`] when the secret is not there, has no text or may not be read.
    pub async fn read(&self, name: &str) -> Result<SecretString, StartError> {
        let id = format!("{}{name}", self.prefix);
        read_secret(&self.aws, id)
            .await?
            .ok_or_else(|| StartError::failed("reading a secret", "it has no text"))
    }
}

/// The secrets of the providers that a function calls.
///
/// # Errors
/// [`StartError`] for a missing prefix.
pub async fn provider_secrets(env: &Env) -> Result<Secrets, StartError> {
    Ok(Secrets {
        prefix: env.required("PROVIDER_SECRETS")?,
        aws: aws(env).await,
    })
}

/// The one HTTP client for services that are not AWS's, with time-outs and compiled-in roots.
///
/// # Errors
/// [`StartError`] when TLS cannot be set up.
#[expect(clippy::disallowed_methods, reason = "the one factory that the ban points to")]
pub fn web() -> Result<reqwest::Client, StartError> {
    reqwest::Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(ATTEMPT_TIMEOUT)
        .build()
        .map_err(|source| StartError::failed("building the HTTP client", source))
}
