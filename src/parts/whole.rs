//! Pages that must know all records wait, quietly and for a moment, until the oldest are open.

use leptos::prelude::*;

use crate::{desk::use_desk, texts};

texts! {
    opening: "正在打开较早的记录…", "Opening older records…";
}

/// The page, once all records are open.
#[component]
pub fn Whole(children: ChildrenFn) -> impl IntoView {
    let desk = use_desk();
    let is_whole = Memo::new(move |_| desk.is_whole());
    let wait =
        move || view! { <div class="page"><p class="note" role="status">{move || opening(desk.lang())}</p></div> };
    move || if is_whole.get() { children().into_any() } else { wait().into_any() }
}
