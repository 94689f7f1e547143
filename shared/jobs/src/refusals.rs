//! Why a job cannot start on a project: one list, of which a start says the first entry and a quote all.
//!
//! What the account's wallet, plan and budgets say is `Store::start_refusals`.

use domain::job::{JobKind, Step};
use domain::outputs::Produced;
use domain::project::Project;
use domain::{ErrorCode, Failure};

use crate::inputs::inputs;
use crate::job_service::OutdatedInputs;
use crate::outdated::Outdated;
use crate::quoter::Quoter;

/// What a caller says to what would else be refused.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Consent {
    /// Whether a script that the customer wrote or edited may be replaced.
    pub rewrite_script: bool,
    /// What becomes of a job that would work from outdated results.
    pub outdated_inputs: OutdatedInputs,
}

impl Quoter {
    /// Everything in the project and the models that stands against a job of this kind.
    ///
    /// # Errors
    /// `internal` when the inputs cannot be hashed; a bug.
    pub(crate) fn refusals(
        &self,
        kind: JobKind,
        project: &Project,
        consent: Consent,
    ) -> Result<Vec<Failure>, Failure> {
        let mut refusals = Vec::new();
        if !consent.rewrite_script {
            refusals.extend(check_own_script(kind, project).err());
        }
        refusals.extend(inputs(kind, project).err());
        if consent.outdated_inputs == OutdatedInputs::Refuse {
            let script = project.outputs.script.as_ref().map(|made| &made.value);
            let outdated = Outdated::of(project, self.catalogue)?;
            refusals.extend(outdated.check(kind, script).err());
        }
        refusals.extend(self.check_voice(kind, &project.settings).err());
        refusals.extend(self.check_models(kind.steps(), &self.models(kind)).err());
        Ok(refusals)
    }
}

/// The refusal of a project on which a job works.
pub(crate) fn job_active(project: &Project) -> Option<Failure> {
    project.active_job.map(Failure::job_active)
}

/// No job replaces a script of the customer's own unasked, in its first run or a later one.
pub(crate) fn check_own_script(kind: JobKind, project: &Project) -> Result<(), Failure> {
    let script = project.outputs.script.as_ref();
    if kind.runs(Step::Script) && script.is_some_and(Produced::is_customers) {
        return Err(Failure::new(ErrorCode::ScriptEdited));
    }
    Ok(())
}
