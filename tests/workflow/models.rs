//! The catalogue of the fakes: `local` and a second provider, both of which may answer later.

use std::sync::Arc;

use catalogue::{Capability, Catalogue, LOCAL, Limits, Model};
use domain::Credits;
use domain::job::JobModels;
use domain::ports::Work;
use domain::receipt::Resource;
use providers::{Clients, ImageMaker, ProviderError, ScriptWriter, VoiceMaker};
use testkit::FakeProvider;

/// Name of the second provider.
pub const OTHER: &str = "other";

const SCRIPT: Model = Model {
    provider: LOCAL,
    model: "fake-1",
    resource: Resource::ScriptGeneration,
    description: "A fake.",
    unit_quantity: 1,
    unit_credits: Credits::new(2),
    unit_cost_usd_micros: 0,
    asynchronous: true,
    repeatable: true,
    enabled: true,
    limits: Limits {
        text_chars_max: None,
        file_bytes_max: None,
    },
    remote: None,
};
const IMAGE: Model = Model {
    resource: Resource::ImageGeneration,
    ..SCRIPT
};
const VOICE: Model = Model {
    resource: Resource::VoiceSynthesis,
    unit_quantity: 10,
    unit_credits: Credits::new(1),
    ..SCRIPT
};
const VIDEO: Model = Model {
    resource: Resource::VideoGeneration,
    unit_quantity: 10,
    ..SCRIPT
};

const fn unrepeatable(row: Model) -> Model {
    Model {
        repeatable: false,
        ..row
    }
}

const fn other(row: Model) -> Model {
    Model {
        provider: OTHER,
        model: "other-1",
        unit_credits: Credits::new(3),
        ..row
    }
}

const fn off(row: Model) -> Model {
    Model {
        enabled: false,
        ..other(row)
    }
}

const FAKE_ROWS: &[Model] = &[
    SCRIPT,
    IMAGE,
    VOICE,
    VIDEO,
    other(SCRIPT),
    other(IMAGE),
    other(VOICE),
];
const UNREPEATABLE_ROWS: &[Model] = &[
    unrepeatable(SCRIPT),
    unrepeatable(IMAGE),
    unrepeatable(VOICE),
    VIDEO,
];
const OFF_ROWS: &[Model] = &[SCRIPT, IMAGE, VOICE, VIDEO, off(SCRIPT), off(IMAGE), off(VOICE)];
const LOCAL_ROWS: &[Model] = &[SCRIPT, IMAGE, VOICE, VIDEO];

/// Both providers; a call may be repeated.
pub const FAKES: Catalogue = Catalogue::of(FAKE_ROWS);
/// `local` alone, which may bill a repeated call twice.
pub const UNREPEATABLE: Catalogue = Catalogue::of(UNREPEATABLE_ROWS);
/// The second provider is switched off.
pub const OTHER_IS_OFF: Catalogue = Catalogue::of(OFF_ROWS);
/// The second provider is not listed any more.
pub const OTHER_IS_GONE: Catalogue = Catalogue::of(LOCAL_ROWS);

/// What new jobs use when this provider is configured for everything.
pub fn models_of(provider: &str) -> JobModels {
    let model = |capability: Capability| {
        let model = FAKES.default_model(capability, provider);
        (capability.step(), model.expect("the provider is listed"))
    };
    Capability::ALL.map(model).into()
}

/// The clients of one capability.
#[derive(Debug, Clone)]
pub struct FakeClients {
    /// Of `local`.
    pub local: Arc<FakeProvider>,
    /// Of the second provider.
    pub other: Arc<FakeProvider>,
}

impl FakeClients {
    fn of(&self, model: &Model) -> Arc<FakeProvider> {
        let client = if model.provider == OTHER {
            &self.other
        } else {
            &self.local
        };
        Arc::clone(client)
    }
}

impl Clients<dyn ScriptWriter> for FakeClients {
    fn client<'a>(&'a self, model: &'static Model) -> Work<'a, Result<Arc<dyn ScriptWriter>, ProviderError>> {
        let client: Arc<dyn ScriptWriter> = self.of(model);
        Box::pin(async move { Ok(client) })
    }
}

impl Clients<dyn ImageMaker> for FakeClients {
    fn client<'a>(&'a self, model: &'static Model) -> Work<'a, Result<Arc<dyn ImageMaker>, ProviderError>> {
        let client: Arc<dyn ImageMaker> = self.of(model);
        Box::pin(async move { Ok(client) })
    }
}

impl Clients<dyn VoiceMaker> for FakeClients {
    fn client<'a>(&'a self, model: &'static Model) -> Work<'a, Result<Arc<dyn VoiceMaker>, ProviderError>> {
        let client: Arc<dyn VoiceMaker> = self.of(model);
        Box::pin(async move { Ok(client) })
    }
}
