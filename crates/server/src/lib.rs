//! The `linli` server.
//!
//! Floors, top down: [`cli`] the commands and all their settings · [`http`] routes over the office · [`demo`] a community
//! to try · [`tls`] certificates · [`office`] what the server does · [`db`] tables, the only place that knows a database ·
//! [`private`] whose files they are.

pub mod cli;
pub mod db;
pub mod demo;
pub mod http;
pub mod office;
pub mod private;
pub mod tls;

/// Of what a push costs the processor, a fifth was the system's allocator. Without huge pages (`no_thp`): with them a server at
/// rest holds three times as much, and there may be one for each community.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
