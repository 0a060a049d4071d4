//! The server over SQLite: the contract of both databases, and what needs to be asked only once.
//!
//! One program for all files: each would carry the whole server in itself, two hundred megabytes a file.

mod contract;
mod once;
mod rosters;
mod support;
