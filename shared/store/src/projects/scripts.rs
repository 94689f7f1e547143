//! The newest versions of a project's script, each in a row of its own.
//!
//! A version is written in the transaction that gives it to the project, over the one that is
//! [`SCRIPT_VERSIONS_MAX`] older: so there are never more, and nothing has to clear up.

use std::cmp::Reverse;

use domain::ports::Work;
use domain::project::Project;
use domain::script_version::{SCRIPT_VERSIONS_MAX, ScriptVersion};
use domain::{AccountId, ProjectId};

use crate::dynamo::codec::{decode, item};
use crate::dynamo::keys::{self, Key};
use crate::dynamo::transaction::{Part, Transacted, Transaction};
use crate::dynamo::write::Write;
use crate::page::List;
use crate::projects::{ATTEMPTS_MAX, UPDATE};
use crate::{Page, PageRequest, Store, StoreError};

impl Store {
    /// Writes a project over the version that was read, with these versions of its script; answers with the next one.
    ///
    /// # Errors
    /// As [`Self::update_project`].
    pub fn update_script<'a>(
        &'a self,
        project: &'a Project,
        versions: &'a [ScriptVersion],
    ) -> Work<'a, Result<Project, StoreError>> {
        let attempt = move || self.try_update_script(project, versions);
        Box::pin(self.retrying_at_once(UPDATE, ATTEMPTS_MAX, attempt))
    }

    async fn try_update_script(
        &self,
        project: &Project,
        versions: &[ScriptVersion],
    ) -> Result<Option<Project>, StoreError> {
        let (next, write) = self.update_of(project)?;
        let transaction = Transaction::new()
            .add(Part::Project, write)
            .add_all(&Part::Project, self.script_writes(project.account_id, versions)?);
        match self.transact(UPDATE, transaction).await? {
            Transacted::Done => Ok(Some(next)),
            Transacted::Cancelled(_) => self.not_updated(project, next).await,
        }
    }

    /// The versions of a project's script that are kept, newest first; none of a project without a script.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for another account's project; [`StoreError::InvalidCursor`].
    pub fn script_versions<'a>(
        &'a self,
        account: AccountId,
        project: ProjectId,
        page: &'a PageRequest,
    ) -> Work<'a, Result<Page<ScriptVersion>, StoreError>> {
        Box::pin(async move {
            let project = self.project(account, project).await?;
            let prefix = keys::scripts_of(project.id);
            let list = List {
                operation: "list versions of a script",
                table: &self.tables.studio,
                pk: keys::owner(account),
                prefix: &prefix,
                name: format!("scripts:{}", project.id),
            };
            let rows = self.query_all(list.operation, list.table, &list.pk, list.prefix);
            let rows = rows.await?.into_iter().map(decode);
            let mut versions = rows.collect::<Result<Vec<ScriptVersion>, _>>()?;
            if versions.is_empty() {
                // A script that is older than the count has no row yet.
                versions.extend(project.script_version());
            }
            versions.sort_by_key(|version| Reverse(version.mark.version));
            list.page_of(versions, page, |version| format!("{:010}", version.mark.version))
        })
    }

    /// A version of a project's script.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also of one that is not kept any more, and of another account's project.
    pub fn script_version<'a>(
        &'a self,
        project: &'a Project,
        version: u32,
    ) -> Work<'a, Result<ScriptVersion, StoreError>> {
        Box::pin(async move {
            let own = project.script_version();
            if let Some(own) = own.filter(|own| own.mark.version == version) {
                return Ok(own);
            }
            let key = Key::script_version(project.account_id, project.id, version);
            let row = self.get("read a version of a script", &self.tables.studio, key);
            let stored: Option<ScriptVersion> = row.await?.map(decode).transpose()?;
            stored
                .filter(|stored| stored.mark.version == version)
                .ok_or(StoreError::NotFound { what: "version" })
        })
    }

    /// The rows of versions that a project gets now.
    pub(crate) fn script_writes(
        &self,
        account: AccountId,
        versions: &[ScriptVersion],
    ) -> Result<Vec<Write>, StoreError> {
        let write = |version: &ScriptVersion| {
            let key = Key::script_version(account, version.project_id, version.mark.version);
            let row = item(key, "script", version)?;
            Ok(Write::put_unconditional(&self.tables.studio, row))
        };
        versions.iter().map(write).collect()
    }

    /// What removes every version of a project's script.
    pub(crate) fn script_deletes(&self, project: &Project) -> Vec<Write> {
        let latest = project.script_mark.map_or(0, |mark| mark.version);
        (1..=latest.min(SCRIPT_VERSIONS_MAX))
            .map(|place| {
                let key = Key::script_version(project.account_id, project.id, place);
                Write::delete_unconditional(&self.tables.studio, key)
            })
            .collect()
    }
}
