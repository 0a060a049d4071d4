//! The demonstration community: generated, deterministic by a seed, pushed through the office like any change.
