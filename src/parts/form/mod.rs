//! A record's form, drawn from its kind: the pack says what is asked, this says how each type of answer is given.

mod choice;
mod field;
mod files;
mod list;
mod location;
mod many;
mod moment;
pub mod money;
mod phrases;
mod picker;
mod repeat;
mod signature;
pub use location::position;
pub use repeat::RowView;
pub use signature::SignatureView;
mod state;

use leptos::prelude::*;
use records::{Field, FieldType};

use field::FieldView;
pub use state::{FormState, Question};

use crate::texts;

texts! {
    others: "其他可以填的", "More to fill in";
}

/// The questions of a form, in the pack's order: all, or those put first with the others folded away or left out.
#[component]
pub fn FormView(
    /// The form.
    form: FormState,
    /// Whether the others are there when some are put first.
    #[prop(optional)]
    rest: bool,
) -> impl IntoView {
    let desk = form.desk();
    let fields = form.kind().map(|kind| kind.fields).unwrap_or_default();
    let asked: Vec<_> = fields.into_iter().filter(|f| !matches!(f.r#type, FieldType::Calculate)).collect();
    let first = form.first();
    let (put, others): (Vec<_>, Vec<_>) = asked.into_iter().partition(|f| first.is_empty() || first.contains(&f.name));
    let questions =
        |fields: Vec<Field>| fields.into_iter().map(|field| view! { <FieldView form field /> }).collect_view();
    view! {
        {questions(put)}
        {(rest && !others.is_empty()).then(|| view! {
            <details class="folded others">
                <summary>{move || self::others(desk.lang())}</summary>
                <div class="form">{questions(others)}</div>
            </details>
        })}
    }
}
