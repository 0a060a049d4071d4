//! A question's place in a form: where its answer comes from and goes to.

use leptos::prelude::*;
use records::{Field, Value};

use super::{asked::Asked, state::FormState};

/// Where answers of a question come from and go to: a field of the record, or of a row of a repeat.
#[derive(Clone, Copy)]
pub struct Ask {
    /// The form.
    pub form: FormState,
    /// Repeat and row, inside one.
    pub row: Option<(StoredValue<String>, usize)>,
    /// The field.
    pub field: StoredValue<Field>,
    /// The question as it stands.
    asked: Memo<Option<Asked>>,
}

impl Ask {
    /// A question of the record, or of a row of one of its repeats.
    pub fn new(form: FormState, row: Option<(StoredValue<String>, usize)>, field: Field) -> Self {
        let name = field.name.clone();
        // By name, not by what the row's view holds: it may be asked once more while that goes away.
        let at = row.map(|(repeat, row)| (repeat.get_value(), row));
        let asked = Memo::new(move |_| match &at {
            None => form.question(&name),
            Some((repeat, row)) => {
                let whole = form.question(repeat)?;
                whole.rows.get(*row)?.iter().find(|q| q.name == name).cloned()
            }
        });
        Self { form, row, field: StoredValue::new(field), asked }
    }

    /// The question as it stands; tracks it alone. None where it is no more, as for a box that goes away with its page.
    pub fn question(&self) -> Option<Asked> {
        self.asked.try_get().flatten()
    }

    /// The answer.
    pub fn value(&self) -> Value {
        self.question().map(|q| q.value.clone()).unwrap_or_default()
    }

    /// Takes an answer.
    pub fn set(&self, value: Value) {
        let name = self.field.with_value(|f| f.name.clone());
        match self.row {
            None => self.form.set(&name, value),
            Some((repeat, row)) => self.form.set_in_row(&repeat.get_value(), row, &name, value),
        }
    }

    /// Takes an answer that takes something off, and offers it back for some seconds.
    pub fn take_off(&self, value: Value) {
        let name = self.field.with_value(|f| f.name.clone());
        match self.row {
            None => self.form.take_off(&name, value),
            Some((repeat, row)) => self.form.take_off_in_row(&repeat.get_value(), row, &name, value),
        }
    }

    /// What is asked, in the language of the interface.
    pub fn label(&self) -> String {
        self.field.with_value(|field| field.label.get(self.form.desk().lang()).to_owned())
    }

    /// The control's id in the page.
    pub fn id(&self) -> String {
        let name = self.field.with_value(|f| f.name.clone());
        match self.row {
            None => format!("field-{name}"),
            Some((repeat, row)) => format!("field-{}-{row}-{name}", repeat.get_value()),
        }
    }

    /// Whether a problem shows, as `aria-invalid` says it.
    pub fn is_wrong(&self) -> Option<&'static str> {
        self.problem().is_some().then_some("true")
    }

    /// Whether it must be answered now.
    pub fn is_required(&self) -> bool {
        self.question().is_some_and(|question| question.required)
    }

    /// The problem to show.
    pub fn problem(&self) -> Option<records::Problem> {
        match self.row {
            None => self.form.problem(&self.field.try_with_value(|f| f.name.clone())?, self.question()),
            Some((repeat, _)) => {
                let repeat = repeat.try_get_value()?;
                self.form.problem(&repeat, self.form.question(&repeat)).and_then(|_| self.question()?.problem.clone())
            }
        }
    }
}
