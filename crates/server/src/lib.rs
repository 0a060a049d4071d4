//! The `linli` server.

pub mod db;
pub mod demo;
pub mod office;
