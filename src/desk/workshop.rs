//! The forms a director is changing: kept on the tablet as any half-filled form is, published where there is a network.

use leptos::prelude::untrack;
use records::{
    Pack, Problem, RecordId, Value,
    pack::{Kind, Wrong, workshop::Edit},
};
use sync::{
    Draft,
    wire::{FormFinding, FormRead},
};

use super::{Desk, drive};
use crate::net::{Trouble, workshop};

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

/// A form out of a workbook.
#[derive(Clone, Debug)]
pub struct FormIn {
    /// The form.
    pub kind: Kind,
    /// There is none of this name in force.
    pub is_new: bool,
    /// It does not hold together, so it could not be published.
    pub is_stuck: bool,
    /// What it changes in the pack in force.
    pub edits: Vec<Edit>,
    /// Every cell that was not taken as it stands.
    pub findings: Vec<FormFinding>,
}

/// Why a workbook was not read.
#[derive(Clone, Debug)]
pub struct Unread {
    /// What to tell the person.
    pub problem: Problem,
    /// Its cells that could not be taken, when it came so far.
    pub findings: Vec<FormFinding>,
}

impl From<Problem> for Unread {
    fn from(problem: Problem) -> Self {
        Self { problem, findings: Vec::new() }
    }
}

impl FormIn {
    /// As the office says it; `None` when this program cannot read it.
    fn of(read: FormRead, in_force: &Pack) -> Option<Self> {
        let FormRead { kind, findings, is_new, edits, .. } = read;
        let edits: Vec<Edit> = edits.iter().map(Edit::from_value).collect::<Result<_, _>>().ok()?;
        let name = kind.get("name").and_then(Value::as_str)?;
        let kind = in_force.edited(&edits).kind(name)?.clone();
        let is_stuck = findings.iter().any(|finding| finding.code == "kind-wrong");
        Some(Self { kind, is_new, is_stuck, edits, findings })
    }
}

impl Desk {
    /// Has the office read a workbook. Nothing is changed by it.
    pub async fn read_form(&self, file: &str, bytes: &[u8]) -> Result<FormIn, Unread> {
        match workshop::read(file, bytes, self.lang()).await {
            Ok(read) => FormIn::of(read, &untrack(|| self.pack())).ok_or_else(|| Trouble::Strange.problem().into()),
            Err(trouble) => Err(Unread { problem: trouble.problem(), findings: workshop::findings(&trouble) }),
        }
    }

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
