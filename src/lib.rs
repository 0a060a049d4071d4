//! The Linli tablet app.
