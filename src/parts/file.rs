//! A photo or paper that a record mentions: from this device where it is here, else from the office.

use leptos::{html, prelude::*};
use records::{Lang, RecordId, file::Mention};
use wasm_bindgen_futures::spawn_local;

use super::{icon::Icon, paper::unheld};
use crate::{
    desk::use_desk,
    net::{self, files::address},
    platform, texts,
};

texts! {
    away: "现在看不到：没有网络，或者还在拍它的那台设备上", "Not to be seen now: no network, or it is still on the device that took it";
    open: "放大", "Enlarge";
    close: "关闭", "Close";
    photo: "照片", "Photo";
}

/// One file. Pictures show small and open large; papers are handed to the device.
#[component]
pub fn FileView(
    /// The record that mentions it.
    record: RecordId,
    /// As the record has it.
    mention: String,
) -> AnyView {
    let Some(found) = Mention::read(&mention) else { return ().into_any() };
    let (hash, name) = (found.hash.to_owned(), found.name.to_owned());
    if found.is_photo() {
        view! { <Photo record hash /> }.into_any()
    } else {
        view! { <Paper record hash name /> }.into_any()
    }
}

#[component]
fn Photo(record: RecordId, hash: String) -> impl IntoView {
    let desk = use_desk();
    let (source, is_away) = (RwSignal::new(String::new()), RwSignal::new(false));
    let there = address(record, &hash);
    spawn_local(async move {
        let here = desk.file(record, &hash).await.and_then(|bytes| platform::object_url("image/jpeg", &bytes));
        let url = here.unwrap_or(there);
        if source.try_set(url.clone()).is_some() {
            // The page was left before it was shown.
            platform::forget_url(&url);
        }
    });
    on_cleanup(move || platform::forget_url(&source.get_untracked()));
    let dialog = NodeRef::<html::Dialog>::new();
    let show = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            let _ = dialog.show_modal();
        }
    };
    let hide = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let is_shown = move || !source.get().is_empty() && !is_away.get();
    view! {
        <Show when=is_shown fallback=move || view! {
            <p class="note" hidden=move || !is_away.get()>{move || away(desk.lang())}</p>
        }>
            <button type="button" class="photo" aria-label=move || open(desk.lang()) on:click=show>
                <img src=move || source.get() alt=move || photo(desk.lang()) on:error=move |_| is_away.set(true) />
            </button>
            <dialog node_ref=dialog class="photo-large" aria-label=move || photo(desk.lang())>
                <img src=move || source.get() alt=move || photo(desk.lang()) />
                <p class="row-acts"><button type="button" class="button" on:click=hide>{move || close(desk.lang())}</button></p>
            </dialog>
        </Show>
    }
}

#[component]
fn Paper(record: RecordId, hash: String, name: String) -> impl IntoView {
    let desk = use_desk();
    let (shown, there) = (name.clone(), address(record, &hash));
    let problem = RwSignal::new(None::<records::Problem>);
    let hand = move |_| {
        let (hash, name, there) = (hash.clone(), name.clone(), there.clone());
        problem.set(None);
        spawn_local(async move {
            let bytes = match desk.file(record, &hash).await {
                Some(bytes) => Ok(bytes),
                None => net::paper(&there, desk.lang()).await.map(|paper| paper.bytes),
            };
            let wrong = match bytes {
                Ok(bytes) => match platform::hand_over(&name, "application/octet-stream", &bytes).await {
                    Ok(_) => None,
                    Err(_) => Some(records::Problem::new("unheld", unheld(Lang::Zh), unheld(Lang::En))),
                },
                Err(trouble) => Some(trouble.problem()),
            };
            problem.try_set(wrong);
        });
    };
    view! {
        <button type="button" class="button quiet paper" on:click=hand><Icon name="directory" /><span>{shown}</span></button>
        <Show when=move || problem.with(Option::is_some)>
            <p class="problem" role="alert">{move || problem.get().map(|p| p.message.get(desk.lang()).to_owned())}</p>
        </Show>
    }
}
