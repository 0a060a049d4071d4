//! The short mark that something was done: "已存", pressed like a stamp, gone after a moment. Never over the work. What a
//! single tap did can be undone while its stamp shows.

use std::sync::Arc;

use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use leptos_router::components::A;

use crate::{desk::use_desk, texts};

texts! {
    undo: "撤销", "Undo";
}

/// How long a stamp shows, in milliseconds.
const SHOWN: u32 = 4000;
/// How long one shows that offers to undo: time to read it, notice the slip and reach the button.
const UNDO_SHOWN: u32 = 8000;

/// The stamp that shows now; provided by the app's root.
#[derive(Clone, Copy)]
pub struct Stamps {
    shown: RwSignal<Shown>,
    /// Where one goes on from the page that shows: its address and its words.
    onward: RwSignal<Option<(String, String)>>,
}

#[derive(Clone, Default)]
struct Shown {
    number: u32,
    text: String,
    /// Not a `Callback`: that goes with the part of the page that made it, and the tap may have taken it away.
    undo: Option<Undo>,
}

type Undo = Arc<dyn Fn() + Send + Sync>;

impl Stamps {
    /// No stamp yet.
    pub fn new() -> Self {
        Self { shown: RwSignal::default(), onward: RwSignal::new(None) }
    }

    /// Presses a stamp.
    pub fn press(&self, text: impl Into<String>) {
        self.show(text.into(), None, SHOWN);
    }

    /// Presses a stamp that offers to undo what was done.
    pub fn press_undoable(&self, text: impl Into<String>, undo: impl Fn() + Send + Sync + 'static) {
        self.show(text.into(), Some(Arc::new(undo)), UNDO_SHOWN);
    }

    /// Says where one goes on from here, beside a stamp, while the page that says so is there.
    pub fn lead_onward(&self, to: impl Fn() -> Option<(String, String)> + Send + Sync + 'static) {
        let onward = self.onward;
        Effect::new(move || onward.set(to()));
        on_cleanup(move || _ = onward.try_set(None));
    }

    fn show(&self, text: String, undo: Option<Undo>, millis: u32) {
        let shown = self.shown;
        let number = shown.with_untracked(|shown| shown.number + 1);
        shown.set(Shown { number, text, undo });
        let fade = move || {
            // Only its own: a later stamp stays its full time.
            if shown.try_with_untracked(|shown| shown.number == number) == Some(true) {
                shown.set(Shown { number, ..Shown::default() });
            }
        };
        Timeout::new(millis, fade).forget();
    }
}

impl Default for Stamps {
    fn default() -> Self {
        Self::new()
    }
}

/// Presses a stamp from anywhere below the app's root.
pub fn stamp(text: impl Into<String>) {
    if let Some(stamps) = use_context::<Stamps>() {
        stamps.press(text);
    }
}

/// Where stamps show.
#[component]
pub fn StampPlace() -> impl IntoView {
    let desk = use_desk();
    let stamps = expect_context::<Stamps>();
    let shown = stamps.shown;
    let text = move || shown.with(|shown| shown.text.clone());
    let undo_button = move || {
        let act = shown.with(|shown| shown.undo.clone())?;
        let run = move |_| {
            shown.update(|shown| *shown = Shown { number: shown.number + 1, ..Shown::default() });
            act();
        };
        Some(view! { <button class="button undo" on:click=run>{move || undo(desk.lang())}</button> })
    };
    view! {
        <div class="stamp-place">
            <div role="status" aria-live="polite">
                <Show when=move || !text().is_empty()>
                    <span class="stamp">{text}</span>
                </Show>
            </div>
            {undo_button}
            {move || stamps.onward.get().filter(|_| !text().is_empty()).map(|(href, said)| view! {
                <A href=href attr:class="button undo">{said} <span aria-hidden="true">"›"</span></A>
            })}
        </div>
    }
}
