//! What screens show, worked out without any screen: pure functions over the book and the pack.

