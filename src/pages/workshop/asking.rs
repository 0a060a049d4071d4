//! A request being filled in: its boxes, what is wrong with it, and its way to the bench.

use leptos::prelude::*;
use records::{
    Lang,
    pack::{Wrong, workshop::Edit},
};

use super::{Wrongs, bench::use_bench};
use crate::{desk::use_desk, texts};

texts! {
    put: "添加", "Add it";
    cancel: "取消", "Leave it";
    keep: "确定", "Keep it";
    leave: "取消", "Leave it as it was";
}

/// The form around the boxes.
#[component]
pub fn Asking<F>(
    /// What is asked for as the boxes stand.
    asked: F,
    /// What was wrong when it was handed in; what is mended goes while one types.
    wrong: RwSignal<Vec<Wrong>>,
    /// It is on the bench, or given up.
    on_done: Callback<()>,
    /// It is about something that is there already.
    #[prop(optional)]
    is_change: bool,
    /// How it stands on the page.
    #[prop(default = "card form")]
    class: &'static str,
    /// The boxes.
    children: Children,
) -> impl IntoView
where
    F: Fn() -> Result<Vec<Edit>, Vec<Wrong>> + Copy + 'static,
{
    let (desk, bench) = (use_desk(), use_bench());
    let hand_in = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match asked() {
            Ok(edits) => {
                on_done.run(());
                bench.put_all(edits);
            }
            Err(all) => wrong.set(all),
        }
    };
    let [yes, no]: [fn(Lang) -> &'static str; 2] = if is_change { [keep, leave] } else { [put, cancel] };
    view! {
        <form
            class=class
            on:submit=hand_in
            on:input=move |_| mended(wrong, asked)
            on:change=move |_| mended(wrong, asked)
            novalidate
            autocomplete="off"
        >
            {children()}
            <p class="row-acts start">
                <button class="button solid" type="submit">{move || yes(desk.lang())}</button>
                <button class="button quiet" type="button" on:click=move |_| on_done.run(())>{move || no(desk.lang())}</button>
            </p>
        </form>
    }
}

/// Takes back what is no longer wrong; what is new is said when the request is handed in.
pub fn mended<T>(wrong: RwSignal<Vec<Wrong>>, now: impl FnOnce() -> Result<T, Vec<Wrong>>) {
    if wrong.with_untracked(|wrong| !wrong.is_empty()) {
        let still = now().err().unwrap_or_default();
        wrong.update(|all| all.retain(|one| still.contains(one)));
    }
}

/// The problems of one part of a request.
pub fn at(all: RwSignal<Vec<Wrong>>, part: &'static str) -> Signal<Vec<Wrong>> {
    Signal::derive(move || all.with(|all| all.iter().filter(|w| w.field.as_deref() == Some(part)).cloned().collect()))
}

/// What is wrong with a request as a whole, or with a part that has no box of its own.
#[component]
pub fn Rest(
    /// All that is wrong.
    wrong: RwSignal<Vec<Wrong>>,
    /// Parts that show their own.
    parts: &'static [&'static str],
) -> impl IntoView {
    let rest = move || {
        let shown = |wrong: &Wrong| wrong.field.as_deref().is_some_and(|field| parts.contains(&field));
        wrong.with(|all| all.iter().filter(|wrong| !shown(wrong)).cloned().collect::<Vec<_>>())
    };
    view! { <Wrongs all=Signal::derive(rest) /> }
}
