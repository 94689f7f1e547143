//! The steps of a job, one page each: load the job, look for a cached output of the same inputs, make one if there is
//! none, cache it, note it in the job.
//!
//! Each may be called any number of times: an output that the job has noted is not made again.

mod check;
mod chunk;
mod image;
mod join;
mod script;
mod video;
mod voice;

pub use check::check_video;
pub use chunk::render_chunk;
pub use image::render_image;
pub use join::join_video;
pub use script::{Scenes, write_script};
pub use video::{Chunks, render_video};
pub use voice::speak_script;

use domain::job::Job;
use domain::script::Script;
use domain::{ErrorCode, Failure};

/// The script that the job works from; a step that runs without one is a bug of the machine.
fn script_of(job: &Job) -> Result<&Script, Failure> {
    job.script()
        .ok_or_else(|| Failure::new(ErrorCode::Internal).because("the job has no script"))
}
