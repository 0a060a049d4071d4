//! A group of questions that is answered as often as there is something to say.

use leptos::prelude::*;
use records::Field;

use super::{
    field::{Ask, AskView},
    state::FormState,
};
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
    /// The questions of a row.
    inner: Vec<Field>,
) -> impl IntoView {
    let desk = form.desk();
    let name = StoredValue::new(repeat);
    let count = Memo::new(move |_| form.question(&name.get_value()).map_or(0, |q| q.rows.len()));
    let row = move |at: usize| {
        let fields = inner.clone().into_iter().map(|field| {
            view! { <AskView ask=Ask { form, row: Some((name, at)), field: StoredValue::new(field) } /> }
        });
        let label = move || format!("{} {}", remove(desk.lang()), at + 1);
        view! {
            <div class="card repeat-row">
                {fields.collect_view()}
                <button type="button" class="button quiet" aria-label=label on:click=move |_| form.remove_row(&name.get_value(), at)>
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
