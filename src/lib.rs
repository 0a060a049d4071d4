//! The Linli tablet app.

pub mod desk;
pub mod net;
pub mod platform;
pub mod store;
pub mod tabs;
pub mod updates;
