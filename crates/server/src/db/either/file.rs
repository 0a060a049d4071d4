//! What either database knows of photos and papers.

use records::RecordId;

use super::{Community, Fault, Store};

impl Store {
    /// Bytes of photos and papers, whole or under way, by account.
    pub async fn file_bytes(&self, community: Community) -> Result<Vec<(String, u64)>, Fault> {
        either!(self, it => it.file_bytes(community))
    }

    /// Notes that a file is begun.
    pub async fn begin_file(
        &self,
        community: Community,
        record: RecordId,
        hash: &str,
        account: &str,
        bytes: u64,
    ) -> Result<(), Fault> {
        either!(self, it => it.begin_file(community, record, hash, account, bytes))
    }

    /// Notes that a file is here whole, or that it is not taken.
    pub async fn end_file(
        &self,
        community: Community,
        record: RecordId,
        hash: &str,
        is_whole: bool,
    ) -> Result<(), Fault> {
        either!(self, it => it.end_file(community, record, hash, is_whole))
    }

    /// Files that are here whole: record and hash.
    pub async fn whole_files(&self, community: Community) -> Result<Vec<(RecordId, String)>, Fault> {
        either!(self, it => it.whole_files(community))
    }
}
