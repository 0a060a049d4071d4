//! What several pages know of all records at once, worked out once and kept while records change.

use std::collections::HashMap;

use leptos::prelude::*;
use records::RecordId;

use crate::{
    desk::{Desk, use_desk},
    platform,
    view::{
        doors::{Visit, Visits},
        due::{Asker, DueItem, Standing},
        review::{Disputed, Group, Review},
    },
};

/// Days ahead that something counts as due.
pub const HORIZON: i32 = 7;

/// What is due, who was last at which door, and what needs a look.
#[derive(Clone, Copy)]
pub struct Known {
    desk: Desk,
    due: Memo<Vec<DueItem>>,
    visits: StoredValue<Visits>,
    review: Memo<(Vec<Disputed>, Vec<Group>)>,
    overruled: Memo<Vec<RecordId>>,
}

impl Known {
    /// What the app's root provided; one's own where there is none.
    pub fn here() -> Self {
        use_context().unwrap_or_else(Self::new)
    }

    /// Knows nothing yet.
    pub fn new() -> Self {
        let desk = use_desk();
        let standing = StoredValue::new(Standing::default());
        let due = Memo::new(move |_| {
            let (pack, mut due) = (desk.pack(), Vec::new());
            desk.context(|context| {
                let asker = Asker { user: context.user, all: false };
                let now = |standing: &mut Standing| {
                    due = desk.read(|book| standing.now(&pack, book, platform::today(), HORIZON, asker));
                };
                standing.update_value(now);
            });
            due
        });
        let kept = StoredValue::new(Review::default());
        let review = Memo::new(move |_| {
            let (pack, post) = (desk.pack(), desk.me().map(|me| me.post).unwrap_or_default());
            let now = |review: &mut Review| desk.read(|book| review.now(&pack, book, &post));
            kept.try_update_value(now).unwrap_or_default()
        });
        let overruled = Memo::new(move |_| {
            // The look that finds them is the review's own; that finds nothing new of its own is no reason not to ask again.
            desk.read(|_| ());
            review.with(|_| ());
            let account = desk.me().map(|me| me.account).unwrap_or_default();
            kept.with_value(|review| review.overruled(&account))
        });
        Self { desk, due, visits: StoredValue::new(Visits::default()), review, overruled }
    }

    /// What is due to whoever is signed in, the longest overdue first.
    pub fn due(&self) -> Memo<Vec<DueItem>> {
        self.due
    }

    /// What was written differently at the same time, and what is likely recorded twice.
    pub fn review(&self) -> Memo<(Vec<Disputed>, Vec<Group>)> {
        self.review
    }

    /// What the account has corrected and someone else has voided.
    pub fn overruled(&self) -> Memo<Vec<RecordId>> {
        self.overruled
    }

    /// The last visit of every door, as the book stands. Tracks every record.
    pub fn visits<T>(&self, f: impl FnOnce(&HashMap<RecordId, Visit>) -> T) -> T {
        let pack = self.desk.pack();
        let now = |visits: &mut Visits| self.desk.read(|book| f(visits.now(&pack, book, platform::today())));
        self.visits.try_update_value(now).expect("as long as the app")
    }
}

impl Default for Known {
    fn default() -> Self {
        Self::new()
    }
}
