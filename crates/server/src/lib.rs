//! The `linli` server.
