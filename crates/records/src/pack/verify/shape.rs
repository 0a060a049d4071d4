//! What reading the files holds a pack to, asked of one that came another way: both languages, lists that exist, numbers
//! in their ranges.

use super::{Place, place, verify};
use crate::{
    Text,
    pack::{Due, DueRule, Field, FieldType, Kind, Pack, PackProblem},
};

impl Pack {
    /// All that does not hold together, whatever the pack came from; empty for one that may be in force.
    pub fn verify(&self) -> Vec<PackProblem> {
        let mut problems = Shape { pack: self, problems: Vec::new() }.whole();
        verify(self, &mut problems);
        problems
    }
}

struct Shape<'p> {
    pack: &'p Pack,
    problems: Vec<PackProblem>,
}

impl Shape<'_> {
    fn whole(mut self) -> Vec<PackProblem> {
        let pack = self.pack;
        let of_pack = |what: &str, name: &str| Place {
            file: "pack.toml".into(),
            kind: None,
            field: Some(format!("{what} {name}")),
        };
        let head = Place { file: "pack.toml".into(), ..Place::default() };
        if pack.name.is_empty() {
            self.problems.push(head.problem("`name` is missing"));
        }
        if pack.version == 0 {
            self.problems.push(head.problem("`version` is a whole number from 1, and grows at each published change"));
        }
        self.must(&head, "label", &pack.label);
        for (name, kind) in &pack.kinds {
            if *name != kind.name {
                self.problems.push(place(name, None).problem("`name` is not what the pack calls the kind"));
            }
            self.kind(kind);
        }
        for (list, choices) in &pack.choices {
            let at = match list.split_once('.') {
                Some((kind, _)) => place(kind, None),
                None => of_pack("choices", list),
            };
            choices.iter().for_each(|c| self.must(&at, &format!("choices.{list}: `{}`: label", c.name), &c.label));
        }
        for post in &pack.posts {
            self.must(&of_pack("post", &post.name), "label", &post.label);
        }
        for dimension in &pack.dimensions {
            self.must(&of_pack("dimension", &dimension.name), "label", &dimension.label);
        }
        for indicator in &pack.indicators {
            let at = of_pack("indicator", &indicator.name);
            if indicator.name.is_empty() || indicator.name.contains(|c: char| c.is_whitespace() || "{}:".contains(c)) {
                self.problems.push(at.problem("`name` is a word without spaces, braces and colons"));
            }
            self.must(&at, "label", &indicator.label);
            self.may(&at, "unit", indicator.unit.as_ref());
        }
        pack.due.iter().for_each(|due| self.due(&of_pack("due", &due.name), due));
        for template in &pack.reports {
            let at = Place { file: format!("reports/{}.toml", template.name), ..Place::default() };
            self.must(&at, "label", &template.label);
            self.must(&at, "body", &template.body);
            template.charts.iter().for_each(|chart| self.must(&at, "chart: label", &chart.label));
        }
        self.problems
    }

    fn kind(&mut self, kind: &Kind) {
        self.must(&place(&kind.name, None), "label", &kind.label);
        for action in &kind.actions {
            self.must(&place(&kind.name, Some(&format!("action {}", action.name))), "label", &action.label);
        }
        if let Some(gone) = &kind.gone {
            let at = place(&kind.name, Some("gone"));
            self.must(&at, "here", &gone.here);
            self.must(&at, "label", &gone.label);
        }
        kind.fields.iter().for_each(|field| self.field(kind, field));
    }

    fn field(&mut self, kind: &Kind, field: &Field) {
        let at = place(&kind.name, Some(&field.name));
        // A calculation is never shown, so it may go without.
        if field.r#type != FieldType::Calculate {
            self.must(&at, "label", &field.label);
        }
        self.may(&at, "hint", field.hint.as_ref());
        self.may(&at, "constraint_message", field.constraint_message.as_ref());
        match &field.r#type {
            FieldType::Repeat(inner) => inner.iter().for_each(|field| self.field(kind, field)),
            FieldType::SelectOne(list) | FieldType::SelectMultiple(list) if !self.pack.choices.contains_key(list) => {
                let hint = super::hint(list, self.pack.choices.keys().map(String::as_str));
                self.problems.push(at.problem(format!("there is no choice list `{list}`{hint}")));
            }
            _ => {}
        }
    }

    fn due(&mut self, at: &Place, due: &Due) {
        if due.name.is_empty() {
            self.problems.push(at.problem("`name` is missing"));
        }
        self.must(at, "label", &due.label);
        let days = match &due.rule {
            DueRule::Every { days, .. } if !(1..=3660).contains(days) => "`every` is a number of days from 1 to 3660",
            DueRule::Until { date, .. } | DueRule::Promise { date, .. } if date.is_empty() => {
                "needs one of `promise` (a date field), `every` (days) and `until` (a date field)"
            }
            _ => return,
        };
        self.problems.push(at.problem(days));
    }

    /// A text that must be there in both languages.
    fn must(&mut self, at: &Place, column: &str, text: &Text) {
        for (code, said) in [("zh", &text.zh), ("en", &text.en)] {
            if said.trim().is_empty() {
                self.problems
                    .push(at.problem(format!("`{column}` lacks its `{code}` text; both languages are needed")));
            }
        }
    }

    fn may(&mut self, at: &Place, column: &str, text: Option<&Text>) {
        if let Some(text) = text {
            self.must(at, column, text);
        }
    }
}
