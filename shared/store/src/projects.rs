//! Projects of an account; the versions of their scripts are in [`scripts`].

pub mod scripts;

use domain::ports::Work;
use domain::project::{Project, ProjectStatus};
use domain::{AccountId, ProjectId};

use crate::dynamo::codec::{found, item, number};
use crate::dynamo::keys::{self, Key};
use crate::dynamo::transaction::{Part, Transacted, Transaction};
use crate::dynamo::write::Write;
use crate::page::List;
use crate::{Page, PageRequest, Store, StoreError};

/// Times a write is tried again when the row that refused it would not refuse it any more.
const ATTEMPTS_MAX: u32 = 3;

const UPDATE: &str = "update a project";
const DELETE: &str = "delete a project";

/// Which projects are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ProjectFilter {
    /// Only those of this status.
    pub status: Option<ProjectStatus>,
}

impl ProjectFilter {
    fn list_name(self) -> String {
        self.status
            .map_or_else(|| "projects".to_owned(), |status| format!("projects:{status:?}"))
    }
}

impl Store {
    /// Adds a project.
    ///
    /// # Promises
    /// Idempotent on the id: a repeat returns the project as it is.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn create_project<'a>(&'a self, project: &'a Project) -> Work<'a, Result<Project, StoreError>> {
        Box::pin(async move {
            let item = item(Key::project(project.account_id, project.id), "project", project)?;
            let write = Write::put(&self.tables.studio, item, "attribute_not_exists(pk)");
            let operation = "create a project";
            if self.write(operation, write).await?.is_some() {
                return Ok(project.clone());
            }
            let stored = self.project(project.account_id, project.id).await;
            stored.map_err(|error| match error {
                // Deleted since the write met it.
                StoreError::NotFound { .. } => StoreError::Contended { operation },
                other => other,
            })
        })
    }

    /// A project.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for another account's.
    pub fn project(&self, account: AccountId, id: ProjectId) -> Work<'_, Result<Project, StoreError>> {
        Box::pin(async move {
            let row = self
                .get("read a project", &self.tables.studio, Key::project(account, id))
                .await?;
            found("project", row)
        })
    }

    /// The projects of an account, newest first.
    ///
    /// # Errors
    /// [`StoreError::InvalidCursor`].
    pub fn projects<'a>(
        &'a self,
        account: AccountId,
        filter: ProjectFilter,
        page: &'a PageRequest,
    ) -> Work<'a, Result<Page<Project>, StoreError>> {
        Box::pin(async move {
            let list = List {
                operation: "list projects",
                table: &self.tables.studio,
                pk: keys::owner(account),
                prefix: keys::PROJECT,
                name: filter.list_name(),
            };
            self.page(list, page, |project: &Project| {
                filter.status.is_none_or(|status| project.status == status)
            })
            .await
        })
    }

    /// Writes a project over the version that was read; answers with the next one.
    ///
    /// # Errors
    /// [`StoreError::JobActive`] while a job works on it, [`StoreError::Conflict`] when it changed since it was read,
    /// [`StoreError::NotFound`], [`StoreError::Contended`].
    pub fn update_project<'a>(&'a self, project: &'a Project) -> Work<'a, Result<Project, StoreError>> {
        Box::pin(self.retrying_at_once(UPDATE, ATTEMPTS_MAX, move || self.try_update(project)))
    }

    /// Deletes a project with the versions of its script; with a version only that one. Its jobs stay: they explain the
    /// history.
    ///
    /// # Errors
    /// [`StoreError::JobActive`] while a job works on it, [`StoreError::Conflict`] when it is another version,
    /// [`StoreError::NotFound`], also the second time, [`StoreError::Contended`].
    pub fn delete_project(
        &self,
        account: AccountId,
        id: ProjectId,
        version: Option<u64>,
    ) -> Work<'_, Result<(), StoreError>> {
        Box::pin(self.retrying_at_once(DELETE, ATTEMPTS_MAX, move || {
            self.try_delete(account, id, version)
        }))
    }

    /// None when the project was created, or left by its job, between the write and the read.
    async fn try_update(&self, project: &Project) -> Result<Option<Project>, StoreError> {
        let (next, write) = self.update_of(project)?;
        if self.write(UPDATE, write).await?.is_some() {
            return Ok(Some(next));
        }
        self.not_updated(project, next).await
    }

    /// The next version of a project, and the write of it over the one that was read.
    fn update_of(&self, project: &Project) -> Result<(Project, Write), StoreError> {
        let next = Project {
            version: project.version.saturating_add(1),
            active_job: None,
            ..project.clone()
        };
        let item = item(Key::project(project.account_id, project.id), "project", &next)?;
        let write = Write::put(
            &self.tables.studio,
            item,
            "#body.#version = :version AND attribute_not_exists(#body.#active_job)",
        )
        .value("version", number(project.version));
        Ok((next, write))
    }

    /// Why an update was refused; none when it would not be refused any more.
    async fn not_updated(&self, project: &Project, next: Project) -> Result<Option<Project>, StoreError> {
        let stored = self.project(project.account_id, project.id).await?;
        if stored == next {
            // Our own write, whose answer was lost.
            Ok(Some(next))
        } else if let Some(job) = stored.active_job {
            Err(StoreError::JobActive { job })
        } else if stored.version == project.version {
            Ok(None)
        } else {
            Err(StoreError::Conflict { what: "project" })
        }
    }

    /// None when it changed between the read and the write.
    async fn try_delete(
        &self,
        account: AccountId,
        id: ProjectId,
        version: Option<u64>,
    ) -> Result<Option<()>, StoreError> {
        let project = self.project(account, id).await?;
        if let Some(job) = project.active_job {
            return Err(StoreError::JobActive { job });
        }
        if version.is_some_and(|version| version != project.version) {
            return Err(StoreError::Conflict { what: "project" });
        }
        // A start makes another version: this one has no job.
        let write = Write::delete(
            &self.tables.studio,
            Key::project(account, id),
            "#body.#version = :version",
        )
        .value("version", number(project.version));
        let scripts = self.script_deletes(&project);
        if scripts.is_empty() {
            return Ok(self.write(DELETE, write).await?.map(drop));
        }
        let transaction = Transaction::new()
            .add(Part::Project, write)
            .add_all(&Part::Project, scripts);
        Ok(match self.transact(DELETE, transaction).await? {
            Transacted::Done => Some(()),
            Transacted::Cancelled(_) => None,
        })
    }
}
