//! A table of a pack's file, read column by column; what is misspelt or missing is noted with its place, and reading goes on.

use toml::{Table, Value as Toml};

use std::collections::BTreeMap;

use super::{By, Choice, PackProblem, Path};
use crate::{Text, expression::Expression, near};

/// Where something is: for the author of the pack.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    pub file: String,
    pub kind: Option<String>,
    pub field: Option<String>,
}

impl Place {
    pub(super) fn problem(&self, message: impl Into<String>) -> PackProblem {
        let Self { file, kind, field } = self.clone();
        PackProblem { file, kind, field, message: message.into() }
    }
}

/// One table. Columns are taken out of it; [`Row::end`] reports those nobody asked for.
pub(super) struct Row<'p> {
    table: Table,
    asked: Vec<&'static str>,
    pub place: Place,
    problems: &'p mut Vec<PackProblem>,
}

impl<'p> Row<'p> {
    pub(super) fn new(table: Table, place: Place, problems: &'p mut Vec<PackProblem>) -> Self {
        Self { table, asked: Vec::new(), place, problems }
    }

    pub(super) fn note(&mut self, message: impl Into<String>) {
        self.problems.push(self.place.problem(message));
    }

    fn take(&mut self, column: &'static str) -> Option<Toml> {
        self.asked.push(column);
        self.table.remove(column)
    }

    pub(super) fn text(&mut self, column: &'static str) -> Option<String> {
        match self.take(column)? {
            Toml::String(text) => Some(text),
            other => {
                self.note(format!("`{column}` is a text in quotes, not {}", other.type_str()));
                None
            }
        }
    }

    /// A text that must be there; empty, with a problem noted, when it is not.
    pub(super) fn must(&mut self, column: &'static str) -> String {
        let given = self.table.contains_key(column);
        let text = self.text(column);
        if !given {
            self.note(format!("`{column}` is missing"));
        }
        text.unwrap_or_default()
    }

    pub(super) fn whole(&mut self, column: &'static str) -> Option<i64> {
        let value = self.take(column)?;
        if value.as_integer().is_none() {
            self.note(format!("`{column}` is a whole number, not {}", value.type_str()));
        }
        value.as_integer()
    }

    pub(super) fn flag(&mut self, column: &'static str) -> bool {
        match self.take(column) {
            None => false,
            Some(Toml::Boolean(flag)) => flag,
            Some(other) => {
                self.note(format!("`{column}` is true or false, not {}", other.type_str()));
                false
            }
        }
    }

    /// One of a few words, by serde's names of the enum.
    pub(super) fn word<T: serde::de::DeserializeOwned>(
        &mut self,
        column: &'static str,
        known: &[&str],
        must: bool,
    ) -> Option<T> {
        if !self.table.contains_key(column) && must {
            self.note(format!("`{column}` is missing; it is one of {}", known.join(", ")));
        }
        let word = self.text(column)?;
        let read = serde_json::from_value(word.as_str().into());
        if read.is_err() {
            self.note(format!("`{column}` is `{word}`; it is one of {}", known.join(", ")));
        }
        read.ok()
    }

    /// A text in both languages.
    pub(super) fn both(&mut self, column: &'static str) -> Option<Text> {
        let mut table = match self.take(column)? {
            Toml::Table(table) => table,
            other => {
                self.note(format!("`{column}` is {{ zh = \"…\", en = \"…\" }}, not {}", other.type_str()));
                return None;
            }
        };
        let mut language = |code: &str| match table.remove(code) {
            Some(Toml::String(text)) if !text.trim().is_empty() => text,
            _ => {
                self.problems
                    .push(self.place.problem(format!("`{column}` lacks its `{code}` text; both languages are needed")));
                String::new()
            }
        };
        let text = Text { zh: language("zh"), en: language("en") };
        for other in table.keys() {
            self.problems.push(self.place.problem(format!("`{column}` has `{other}`; the languages are zh and en")));
        }
        Some(text)
    }

    pub(super) fn must_both(&mut self, column: &'static str) -> Text {
        if !self.table.contains_key(column) {
            self.note(format!("`{column}` is missing; write {{ zh = \"…\", en = \"…\" }}"));
        }
        self.both(column).unwrap_or_default()
    }

    /// An expression; `true` and `yes` are always, `false` and `no` never.
    pub(super) fn expression(&mut self, column: &'static str) -> Option<Expression> {
        let source = match self.take(column)? {
            Toml::Boolean(false) => return None,
            Toml::Boolean(true) => "true()".to_owned(),
            Toml::Integer(number) => number.to_string(),
            Toml::Float(number) => number.to_string(),
            Toml::String(text) => match text.as_str() {
                "no" | "false" => return None,
                "yes" | "true" => "true()".to_owned(),
                _ => text,
            },
            other => {
                self.note(format!("`{column}` is an expression in quotes, not {}", other.type_str()));
                return None;
            }
        };
        self.parse(column, &source)
    }

    /// A default, as in XLSForm: a plain value, or an expression when it has a `(`, a `${` or begins with a quote.
    pub(super) fn default(&mut self) -> Option<Expression> {
        let column = "default";
        let source = match self.take(column)? {
            Toml::Boolean(truth) => format!("{truth}()"),
            Toml::Integer(number) => number.to_string(),
            Toml::String(text) if text.contains('(') || text.contains("${") || text.starts_with(['\'', '"']) => text,
            Toml::String(text) if !text.contains('\'') => format!("'{text}'"),
            Toml::String(text) => format!("\"{text}\""),
            other => {
                self.note(format!("`{column}` is a text, a whole number, or true or false, not {}", other.type_str()));
                return None;
            }
        };
        self.parse(column, &source)
    }

    fn parse(&mut self, column: &str, source: &str) -> Option<Expression> {
        let parsed = Expression::parse(source);
        if let Err(error) = &parsed {
            self.note(format!("`{column}`: {error}"));
        }
        parsed.ok()
    }

    /// A list of texts.
    pub(super) fn list(&mut self, column: &'static str) -> Vec<String> {
        let Some(list) = self.take(column) else { return Vec::new() };
        let items: Option<Vec<String>> =
            list.as_array().and_then(|items| items.iter().map(|i| i.as_str().map(Into::into)).collect());
        if items.is_none() {
            self.note(format!("`{column}` is a list of texts such as [\"person\", \"household\"]"));
        }
        items.unwrap_or_default()
    }

    /// A table read by serde as it stands.
    pub(super) fn shape<T: serde::de::DeserializeOwned + Default>(&mut self, column: &'static str) -> T {
        let Some(value) = self.take(column) else { return T::default() };
        value.try_into().unwrap_or_else(|error| {
            self.note(format!("[{column}]: {}", error.to_string().trim_end()));
            T::default()
        })
    }

    /// A table of expressions by name.
    pub(super) fn expressions(&mut self, column: &'static str) -> BTreeMap<String, Expression> {
        let Some(table) = self.table(column) else { return BTreeMap::new() };
        let mut read = BTreeMap::new();
        for (name, value) in table {
            let source = match value {
                Toml::String(source) => source,
                Toml::Integer(number) => number.to_string(),
                Toml::Boolean(truth) => format!("{truth}()"),
                other => {
                    self.note(format!("`{column}.{name}` is an expression in quotes, not {}", other.type_str()));
                    continue;
                }
            };
            if let Some(expression) = self.parse(column, &source) {
                read.insert(name, expression);
            }
        }
        read
    }

    /// A table of paths by name.
    pub(super) fn paths(&mut self, column: &'static str) -> By {
        let mut read = By::new();
        for (name, value) in self.table(column).unwrap_or_default() {
            match value {
                Toml::String(path) => drop(read.insert(name, Path(path))),
                other => self.note(format!(
                    "`{column}.{name}` is a path such as \"household.building\", not {}",
                    other.type_str()
                )),
            }
        }
        read
    }

    /// A table, `[column]`.
    pub(super) fn table(&mut self, column: &'static str) -> Option<Table> {
        match self.take(column)? {
            Toml::Table(table) => Some(table),
            other => {
                self.note(format!("[{column}] is a table, not {}", other.type_str()));
                None
            }
        }
    }

    /// Tables under `[[column]]`.
    pub(super) fn tables(&mut self, column: &'static str) -> Vec<Table> {
        let Some(list) = self.take(column) else { return Vec::new() };
        self.as_tables(&format!("[[{column}]]"), list)
    }

    fn as_tables(&mut self, written: &str, list: Toml) -> Vec<Table> {
        let tables: Option<Vec<Table>> = match list {
            Toml::Array(items) => items.into_iter().map(|i| i.try_into::<Table>().ok()).collect(),
            _ => None,
        };
        if tables.is_none() {
            self.note(format!("{written} is a list of tables"));
        }
        tables.unwrap_or_default()
    }

    /// `[choices]`: lists by name.
    pub(super) fn choices(&mut self) -> Vec<(String, Vec<Choice>)> {
        let Some(lists) = self.take("choices") else { return Vec::new() };
        let Toml::Table(lists) = lists else {
            self.note("[choices] is a table of lists by name");
            return Vec::new();
        };
        let mut read = Vec::new();
        for (name, list) in lists {
            let tables = self.as_tables(&format!("choices.{name}"), list);
            let choices = tables.into_iter().map(|table| self.choice(&name, table)).collect();
            read.push((name, choices));
        }
        read
    }

    fn choice(&mut self, list: &str, table: Table) -> Choice {
        let mut notes = Vec::new();
        let mut row = Row::new(table, self.place.clone(), &mut notes);
        let (name, label) = (row.must("name"), row.must_both("label"));
        let mut columns = std::collections::BTreeMap::new();
        for (column, value) in std::mem::take(&mut row.table) {
            let text = match value {
                Toml::String(text) => text,
                Toml::Integer(number) => number.to_string(),
                Toml::Boolean(truth) => truth.to_string(),
                other => {
                    row.note(format!("column `{column}` is a text, not {}", other.type_str()));
                    continue;
                }
            };
            columns.insert(column, text);
        }
        for mut note in notes {
            note.message = format!("choices.{list}: `{name}`: {}", note.message);
            self.problems.push(note);
        }
        Choice { name, label, columns }
    }

    /// Reads another table at the same place, its problems with this one's.
    pub(super) fn within<T>(&mut self, table: Table, field: Option<&str>, read: impl FnOnce(&mut Row<'_>) -> T) -> T {
        let mut place = self.place.clone();
        if let Some(field) = field {
            place.field = Some(field.to_owned());
        }
        read(&mut Row::new(table, place, self.problems))
    }

    /// Reports the columns nobody asked for.
    pub(super) fn end(&mut self) {
        for column in std::mem::take(&mut self.table).keys() {
            let hint = match near(column, self.asked.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("the columns are {}", self.asked.join(", ")),
            };
            self.note(format!("unknown column `{column}`; {hint}"));
        }
    }
}
