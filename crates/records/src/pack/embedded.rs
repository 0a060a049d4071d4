//! The pack that comes with the program: `packs/community`, listed by the build script.

use std::sync::LazyLock;

use super::Pack;

/// Files of the embedded pack: path relative to its folder, and text.
pub const COMMUNITY: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/community.rs"));

static LOADED: LazyLock<Pack> = LazyLock::new(|| match Pack::load(COMMUNITY) {
    Ok(pack) => pack,
    // Held by a test of this crate, so that no released program can get here.
    Err(problems) => panic!("the embedded pack does not load: {problems:#?}"),
});

impl Pack {
    /// The pack embedded in the program. Parsed once; later calls copy it.
    pub fn community() -> Self {
        LOADED.clone()
    }
}
