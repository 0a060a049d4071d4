//! The Linli tablet app.

pub mod desk;
pub mod platform;
pub mod store;
