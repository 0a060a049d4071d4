//! How a record written on one device becomes the same record everywhere.
//!
//! Pure: no clock, randomness, network, storage, browser or database; these come in as arguments or leave as effects.
//! The app, the server, the tests and the simulations drive the same code.
//!
//! Map: [`clock`] hybrid logical time · [`contact`] what time it is · [`change`] what a device says · [`record`] what all
//! changes of one record merge to · [`corrections`] what was changed in it since · [`draft`] a form half filled · [`book`]
//! records in memory with pending changes over them · [`count`]
//! figures over them · [`engine`] the tablet's side as a state machine · [`history`] what it
//! can give back · [`judge`] may a change be merged · [`erase`] what is left when someone is forgotten · [`wire`] what crosses the network · [`block`] many
//! records as few bytes · [`bucket`] the unit of permission.

mod among;
pub mod block;
pub mod book;
pub mod bucket;
pub mod change;
pub mod clock;
pub mod contact;
pub mod corrections;
pub mod count;
pub mod draft;
pub mod engine;
pub mod erase;
pub mod history;
pub mod judge;
pub mod name;
#[cfg(feature = "openapi")]
mod openapi;
pub mod record;
pub mod wire;

pub use among::Among;
pub use book::Book;
pub use bucket::Bucket;
pub use change::Change;
pub use clock::{Clock, DeviceId};
pub use draft::Draft;
pub use name::Name;
pub use record::Record;
pub use records::{Fields, RecordId, Value};
