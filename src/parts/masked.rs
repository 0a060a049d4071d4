//! A private value: covered until asked for, and covered again after a moment.

use gloo::timers::callback::Timeout;
use leptos::prelude::*;

use super::icon::Icon;
use crate::{desk::use_desk, texts};

texts! {
    uncover: "显示", "Show";
    cover: "隐藏", "Cover";
}

/// How long it stays uncovered, in milliseconds.
const OPEN: u32 = 10_000;

/// The value with an eye beside it.
#[component]
pub fn Masked(
    /// As it reads covered.
    covered: String,
    /// As it is.
    text: String,
    /// What it is, for those who hear the button instead of seeing what stands beside it.
    of: String,
) -> impl IntoView {
    let desk = use_desk();
    let open = RwSignal::new(false);
    let toggle = move |_| {
        open.update(|open| *open = !*open);
        if open.get_untracked() {
            Timeout::new(OPEN, move || _ = open.try_set(false)).forget();
        }
    };
    view! {
        <span class="masked" class:is-open=move || open.get()>
            <span>{move || if open.get() { text.clone() } else { covered.clone() }}</span>
            <button
                type="button"
                class="button quiet eye"
                aria-label=move || format!("{} {of}", if open.get() { cover(desk.lang()) } else { uncover(desk.lang()) })
                on:click=toggle
            >
                <Icon name="eye" />
            </button>
        </span>
    }
}
