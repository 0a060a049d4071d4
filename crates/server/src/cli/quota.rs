//! What accounts may take up.

use clap::Args;

use crate::office::usage::Quotas;

const MIB: u64 = 1024 * 1024;

/// Bounds that no honest work meets. What is beyond them stays on the tablet, which is told so; the board shows what is used.
#[derive(Args, Clone, Debug)]
pub struct Quota {
    /// Refused changes of one account that are kept word for word, in MiB.
    #[arg(long, value_name = "MIB", env = "LINLI_QUOTA_REFUSED", default_value_t = Quotas::default().account.refused / MIB)]
    quota_refused: u64,
    /// The same of all accounts together.
    #[arg(long, value_name = "MIB", env = "LINLI_QUOTA_REFUSED_ALL", default_value_t = Quotas::default().community.refused / MIB)]
    quota_refused_all: u64,
    /// Photos and papers that one account may bring, in MiB.
    #[arg(long, value_name = "MIB", env = "LINLI_QUOTA_FILES", default_value_t = Quotas::default().account.files / MIB)]
    quota_files: u64,
    /// The same of all accounts together.
    #[arg(long, value_name = "MIB", env = "LINLI_QUOTA_FILES_ALL", default_value_t = Quotas::default().community.files / MIB)]
    quota_files_all: u64,
    /// Changes that the tablets of one account may hand in on a day.
    #[arg(long, value_name = "COUNT", env = "LINLI_QUOTA_CHANGES", default_value_t = Quotas::default().account.changes)]
    quota_changes: u64,
    /// The same of all accounts together.
    #[arg(long, value_name = "COUNT", env = "LINLI_QUOTA_CHANGES_ALL", default_value_t = Quotas::default().community.changes)]
    quota_changes_all: u64,
}

impl Quota {
    pub(super) fn quotas(&self) -> Quotas {
        let mut quotas = Quotas::default();
        let Quotas { account, community } = &mut quotas;
        (account.refused, community.refused) =
            (self.quota_refused.saturating_mul(MIB), self.quota_refused_all.saturating_mul(MIB));
        (account.files, community.files) =
            (self.quota_files.saturating_mul(MIB), self.quota_files_all.saturating_mul(MIB));
        (account.changes, community.changes) = (self.quota_changes, self.quota_changes_all);
        quotas
    }
}
