//! The Linli tablet app: screens ([`pages`], [`parts`]) over one object that does things ([`desk`]).
//!
//! Data flows one way: field → draft → change → log → book → screen. Screens never touch storage or network.

pub mod app;
pub mod camera;
pub mod desk;
pub mod later;
pub mod net;
pub mod pages;
pub mod parts;
pub mod passkey;
pub mod picture;
pub mod platform;
pub mod signed;
pub mod store;
pub mod tabs;
pub mod texts;
pub mod updates;
pub use views as view;
