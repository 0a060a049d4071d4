//! The pages: one file each, named as in the address.

pub mod act;
pub mod board;
pub mod building;
pub mod devices;
pub mod doors;
pub mod edit;
pub mod erase;
pub mod filling;
pub mod help;
pub mod household;
pub mod ledger;
pub mod mend;
pub mod new;
pub mod notice;
pub mod person;
pub mod record;
pub mod report;
pub mod review;
pub mod roster;
pub mod sign_in;
pub mod sync;
pub mod today;
pub mod trail;
pub mod walk;
