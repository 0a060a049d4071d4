//! The forms a director is changing: kept on the tablet as any half-filled form is, published where there is a network.

use records::{Pack, Problem, RecordId, Value, pack::Wrong};
use sync::Draft;

use super::{Desk, drive};
use crate::net::workshop;

/// The key that the edits are kept under; also the page's address.
pub const EDITS: &str = "workshop";

/// Why forms were not published.
#[derive(Clone, Debug)]
pub enum Unpublished {
    /// Someone else published meanwhile; theirs are here now.
    Overtaken,
    /// What is wrong, thing by thing.
    Wrong(Vec<Wrong>),
    /// No network, no right …
    Problem(Problem),
}

impl Desk {
    /// Edits that wait to be published, and the pack's version they were made over.
    pub fn kept_edits(&self) -> Option<(u32, Vec<Value>)> {
        let kept = self.drafts().into_iter().find(|head| head.key == EDITS)?.draft.now;
        let base = kept.get("base").and_then(Value::as_u64).and_then(|base| base.try_into().ok());
        Some((base.unwrap_or_default(), kept.get("edits").and_then(Value::as_array).cloned().unwrap_or_default()))
    }

    /// Keeps them; none forgets them.
    pub fn keep_edits(&self, base: u32, edits: Vec<Value>) {
        if edits.is_empty() {
            return self.drop_draft(EDITS);
        }
        let now = [("base".to_owned(), base.into()), ("edits".to_owned(), Value::from(edits))];
        self.keep_draft(EDITS, &Draft::new(RecordId::nil(), "", now.into()));
    }

    /// Publishes a pack that was made of the one in force. This tablet takes it over at once, the others at their next sync.
    pub async fn publish(&self, pack: &Pack) -> Result<u32, Unpublished> {
        let answer = workshop::publish(pack, self.lang()).await;
        let trouble = match answer {
            Ok(published) => {
                // What it cannot fetch now comes with the next sync.
                drop(drive::bring_pack(&self.state()).await);
                return Ok(published.version);
            }
            Err(trouble) => trouble,
        };
        if workshop::is_overtaken(&trouble) {
            return match drive::bring_pack(&self.state()).await {
                Ok(()) => Err(Unpublished::Overtaken),
                Err(trouble) => Err(Unpublished::Problem(trouble.problem())),
            };
        }
        let wrongs = workshop::wrongs(&trouble);
        Err(if wrongs.is_empty() { Unpublished::Problem(trouble.problem()) } else { Unpublished::Wrong(wrongs) })
    }

    /// Whether the office is out of reach, as far as this tablet knows.
    pub fn is_offline(&self) -> bool {
        let waits = matches!(self.status().phase, sync::engine::Phase::Paused(_));
        waits || !crate::platform::is_online()
    }
}
