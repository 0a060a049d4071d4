//! What the server's tests stand on: an office in a folder of its own, the app over it, and tablets.
#![allow(dead_code, unused_imports)]

pub mod app;
pub mod backend;
pub mod binary;
pub mod cluster;
pub mod office;
pub mod tablet;

pub use app::{Answer, TestApp};
pub use backend::{Backend, backend};
pub use office::*;
pub use tablet::Tablet;
