//! The first sync: how much is here, and that it may be broken off.

use leptos::prelude::*;
use records::Lang;
use sync::engine;

use crate::{
    desk::{Phase, use_desk},
    parts::sync_line::why_now,
    platform, texts,
};

texts! {
    title: "正在把社区的资料取到本机", "Fetching the community's records";
    once: "只有第一次要等。中途断了也不要紧，会接着取。", "Only this once. If it breaks off, it goes on from there.";
    later: "已经取到的不会丢，好了就接着取。", "What has come stays, and it goes on as soon as it can.";
    again: "再试一次", "Try again";
}

/// The page.
#[component]
pub fn Filling() -> impl IntoView {
    let desk = use_desk();
    let amount = Memo::new(move |_| match desk.phase() {
        Phase::Filling { done, total } => (done, total),
        _ => (0, 0),
    });
    let cause = move || match desk.status().phase {
        engine::Phase::Paused(failure) => Some(why_now(failure, desk.met(), platform::now(), desk.lang())),
        _ => None,
    };
    let is_paused = move || cause().is_some();
    let words = move || {
        let (done, total) = amount.get();
        match desk.lang() {
            _ if total == 0 => String::new(),
            Lang::Zh => format!("{done} / {total} 块"),
            Lang::En => format!("{done} of {total} blocks"),
        }
    };
    view! {
        <main class="notice" id="page">
            <img src="/icons/icon.svg" width="72" height="72" alt="" />
            <h1>{move || title(desk.lang())}</h1>
            <progress
                aria-label=move || title(desk.lang())
                max=move || amount.get().1.max(1).to_string()
                value=move || amount.get().0.to_string()
            ></progress>
            <p class="figures" aria-live="polite">{words}</p>
            {move || cause().map(|text| view! { <p>{text}</p> })}
            <p>{move || if is_paused() { later(desk.lang()) } else { once(desk.lang()) }}</p>
            <Show when=is_paused>
                <button class="button" on:click=move |_| desk.sync_now()>{move || again(desk.lang())}</button>
            </Show>
        </main>
    }
}
