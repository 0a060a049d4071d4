//! The API, one file a noun.

pub mod audit;
pub mod blocks;
pub mod devices;
pub mod events;
pub mod figures;
pub mod pack;
pub mod papers;
pub mod quarantine;
pub mod roster;
pub mod session;
pub mod state;
pub mod sync;
