//! The field a file is chosen with: by a tap or by dropping it there. It is a file input as large as the field.

use leptos::{ev, prelude::*};
use records::Lang;
use wasm_bindgen::JsCast;

use super::icon::Icon;
use crate::desk::use_desk;

/// The field.
#[component]
pub fn DropField(
    /// What a file input offers.
    accept: &'static str,
    /// What to do.
    choose: fn(Lang) -> &'static str,
    /// Which files, how large.
    what: fn(Lang) -> &'static str,
    /// A file was chosen.
    #[prop(into)]
    on_file: Callback<web_sys::File>,
) -> impl IntoView {
    let desk = use_desk();
    let take = move |event: ev::Event| {
        let Some(input) = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok()) else { return };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            on_file.run(file);
        }
        // The same file, mended meanwhile, can be chosen again.
        input.set_value("");
    };
    view! {
        <label class="drop">
            <input type="file" accept=accept on:change=take />
            <Icon name="list" />
            <b>{move || choose(desk.lang())}</b>
            <small>{move || what(desk.lang())}</small>
        </label>
    }
}
