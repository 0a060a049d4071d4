//! What an action asks before it is saved: its few questions, about a record that stands already.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use records::RecordId;

use super::new::{Asked, FormPage, page_of};
use crate::{
    desk::use_desk,
    pages::notice::NotFound,
    parts::actions::{draft, offered},
    texts,
};

texts! {
    passed: "这一步已经做过了，或者现在不能做。", "This step was taken already, or cannot be taken now.";
    see: "看这条记录", "See the record";
}

/// The page `/act/:id/:action`.
#[component]
pub fn Act() -> impl IntoView {
    let desk = use_desk();
    let params = use_params_map();
    move || {
        let id = params.read().get("id").and_then(|id| id.parse::<RecordId>().ok());
        let name = params.read().get("action").unwrap_or_default();
        // The page stays as it was opened, whatever arrives meanwhile.
        untrack(|| {
            let here = id.filter(|id| desk.read(|book| book.get(*id).is_some()));
            let Some(id) = here else { return view! { <NotFound /> }.into_any() };
            let page = page_of(desk, id).unwrap_or_default();
            let action = offered(desk, id).into_iter().find(|action| action.name == name && action.makes.is_none());
            let found = action.and_then(|action| Some((draft(desk, id, &action)?, action)));
            let Some((fresh, action)) = found else {
                return view! {
                    <div class="page">
                        <h1>{desk.title_of(id)}</h1>
                        <p class="empty">{passed(desk.lang())} <a class="button" href=page>{see(desk.lang())}</a></p>
                    </div>
                }
                .into_any();
            };
            let asked = Asked { fields: action.ask, rest: false, stamp: action.stamp, title: Some(action.label) };
            let about = desk.title_of(id);
            view! { <FormPage draft_key=format!("act/{id}/{name}") fresh about fallback=page asked /> }.into_any()
        })
    }
}
