//! The pages: one file each, named as in the address.

pub mod edit;
pub mod filling;
pub mod help;
pub mod mend;
pub mod new;
pub mod notice;
pub mod record;
pub mod sign_in;
pub mod sync;
pub mod today;
