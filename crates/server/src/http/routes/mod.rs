//! The API, one file a noun.

pub mod audit;
pub mod blocks;
pub mod devices;
pub mod erasure;
pub mod events;
pub mod figures;
pub mod files;
pub mod forms;
pub mod pack;
pub mod papers;
pub mod quarantine;
pub mod roster;
pub mod session;
pub mod state;
pub mod sync;

use super::{App, problem::Problem, problems::Kind};
use crate::office::accounts::Session;

/// What only posts do that see the report: look after devices, the trail and erasures.
fn may_manage(app: &App, session: &Session) -> Result<(), Problem> {
    let is_hers = app.office.pack().post(&session.author.post).is_some_and(|post| post.report);
    if is_hers { Ok(()) } else { Err(Kind::Forbidden.into()) }
}
