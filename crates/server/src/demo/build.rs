//! Pushes the planned community into an office, the way tablets do.

use std::collections::BTreeMap;

use sync::wire::Verdict;

use super::{
    accounts::Account,
    plan::{Options, Plan, plan},
    tablet::{Unsaved, reasons},
};
use crate::{
    db::Fault,
    office::{Author, Incoming, Office, accounts::BadAccount},
};

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Changes the office has taken in.
    pub done: usize,
    /// Changes there are.
    pub total: usize,
}

/// What was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Records by kind.
    pub records: BTreeMap<String, usize>,
    /// Changes pushed.
    pub changes: usize,
    /// Who can sign in, with passwords: to be shown once.
    pub accounts: Vec<Account>,
}

/// Why the community could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DemoFault {
    /// A generated record does not fit the pack.
    #[error(transparent)]
    Unsaved(#[from] Unsaved),
    /// The office refused a change.
    #[error("the office refused change {number} of {account}: {reasons}")]
    Refused {
        /// Whose.
        account: &'static str,
        /// Its number.
        number: u64,
        /// Why.
        reasons: String,
    },
    /// An account could not be made.
    #[error("the account {account} could not be made: {why}")]
    Account {
        /// Which.
        account: &'static str,
        /// Why.
        why: BadAccount,
    },
    /// The office's memory failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Makes the community in `office`, which should be new: its accounts, their tablets and everything they wrote.
///
/// # Errors
/// At the first change that is refused, with the reasons; what was pushed before stays.
pub async fn build(
    office: &Office,
    options: Options,
    mut progress: impl FnMut(Progress) + Send,
) -> Result<Summary, DemoFault> {
    let Plan { accounts, batches, records } = plan(&office.pack(), options)?;
    for Account { name, person, post, password, device, device_name } in &accounts {
        let made = office.add_account(name, person, post, password).await?;
        made.map_err(|why| DemoFault::Account { account: name, why })?;
        office.see_device(*device, device_name).await?;
    }
    let total = batches.iter().map(|batch| batch.changes.len()).sum();
    let mut done = 0;
    progress(Progress { done, total });
    for batch in batches {
        let account = &accounts[batch.account];
        let who = Author { account: account.name.to_owned(), post: account.post.to_owned() };
        done += batch.changes.len();
        let incoming = batch.changes.into_iter().map(Incoming::from).collect();
        let (receipts, _) = office.push(&who, account.device, incoming).await?;
        let refused = receipts.into_iter().find_map(|receipt| match receipt.verdict {
            Verdict::Refused { problems } => Some((receipt.number, reasons(&problems))),
            Verdict::Accepted { .. } => None,
        });
        if let Some((number, reasons)) = refused {
            return Err(DemoFault::Refused { account: account.name, number, reasons });
        }
        progress(Progress { done, total });
    }
    Ok(Summary { records, changes: total, accounts })
}
