//! Contract tests: each sample of `events/<function>/` through its handler, on the real store.
//!
//! [`world::every_sample`] answers each sample in a [`world::World`] of its own and compares with
//! `tests/contract/snapshots/<function>__<case>.snap`; what takes more than one call is asserted beside it.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where something is wrong"
)]

mod admin_audit;
mod admin_credits_adjust;
mod admin_credits_approve;
mod admin_quota_reset;
mod admin_reports;
mod admin_subscriptions_sync;
mod api_document;
mod api_key;
mod api_keys;
mod asset;
mod assets;
mod auth_confirm;
mod auth_forgot;
mod auth_login;
mod auth_logout;
mod auth_password;
mod auth_refresh;
mod auth_resend;
mod auth_reset;
mod auth_signup;
mod authorizer;
mod authz;
mod billing_checkout;
mod billing_invoices;
mod billing_packs;
mod billing_portal;
mod billing_subscription;
mod cancel_job;
mod check_video;
mod complete_asset;
mod compose_video;
mod config_models;
mod config_plans;
mod config_templates;
mod config_voices;
mod credit_balance;
mod credit_history;
mod credit_quote;
mod credit_receipt;
mod creem_webhook;
mod daily_report;
mod errors;
mod expire_credits;
mod fail_job;
mod finish_job;
mod generate_all;
mod generate_images;
mod generate_script;
mod generate_voice;
mod generation_status;
mod grant_credits;
mod health;
mod inspect_account;
mod inspect_upload;
mod join_video;
mod member;
mod members;
mod members_join;
mod members_log;
mod openapi;
mod payment_events;
mod project;
mod project_scripts;
mod projects;
mod reconcile_job;
mod render_chunk;
mod render_image;
mod render_video;
mod resume_job;
mod send_notices;
mod show_jobs;
mod speak_script;
mod stripe_webhook;
mod sweep_accounts;
mod sweep_jobs;
mod sweep_uploads;
mod sync_payments;
mod templates;
mod usage;
mod usage_alerts;
mod user_me;
mod world;
mod write_script;
