//! What has one home: nothing else may name the browser's database, the network, SQL, or allow itself unsafe code.

use super::{Tree, code};

struct Home {
    name: &'static str,
    /// Crate and module, or crate and nothing, as they stand in code.
    spelled: &'static [(&'static str, &'static str)],
    /// The only paths that may name it.
    at: &'static [&'static str],
    /// What to do elsewhere.
    instead: &'static str,
}

const HOMES: [Home; 4] = [
    Home {
        name: "indexed_db_futures",
        spelled: &[("indexed_db_futures", "")],
        at: &["src/store/", "tests/"],
        instead: "ask the store",
    },
    Home {
        name: "the browser's requests",
        spelled: &[("XmlHttpRequest", ""), ("EventSource", ""), ("gloo", "net"), ("gloo_net", "")],
        at: &["src/net.rs", "src/net/"],
        instead: "ask net",
    },
    // The server's tests may count behind its back, and its benches time the bare database beside it.
    Home {
        name: "sqlx",
        spelled: &[("sqlx", "")],
        at: &["crates/server/src/db/", "crates/server/tests/", "crates/server/benches/"],
        instead: "ask db",
    },
    Home { name: "unsafe code", spelled: &[("unsafe_code", "")], at: &["src/later.rs"], instead: "write it safely" },
];

pub fn rule(tree: &Tree, broken: &mut Vec<String>) {
    for source in tree.rust("").filter(|source| !source.path.starts_with("xtask/")) {
        let code = code::bare(&source.text);
        for home in &HOMES {
            let is_named = home.spelled.iter().any(|(one, two)| match *two {
                "" => code::names(&code, one),
                two => code::imports(&code, one, two),
            });
            if is_named && !home.at.iter().any(|folder| source.path.starts_with(folder)) {
                let folders = home.at.join(" or ");
                broken.push(format!("{}: names {}, at home in {folders}; {}", source.path, home.name, home.instead));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::rule;
    use crate::tidy::tests::verdict;

    #[test]
    fn a_page_must_not_open_the_database_itself() {
        assert_eq!(verdict(rule, "src/pages/today.rs", "use indexed_db_futures::database::Database;").len(), 1);
        assert_eq!(verdict(rule, "src/store/open.rs", "use indexed_db_futures::database::Database;").len(), 0);
        assert_eq!(verdict(rule, "src/pages/today.rs", "// not by indexed_db_futures").len(), 0);
    }

    #[test]
    fn only_net_speaks_to_the_network() {
        assert_eq!(verdict(rule, "src/desk/round.rs", "use web_sys::{Blob, XmlHttpRequest};").len(), 1);
        assert_eq!(verdict(rule, "src/desk/round.rs", "gloo_net::http::Request::get(x)").len(), 1);
        assert_eq!(verdict(rule, "src/desk/round.rs", "use web_sys::Blob;").len(), 0);
        assert_eq!(verdict(rule, "src/net.rs", "use web_sys::XmlHttpRequest;").len(), 0);
    }

    #[test]
    fn only_the_border_between_the_apps_files_may_be_unsafe() {
        assert_eq!(verdict(rule, "src/desk/round.rs", "#[allow(unsafe_code)]").len(), 1);
        assert_eq!(verdict(rule, "src/later.rs", "#[allow(unsafe_code)]").len(), 0);
    }

    #[test]
    fn only_db_speaks_sql() {
        assert_eq!(verdict(rule, "crates/server/src/office/push.rs", "sqlx::query(\"\")").len(), 1);
        assert_eq!(verdict(rule, "crates/server/src/db/push.rs", "sqlx::query(\"\")").len(), 0);
    }
}
