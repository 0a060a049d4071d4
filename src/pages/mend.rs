//! A change that the office did not take, opened to be put right.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::new::FormPage;
use crate::{desk::use_desk, pages::notice::NotFound};

/// The page `/mend/:number`.
#[component]
pub fn Mend() -> impl IntoView {
    let desk = use_desk();
    let params = use_params_map();
    move || {
        let number = params.read().get("number").and_then(|n| n.parse::<u64>().ok()).unwrap_or(0);
        let reasons = untrack(|| desk.refused()).into_iter().find(|r| r.change.number == number).map(|r| r.problems);
        let Some((draft, reasons)) = untrack(|| desk.mend_draft(number)).zip(reasons) else {
            return view! { <NotFound /> }.into_any();
        };
        let about = untrack(|| desk.title_of(draft.record));
        view! { <FormPage draft_key=format!("mend/{number}") fresh=draft about fallback="/sync".to_owned() reasons /> }
            .into_any()
    }
}
