//! Files from the office hold what the office has: says so while something that the screen shows is not there yet, and brings it.

use leptos::prelude::*;
use records::Lang;

use crate::{
    desk::{Desk, use_desk},
    texts,
};

texts! {
    bring_it: "现在上传", "Upload now";
}

/// The note with its button; nothing once the office has all.
#[component]
pub fn Unsent() -> impl IntoView {
    let desk = use_desk();
    let waiting = Memo::new(move |_| desk.status().waiting);
    let has_some = move || waiting.get() > 0;
    let words = move || match (waiting.get(), desk.lang()) {
        (n, Lang::Zh) => format!("本机有 {n} 条还没上传，办公室做的文件里没有这些。"),
        (1, Lang::En) => "1 change here is not at the office yet; its files lack it.".to_owned(),
        (n, Lang::En) => format!("{n} changes here are not at the office yet; its files lack them."),
    };
    view! {
        <Show when=has_some>
            <p class="note unsent no-print" role="status">
                "◐ " {words} " "
                <button type="button" class="button" on:click=move |_| desk.sync_now()>{move || bring_it(desk.lang())}</button>
            </p>
        </Show>
    }
}

/// Brings to the office what waits, before someone takes a file from there.
pub fn bring(desk: Desk) {
    if untrack(|| desk.status().waiting) > 0 {
        desk.sync_now();
    }
}
