//! What has changed lately, so that what was made of all records need not be made anew for one.

use records::RecordId;

/// Changes that are kept: a save touches a handful, a page of a sync some hundreds.
const KEPT: usize = 2000;

/// The ids of changed records and of those they point at, the latest last.
#[derive(Clone, Debug, Default)]
pub(super) struct Touched {
    ids: Vec<RecordId>,
    /// How many were let go before the first of them.
    gone: u64,
}

impl Touched {
    pub fn touch(&mut self, id: RecordId) {
        if self.ids.len() == KEPT {
            self.gone += KEPT as u64;
            self.ids.clear();
        }
        self.ids.push(id);
    }

    pub fn moment(&self) -> u64 {
        self.gone + self.ids.len() as u64
    }

    pub fn since(&self, moment: u64) -> Option<&[RecordId]> {
        self.ids.get(usize::try_from(moment.checked_sub(self.gone)?).ok()?..)
    }

    /// That of another book: none of its moments is one of this one's.
    pub fn renewed(&self) -> Self {
        Self { ids: Vec::new(), gone: self.moment() + 1 }
    }
}
