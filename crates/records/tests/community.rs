//! The pack that comes with the program: it loads, and its forms do what the officers expect of them.

use records::Pack;

#[test]
fn the_embedded_pack_loads() {
    let pack = Pack::load(records::pack::COMMUNITY);
    assert!(pack.is_ok(), "{:#?}", pack.unwrap_err());
}
