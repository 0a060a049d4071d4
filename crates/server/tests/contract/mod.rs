//! What must hold whichever database is below: run over SQLite by `sqlite.rs` and over PostgreSQL by `postgres.rs`.

mod api;
mod assigned;
mod audit;
mod backup;
mod clocks;
mod concurrency;
mod convergence;
mod devices;
mod erase;
pub mod files;
mod forms;
mod gone;
mod late;
mod midway;
mod proof;
mod publish;
mod pull;
mod push;
mod quotas;
mod refusals;
mod roster;
mod session;
