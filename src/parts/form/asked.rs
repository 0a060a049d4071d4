//! Questions as views need them: owned, comparable, and the very same as long as nothing of them changes.

use std::{ops::Deref, sync::Arc};

use records::{Problem, Value, pack::Choice};

/// A question's choices: thousands of them are shared while they stay the same, and then told apart by where they lie.
#[derive(Clone, Debug)]
pub struct Choices(Arc<[Choice]>);

impl Choices {
    fn of(choices: &[&Choice], before: Option<&Self>) -> Self {
        let is_same =
            |before: &&Self| before.len() == choices.len() && before.iter().zip(choices).all(|(a, b)| a == *b);
        before.filter(is_same).cloned().unwrap_or_else(|| Self(choices.iter().copied().cloned().collect()))
    }
}

impl Default for Choices {
    fn default() -> Self {
        Self(Arc::new([]))
    }
}

impl Deref for Choices {
    type Target = [Choice];

    fn deref(&self) -> &[Choice] {
        &self.0
    }
}

impl PartialEq for Choices {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// A question as it stands, the same one as long as nothing of it changes.
#[derive(Clone, Debug)]
pub struct Asked(Arc<Question>);

impl Asked {
    pub(super) fn of(q: records::form::Question<'_>, before: Option<&Self>) -> Self {
        let rows_before = |row: usize, at: usize| before?.rows.get(row)?.get(at);
        let rows =
            q.rows.into_iter().enumerate().map(|(row, all)| {
                all.into_iter().enumerate().map(|(at, q)| Self::of(q, rows_before(row, at))).collect()
            });
        let now = Question {
            rows: rows.collect(),
            name: q.field.name.clone(),
            relevant: q.relevant,
            required: q.required,
            read_only: q.read_only,
            value: q.value,
            choices: Choices::of(&q.choices, before.map(|before| &before.choices)),
            problem: q.problem,
        };
        before.filter(|before| ***before == now).cloned().unwrap_or_else(|| Self(Arc::new(now)))
    }
}

impl Deref for Asked {
    type Target = Question;

    fn deref(&self) -> &Question {
        &self.0
    }
}

impl PartialEq for Asked {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// A question as a view needs it: owned, comparable.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Field name.
    pub name: String,
    /// Is it asked now?
    pub relevant: bool,
    /// Must it be answered?
    pub required: bool,
    /// Shown, not changed by hand.
    pub read_only: bool,
    /// The answer; null for none.
    pub value: Value,
    /// Choices left by the filter.
    pub choices: Choices,
    /// What is wrong with the answer.
    pub problem: Option<Problem>,
    /// Rows of a repeat.
    pub rows: Vec<Vec<Asked>>,
}
