//! A group of questions that is answered as often as there is something to say.

use leptos::prelude::*;
use records::FieldType;

use super::{ask::Ask, field::AskView, state::FormState};
use crate::{parts::icon::Icon, texts};

texts! {
    add: "添加", "Add";
    remove: "去掉", "Remove";
}

/// The rows, and a button for one more.
#[component]
pub fn RepeatView(
    /// The form.
    form: FormState,
    /// The repeat's name.
    repeat: String,
) -> impl IntoView {
    let desk = form.desk();
    let name = StoredValue::new(repeat);
    let count = Memo::new(move |_| form.question(&name.get_value()).map_or(0, |q| q.rows.len()));
    let row = move |at: usize| {
        let label = move || format!("{} {}", remove(desk.lang()), at + 1);
        view! {
            <div class="card repeat-row">
                <RowView form repeat=name.get_value() row=at />
                <button type="button" class="button quiet" aria-label=label on:click=move |_| form.take_row(&name.get_value(), at)>
                    <Icon name="close" />
                    <span>{move || remove(desk.lang())}</span>
                </button>
            </div>
        }
    };
    view! {
        <div class="repeat">
            // Rows are known by their place, so they are made anew when one goes.
            {move || (0..count.get()).map(&row).collect_view()}
            <button type="button" class="button" on:click=move |_| form.add_row(&name.get_value())>
                <Icon name="plus" />
                <span>{move || add(desk.lang())}</span>
            </button>
        </div>
    }
}

/// The questions of one row.
#[component]
pub fn RowView(
    /// The form.
    form: FormState,
    /// The repeat's name.
    repeat: String,
    /// The row's place.
    row: usize,
) -> impl IntoView {
    let inner = match form.kind().and_then(|kind| kind.field(&repeat).cloned()).map(|field| field.r#type) {
        Some(FieldType::Repeat(inner)) => inner,
        _ => Vec::new(),
    };
    let repeat = StoredValue::new(repeat);
    let one = |field| view! { <AskView ask=Ask::new(form, Some((repeat, row)), field) /> };
    inner.into_iter().map(one).collect_view()
}
