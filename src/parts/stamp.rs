//! The short mark that something was done: "已存", pressed like a stamp, gone after a moment. Never over the work.

use gloo::timers::callback::Timeout;
use leptos::prelude::*;

/// How long a stamp shows, in milliseconds.
const SHOWN: u32 = 4000;

/// The stamp that shows now; provided by the app's root.
#[derive(Clone, Copy)]
pub struct Stamps(RwSignal<(u32, String)>);

impl Stamps {
    /// No stamp yet.
    pub fn new() -> Self {
        Self(RwSignal::new((0, String::new())))
    }

    /// Presses a stamp.
    pub fn press(&self, text: impl Into<String>) {
        let shown = self.0;
        let text = text.into();
        let number = shown.with_untracked(|(number, _)| number + 1);
        shown.set((number, text));
        let fade = move || {
            // Only its own: a later stamp stays its full time.
            if shown.try_with_untracked(|(now, _)| *now == number) == Some(true) {
                shown.set((number, String::new()));
            }
        };
        Timeout::new(SHOWN, fade).forget();
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
    let stamps = expect_context::<Stamps>();
    let text = move || stamps.0.with(|(_, text)| text.clone());
    view! {
        <div class="stamp-place" role="status" aria-live="polite">
            <Show when=move || !text().is_empty()>
                <span class="stamp">{text}</span>
            </Show>
        </div>
    }
}
