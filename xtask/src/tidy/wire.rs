//! What travels between tablet and office has one definition, `sync::wire`, which both compile. So the places that send
//! and receive define nothing serialisable themselves, and only `sync` and `records` describe schemas.

use super::{Source, Tree, code};

/// Where messages are sent and received.
const EDGES: [&str; 3] = ["src/net.rs", "src/net/", "crates/server/src/http"];

/// Derives whose types would be a second definition of a message.
const SERIAL: [&str; 2] = ["Serialize", "Deserialize"];

pub fn rule(tree: &Tree, broken: &mut Vec<String>) {
    for source in tree.rust("").filter(|source| !source.path.starts_with("xtask/")) {
        let at_edge = EDGES.iter().any(|edge| source.path.starts_with(edge));
        let pure = source.path.starts_with("crates/sync/") || source.path.starts_with("crates/records/");
        for derived in derives(source) {
            // The parts of an address (`?from=…`) are no message: IntoParams marks them.
            let is_message = !code::names(&derived, "IntoParams");
            if at_edge && is_message && SERIAL.iter().any(|name| code::names(&derived, name)) {
                broken.push(format!("{}: derives a message of its own; messages live in sync::wire", source.path));
            }
            if !pure && code::names(&derived, "ToSchema") {
                broken.push(format!("{}: derives a schema; what is in the API lives in sync::wire", source.path));
            }
        }
    }
}

/// The lists of all derive attributes.
fn derives(source: &Source) -> Vec<String> {
    let code = code::bare(&source.text);
    let lists = code.split("derive(").skip(1).map(|rest| rest.split(')').next().unwrap_or(rest).to_owned());
    lists.collect()
}

#[cfg(test)]
mod tests {
    use super::rule;
    use crate::tidy::tests::verdict;

    #[test]
    fn a_message_defined_where_it_is_sent_is_refused() {
        let text = "#[derive(Debug, serde::Serialize)]\nstruct Push { changes: Vec<Change> }";
        assert_eq!(verdict(rule, "src/net.rs", text).len(), 1);
        assert_eq!(verdict(rule, "crates/server/src/http/sync.rs", text).len(), 1);
        assert_eq!(verdict(rule, "crates/sync/src/wire.rs", text).len(), 0);
    }

    #[test]
    fn the_parts_of_an_address_are_no_message() {
        let text = "#[derive(Debug, Deserialize, IntoParams)]\nstruct Days { from: String }";
        assert_eq!(verdict(rule, "crates/server/src/http/figures.rs", text).len(), 0);
    }

    #[test]
    fn a_schema_outside_the_wire_is_refused() {
        let text = "#[derive(utoipa::ToSchema)]\nstruct Answer;";
        assert_eq!(verdict(rule, "crates/server/src/report.rs", text).len(), 1);
        assert_eq!(verdict(rule, "crates/sync/src/wire.rs", text).len(), 0);
    }
}
