//! Which database a test's office is over.
//!
//! The contract is compiled twice, into `tests/sqlite.rs` and into `tests/postgres.rs`. So the database is told by which of
//! them this very file was compiled into.

use linli_server::office::Place;

use super::cluster;

/// A database of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// The database of the test program this is compiled into.
pub fn backend() -> Backend {
    if module_path!().starts_with("postgres") { Backend::Postgres } else { Backend::Sqlite }
}

/// A place no other test uses: the folder, or a new database of the cluster.
pub fn place(folder: &std::path::Path) -> Place {
    match backend() {
        Backend::Sqlite => Place::Folder(folder.to_owned()),
        Backend::Postgres => Place::Postgres(cluster::shared().fresh()),
    }
}
