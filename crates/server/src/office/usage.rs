//! What accounts take up at the office, and what they may: so that one broken or hostile tablet fills no disk. What is beyond
//! stays on the tablet, which is told so.

use sync::wire::{Measure, Usage};

use super::{Author, Office, push::NO_WORDS};
use crate::db::{Fault, PushTransaction};

/// What may be taken up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quotas {
    /// By one account.
    pub account: Measure,
    /// By all together.
    pub community: Measure,
}

const MIB: u64 = 1024 * 1024;

impl Default for Quotas {
    /// Far beyond what work makes: a year of a large community is some 22,000 changes and a few gigabytes of photos.
    fn default() -> Self {
        Self {
            account: Measure { refused: 64 * MIB, files: 20 * 1024 * MIB, changes: 20_000 },
            community: Measure { refused: 1024 * MIB, files: 200 * 1024 * MIB, changes: 200_000 },
        }
    }
}

/// What is left of a push's share, while it goes on.
pub(super) struct Left {
    pub(super) changes: u64,
    refused: Option<u64>,
}

impl Office {
    /// The same office, under these bounds.
    #[must_use]
    pub fn with_quotas(self, quotas: Quotas) -> Self {
        Self { quotas, ..self }
    }

    /// What is taken up, by whom, and what may be.
    pub async fn usage(&self) -> Result<Usage, Fault> {
        let Quotas { account, community } = self.quotas;
        let mut usage = Usage { account_most: account, community_most: community, ..Usage::default() };
        for (account, refused) in self.store.refused_bytes(self.community).await? {
            usage.accounts.entry(account).or_default().refused = refused;
        }
        for (account, files) in self.store.file_bytes(self.community).await? {
            usage.accounts.entry(account).or_default().files = files;
        }
        for (account, changes) in self.store.taken(self.community, self.day()).await? {
            usage.accounts.entry(account).or_default().changes = changes;
        }
        usage.community = usage.accounts.values().fold(Measure::default(), |sum, used| sum.and(*used));
        Ok(usage)
    }

    /// Whether a file of so many bytes may still be begun.
    pub(super) async fn has_room(&self, who: &Author, bytes: u64) -> Result<bool, Fault> {
        let used = self.store.file_bytes(self.community).await?;
        let (own, all) = sums(&used, &who.account);
        let Quotas { account, community } = &self.quotas;
        Ok(own.saturating_add(bytes) <= account.files && all.saturating_add(bytes) <= community.files)
    }

    /// What an account may still hand in today.
    pub(super) async fn left(&self, tx: &mut PushTransaction, who: &Author) -> Result<Left, Fault> {
        let (own, all) = sums(&tx.taken(self.day()).await?, &who.account);
        let Quotas { account, community } = &self.quotas;
        let changes = account.changes.saturating_sub(own).min(community.changes.saturating_sub(all));
        Ok(Left { changes, refused: None })
    }

    /// Whether something refused may still be kept, so many bytes; if so, they count.
    pub(super) async fn keeps(
        &self,
        tx: &mut PushTransaction,
        who: &Author,
        left: &mut Left,
        bytes: u64,
    ) -> Result<bool, Fault> {
        let refused = match left.refused {
            Some(refused) => refused,
            None => {
                let (own, all) = sums(&tx.refused_bytes().await?, &who.account);
                let Quotas { account, community } = &self.quotas;
                account.refused.saturating_sub(own).min(community.refused.saturating_sub(all))
            }
        };
        let after = refused.checked_sub(bytes);
        left.refused = Some(after.unwrap_or(refused));
        Ok(after.is_some() || bytes <= NO_WORDS.len() as u64)
    }

    /// Today, counted from 1970.
    pub(super) fn day(&self) -> i64 {
        let since = self.today().since(jiff::civil::date(1970, 1, 1)).map(|span| span.get_days());
        since.map_or(0, i64::from)
    }
}

/// An account's number, and all together.
fn sums(all: &[(String, u64)], account: &str) -> (u64, u64) {
    let own = all.iter().find(|(of, _)| of == account).map_or(0, |(_, number)| *number);
    (own, all.iter().fold(0, |sum: u64, (_, number)| sum.saturating_add(*number)))
}
