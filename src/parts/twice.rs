//! What is asked twice, because it cannot be taken back: a button, then the warning with a yes and a no.

use leptos::prelude::*;
use records::Lang;

use crate::desk::use_desk;

/// A text in the language of the interface.
type Said = fn(Lang) -> &'static str;

/// The button, and what it asks.
#[component]
pub fn Twice(
    /// What the button says.
    #[prop(into)]
    label: Signal<String>,
    /// What happens then.
    warn: Said,
    /// The word that does it.
    yes: Said,
    /// The word that does not.
    no: Said,
    /// Of the button.
    #[prop(default = "button")]
    class: &'static str,
    /// Of the warning.
    #[prop(default = "note")]
    frame: &'static str,
    /// What is done.
    #[prop(into)]
    on_yes: Callback<()>,
) -> impl IntoView {
    let desk = use_desk();
    let asking = RwSignal::new(false);
    let go = move |_| {
        asking.set(false);
        on_yes.run(());
    };
    view! {
        <Show
            when=move || asking.get()
            fallback=move || view! { <p><button class=class on:click=move |_| asking.set(true)>{label}</button></p> }
        >
            <div class=frame role="alert">
                <p>{move || warn(desk.lang())}</p>
                <p class="row-acts start">
                    <button class="button" on:click=go>{move || yes(desk.lang())}</button>
                    <button class="button quiet" on:click=move |_| asking.set(false)>{move || no(desk.lang())}</button>
                </p>
            </div>
        </Show>
    }
}
