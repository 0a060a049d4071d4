//! A record opened to be changed.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use records::RecordId;

use super::new::{FormPage, page_of};
use crate::{desk::use_desk, pages::notice::NotFound};

/// The page `/edit/:id`.
#[component]
pub fn Edit() -> impl IntoView {
    let desk = use_desk();
    let params = use_params_map();
    move || {
        let id = params.read().get("id").and_then(|id| id.parse::<RecordId>().ok());
        // The form stays as it was opened, whatever arrives meanwhile: the draft remembers what its writer saw.
        let Some((id, draft)) = id.and_then(|id| Some((id, untrack(|| desk.edit_draft(id))?))) else {
            return view! { <NotFound /> }.into_any();
        };
        let about = untrack(|| desk.title_of(id));
        let page = untrack(|| page_of(desk, id)).unwrap_or_default();
        view! { <FormPage draft_key=format!("edit/{id}") fresh=draft about fallback=page /> }.into_any()
    }
}
