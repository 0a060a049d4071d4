//! The writer's own last words under a long text, as chips that write them again.

use leptos::prelude::*;
use records::Value;

use super::ask::Ask;
use crate::{
    texts,
    view::habit::{appended, phrases},
};

texts! {
    title: "常用语", "Your phrases";
    insert: "写入", "Insert";
}

/// Phrases offered.
const MOST: usize = 5;

/// The chips; nothing while the writer has written nothing yet.
#[component]
pub fn Phrases(
    /// The long text.
    ask: Ask,
) -> impl IntoView {
    let desk = ask.form.desk();
    // As it was when the form opened: the chips must not move under the finger.
    let own = untrack(|| {
        let account = desk.me().map(|me| me.account).unwrap_or_default();
        let (kind, field) = (ask.form.kind_name(), ask.field.with_value(|f| f.name.clone()));
        desk.read(|book| phrases(book, &kind, &field, &account, MOST))
    });
    let chip = move |phrase: String| {
        let said = phrase.clone();
        let write = move |_| {
            let written = ask.value();
            ask.set(Value::from(appended(written.as_str().unwrap_or_default(), &phrase)));
        };
        view! {
            <li>
                <button type="button" class="phrase" on:click=write>
                    <span class="visually-hidden">{move || insert(desk.lang())} " "</span>
                    <span class="phrase-said">{said}</span>
                </button>
            </li>
        }
    };
    (!own.is_empty() && ask.row.is_none()).then(|| {
        view! {
            <ul class="phrases" aria-label=move || title(desk.lang())>{own.into_iter().map(chip).collect_view()}</ul>
        }
    })
}
