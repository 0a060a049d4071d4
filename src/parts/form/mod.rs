//! A record's form, drawn from its kind: the pack says what is asked, this says how each type of answer is given.

mod choice;
mod field;
mod location;
mod many;
mod moment;
pub mod money;
mod picker;
mod repeat;
mod signature;
pub use signature::SignatureView;
mod state;

use leptos::prelude::*;
use records::FieldType;

use field::FieldView;
pub use state::{FormState, Question};

/// All questions of a form, in the pack's order.
#[component]
pub fn FormView(
    /// The form.
    form: FormState,
) -> impl IntoView {
    let fields = form.kind().map(|kind| kind.fields).unwrap_or_default();
    let asked = fields.into_iter().filter(|f| !matches!(f.r#type, FieldType::Calculate));
    asked.map(|field| view! { <FieldView form field /> }).collect_view()
}
