//! The sheet `choices` to choice lists.

use std::collections::{BTreeMap, BTreeSet};

use records::{
    Field, Pack, Text,
    pack::{Choice, filters, twins},
};

use super::super::{
    YES_NO,
    columns::CHOICES,
    finding::{
        CHOICE_CHANGED, CHOICE_GONE, CHOICE_LACKS, CHOICE_TWICE, Findings, LABEL_LACKS, LIST_SHARED, LIST_UNUSED,
        TOO_MANY,
    },
    language::Languages,
    renamed::Renamed,
    table::{Row, Table, Written},
};
use super::{is_yes, over::with_gone};

/// Most choices of a form: they go to every tablet.
const MOST: usize = 5000;

/// A list as the workbook has it.
pub(super) struct List {
    pub choices: Vec<Choice>,
    pub is_shared: bool,
    pub is_used: bool,
    at: Written,
    names: BTreeSet<String>,
    /// Where each choice stands.
    rows: Vec<Written>,
}

/// The lists of a workbook by the names they have there.
#[derive(Default)]
pub(super) struct Lists(pub BTreeMap<String, List>);

impl Lists {
    /// All lists of the sheet.
    pub(super) fn read(
        table: &Table<'_>,
        languages: &Languages,
        renamed: &mut Renamed,
        findings: &mut Findings,
    ) -> Self {
        let mut lists = Self::default();
        for (count, row) in table.rows().enumerate() {
            if count == MOST {
                let about = Text::new(format!("选项最多 {MOST} 个"), format!("a form has at most {MOST} choices"));
                findings.about(&row.place("list_name"), &TOO_MANY, about);
                break;
            }
            let list = row.text("list_name");
            // ODK's tools pass over rows of no list, which some forms use for remarks.
            if list.is_empty() || list == YES_NO {
                continue;
            }
            row.passed_over(&CHOICES, findings);
            if let Some(choice) = choice(row, languages, renamed, findings) {
                let list = lists.0.entry(list).or_insert_with(|| List {
                    choices: Vec::new(),
                    is_shared: is_yes(&row.text("linli_shared")),
                    is_used: false,
                    at: row.place("list_name"),
                    names: BTreeSet::new(),
                    rows: Vec::new(),
                });
                let at = row.place("name");
                let is_same = |other: &Choice| other.name == choice.name && other.columns == choice.columns;
                // Of one name, but in another branch of a cascade.
                if list.names.insert(choice.name.clone()) || !list.choices.iter().any(is_same) {
                    list.choices.push(choice);
                    list.rows.push(at);
                } else {
                    findings.of(&at, &CHOICE_TWICE, &choice.name);
                }
            }
        }
        lists
    }

    /// The list a question offers, as the kind names it; `None` where there is no such list.
    pub(super) fn offered(&mut self, pack: &Pack, kind: &str, name: &str) -> Option<String> {
        match self.0.get_mut(name) {
            Some(list) => {
                list.is_used = true;
                let shared = list.is_shared && pack.choices.contains_key(name);
                Some(if shared { name.to_owned() } else { own(kind, name) })
            }
            None => pack.choices.contains_key(name).then(|| name.to_owned()),
        }
    }

    /// Names that an expression over a list's choices may use.
    pub(super) fn columns(&self, pack: &Pack, kind: &str, list: &str) -> BTreeSet<String> {
        let own = self.0.iter().find(|(name, _)| own(kind, name) == list).map(|(_, list)| &list.choices);
        let choices = own.or_else(|| pack.choices.get(list)).into_iter().flatten();
        choices.flat_map(|choice| choice.columns.keys().cloned()).chain(["name".into(), "label".into()]).collect()
    }

    /// Takes out what no question could tell from another choice of its name, and says so.
    pub(super) fn apart(&mut self, kind: &str, fields: &[Field], findings: &mut Findings) {
        for (name, list) in self.0.iter_mut().filter(|(_, list)| list.choices.len() > list.names.len()) {
            let mut twins = twins(&list.choices, &filters(fields, &own(kind, name)));
            while let Some(at) = twins.pop_last() {
                let gone = list.choices.remove(at);
                if at < list.rows.len() {
                    findings.of(&list.rows.remove(at), &CHOICE_TWICE, &gone.name);
                }
            }
        }
    }

    /// Offers one's own words too, in a list that has no such choice.
    pub(super) fn with_other(&mut self, name: &str) {
        let Some(list) = self.0.get_mut(name) else { return };
        if list.names.insert("other".into()) {
            let label = Text::new("其他", "Other");
            list.choices.push(Choice { name: "other".into(), label, columns: BTreeMap::new() });
        }
    }

    /// The lists the kind brings, with the choices in force that they lack; what is shared or never offered is said. A
    /// workbook of ours keeps what it never offers.
    pub(super) fn brought(
        self,
        pack: &Pack,
        kind: &str,
        is_ours: bool,
        findings: &mut Findings,
    ) -> BTreeMap<String, Vec<Choice>> {
        let mut brought = BTreeMap::new();
        for (name, list) in self.0 {
            match pack.choices.get(&name) {
                Some(shared) if list.is_shared => {
                    if *shared != list.choices {
                        findings.say(&list.at, &LIST_SHARED);
                    }
                }
                _ if !list.is_used && !is_ours => findings.say(&list.at, &LIST_UNUSED),
                _ => {
                    let (name, at) = (own(kind, &name), list.at);
                    let was = pack.choices.get(&name).map_or(&[][..], |was| was);
                    let choices = with_gone(
                        was,
                        list.choices,
                        |choice| &choice.name,
                        |gone| {
                            findings.about(&at, &CHOICE_GONE, gone.label.clone());
                            gone.clone()
                        },
                    );
                    brought.insert(name, choices);
                }
            }
        }
        brought
    }
}

/// A list's name as the kind has it.
fn own(kind: &str, list: &str) -> String {
    format!("{kind}.{}", list.replace(|c: char| c == '.' || c.is_whitespace(), "_"))
}

fn choice(row: Row<'_>, languages: &Languages, renamed: &mut Renamed, findings: &mut Findings) -> Option<Choice> {
    let Some(written) = row.cell("name") else {
        findings.say(&row.place("name"), &CHOICE_LACKS);
        return None;
    };
    let name = written.text.split_whitespace().collect::<Vec<_>>().join("_");
    if name != written.text {
        findings.of(&written, &CHOICE_CHANGED, &name);
        renamed.choices.insert(written.text.clone(), name.clone());
    }
    let label = languages.text(row, "label", findings).unwrap_or_else(|| {
        findings.say(&row.place("label"), &LABEL_LACKS);
        Text::new(&name, &name)
    });
    let others = row.cells().filter(|(heading, _)| !heading.is_known);
    let columns = others.map(|(heading, written)| (heading.name.clone(), written.text)).collect();
    Some(Choice { name, label, columns })
}
