//! Rosters, which only the office can read and import: the desk passes the file on and says how it stands there.

use records::Problem;
use sync::wire::{Roster, RosterChoices, RosterPlan, RosterUpload};
use uuid::Uuid;

use super::Desk;
use crate::net::{Trouble, roster};

/// What came back, or what to tell the person; [`Problem::code`] is the office's name for it, `offline` without one.
type Answer<T> = Result<T, Problem>;

impl Desk {
    /// Sends a file to the office to be read. Nothing is written.
    pub async fn send_roster(&self, file: &str, bytes: &[u8]) -> Answer<RosterUpload> {
        told(roster::upload(file, bytes, self.lang()).await)
    }

    /// Asks what importing would do. Nothing is written.
    pub async fn plan_roster(&self, id: Uuid, choices: &RosterChoices) -> Answer<RosterPlan> {
        told(roster::plan(id, choices, self.lang()).await)
    }

    /// Begins to import as last planned.
    pub async fn run_roster(&self, id: Uuid) -> Answer<Roster> {
        told(roster::run(id, self.lang()).await)
    }

    /// Where a roster stands.
    pub async fn roster(&self, id: Uuid) -> Answer<Roster> {
        told(roster::state(id, self.lang()).await)
    }

    /// What was imported, the latest first.
    pub async fn rosters(&self) -> Answer<Vec<Roster>> {
        told(roster::list(self.lang()).await)
    }

    /// Stops an import, takes one back, or has the office forget a file, whichever its state calls for.
    pub async fn end_roster(&self, id: Uuid) -> Answer<Roster> {
        told(roster::end(id, self.lang()).await)
    }
}

fn told<T>(answer: Result<T, Trouble>) -> Answer<T> {
    answer.map_err(|trouble| trouble.problem())
}
