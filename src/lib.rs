//! The Linli tablet app.

pub mod desk;
