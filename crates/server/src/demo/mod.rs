//! The demonstration community: generated, deterministic by a seed, pushed through the office like any change.
//!
//! It is the community of the 2009 work report: some 3,000 households and 10,000 people who do not exist, and a year's
//! services, visits and payments with exactly the report's figures. Nothing is written past the office: every record is an
//! [`act`] of someone, made a change by that person's [`tablet`], judged there and again at the office.
//!
//! Map: [`plan`] what there is to push · [`build`] pushes it · [`dice`] repeatable chance · [`calendar`] working days ·
//! [`buildings`], [`homes`], [`people`], [`names`], [`papers`], [`labels`] the register, written by [`register`] ·
//! [`posts`], [`services`], [`notes`] the officers' year · [`aid`], [`signature`] money · [`patrols`] · [`year`] the other
//! ledgers, drawn from the [`town`] · [`years`] more of them · [`accounts`] who signs in.

pub mod accounts;
pub mod act;
pub mod aid;
pub mod build;
pub mod buildings;
pub mod calendar;
pub mod dice;
pub mod homes;
pub mod labels;
pub mod names;
pub mod notes;
pub mod papers;
pub mod patrols;
pub mod people;
pub mod plan;
pub mod posts;
pub mod register;
pub mod scale;
pub mod services;
pub mod signature;
pub mod tablet;
pub mod town;
pub mod year;
pub mod years;

pub use build::{DemoFault, Progress, Summary, build};
pub use plan::{Options, Plan, plan};

/// What the community is called: no such village is on a map.
pub const COMMUNITY: &str = "玉兰新村社区";
