//! A form in use: what is no longer offered goes, chains come to rest however long they are, and an answer costs what
//! depends on it.

use std::fmt::Write;

use jiff::civil::date;
use records::{Context, Fields, NoOthers, Pack, User, Value, form::Form};
use serde_json::json;

mod budget;
mod cascade;
mod chain;
mod touched;

/// A question: its name, its type, its other columns in TOML.
pub(crate) fn question(name: &str, r#type: &str, more: &str) -> String {
    format!("[[field]]\nname = \"{name}\"\ntype = \"{type}\"\nlabel = {{ zh = \"{name}\", en = \"{name}\" }}\n{more}\n")
}

/// The same in a row of the repeat before it.
pub(crate) fn inside(name: &str, r#type: &str, more: &str) -> String {
    question(name, r#type, more).replace("[[field]]", "[[field.field]]")
}

/// A pack whose one kind `form` asks these, with its choice lists: a list's name, then `name column=value …` of each.
pub(crate) fn pack(questions: &[String], lists: &[(&str, &[&str])]) -> Pack {
    let mut kind = String::from(
        "label = { zh = \"表\", en = \"Form\" }\nnature = \"register\"\nclass = \"open\"\ntitle = \"'t'\"\n",
    );
    kind += &questions.concat();
    if !lists.is_empty() {
        kind += "[choices]\n";
    }
    for (list, choices) in lists {
        writeln!(kind, "{list} = [").unwrap();
        for choice in *choices {
            let mut words = choice.split(' ');
            let name = words.next().unwrap();
            let columns: String =
                words.filter_map(|word| word.split_once('=')).map(|(c, v)| format!(", {c} = \"{v}\"")).collect();
            writeln!(kind, "{{ name = \"{name}\", label = {{ zh = \"{name}\", en = \"{name}\" }}{columns} }},")
                .unwrap();
        }
        writeln!(kind, "]").unwrap();
    }
    let head = "name = \"p\"\nversion = 1\nlabel = { zh = \"包\", en = \"Pack\" }\n";
    Pack::load(&[("pack.toml", head), ("kinds/form.toml", &kind)]).unwrap_or_else(|wrong| panic!("{wrong:#?}\n{kind}"))
}

pub(crate) fn context() -> Context<'static> {
    Context { today: date(2009, 3, 1), user: User { name: "li", post: "civil_affairs" }, lookup: &NoOthers }
}

/// A record being written.
pub(crate) struct Desk<'p> {
    pub(crate) pack: &'p Pack,
    pub(crate) form: Form,
}

impl<'p> Desk<'p> {
    pub(crate) fn new(pack: &'p Pack) -> Self {
        Self { pack, form: Form::new(pack, "form", Fields::new(), true, &context()) }
    }

    /// A record that was kept.
    pub(crate) fn open(pack: &'p Pack, kept: Value) -> Self {
        let kept = kept.as_object().unwrap().clone().into_iter().collect();
        Self { pack, form: Form::new(pack, "form", kept, false, &context()) }
    }

    pub(crate) fn answer(&mut self, field: &str, value: Value) -> &mut Self {
        self.form.set(self.pack, field, value, &context());
        self
    }

    pub(crate) fn row(&mut self, repeat: &str, row: usize, field: &str, value: Value) -> &mut Self {
        self.form.set_in_row(self.pack, repeat, row, field, value, &context());
        self
    }

    pub(crate) fn add(&mut self, repeat: &str) -> &mut Self {
        self.form.add_row(self.pack, repeat, &context());
        self
    }

    pub(crate) fn saved(&self) -> Value {
        json!(self.form.fields())
    }

    pub(crate) fn wrong(&self) -> Vec<String> {
        let problems = self.form.problems(self.pack, &context());
        problems.into_iter().map(|p| format!("{} {}", p.field.unwrap_or_default(), p.code)).collect()
    }
}
