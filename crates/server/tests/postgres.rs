//! The suite over PostgreSQL: the very files that run over SQLite, as modules here (see `support/backend.rs`).
#![allow(clippy::duplicate_mod, reason = "each file of the suite brings its support along, as it does on its own")]

#[path = "api.rs"]
mod api;
#[path = "assigned.rs"]
mod assigned;
#[path = "audit.rs"]
mod audit;
#[path = "backup.rs"]
mod backup;
#[path = "concurrency.rs"]
mod concurrency;
#[path = "convergence.rs"]
mod convergence;
#[path = "devices.rs"]
mod devices;
#[path = "erase.rs"]
mod erase;
#[path = "files.rs"]
mod files;
#[path = "pull.rs"]
mod pull;
#[path = "push.rs"]
mod push;
#[path = "refusals.rs"]
mod refusals;
#[path = "roster.rs"]
mod roster;
#[path = "session.rs"]
mod session;

#[path = "postgres/kill.rs"]
mod kill;
#[path = "postgres/race.rs"]
mod race;
