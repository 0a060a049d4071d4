//! The server over PostgreSQL: the contract of both databases, and what only a server of its own can suffer.

mod contract;
mod rosters;
mod support;

#[path = "postgres/away.rs"]
mod away;
#[path = "postgres/kill.rs"]
mod kill;
#[path = "postgres/pooler.rs"]
mod pooler;
#[path = "postgres/race.rs"]
mod race;
