//! What the office makes as a file: fetched with the session and handed over by the app itself. A new window for it is nothing
//! in many shells, and a trap in an app on an iPad's home screen.

use leptos::{ev::MouseEvent, prelude::*};
use records::{Lang, Problem};
use wasm_bindgen_futures::spawn_local;

use crate::{
    desk::use_desk,
    net::{self, Paper},
    platform, texts,
};

texts! {
    coming: "正在准备…", "Getting it ready…";
    again: "已经取到，点这里打开", "It is here: tap to open it";
    unheld: "这个浏览器没能把文件交给您，请换用设备自带的浏览器打开邻里再试。", "This browser could not hand the file over. Please open Linli in the device's own browser and try again.";
}

/// A link to a paper. One that is to be `printed` opens in a window of its own where there are windows.
#[component]
pub fn PaperLink(
    /// Where the office makes it.
    #[prop(into)]
    address: Signal<String>,
    /// What the link says.
    label: fn(Lang) -> &'static str,
    /// Its style.
    #[prop(optional)]
    class: &'static str,
    /// It is a page to be printed.
    #[prop(optional)]
    printed: bool,
) -> impl IntoView {
    let desk = use_desk();
    let (is_coming, problem) = (RwSignal::new(false), RwSignal::new(None::<Problem>));
    // Fetched for so long that the browser took the tap for over: the next one hands it over.
    let held = StoredValue::new_local(None::<Paper>);
    let is_held = RwSignal::new(false);
    let hand = move |paper: Paper| {
        is_coming.try_set(true);
        spawn_local(async move {
            match platform::hand_over(&paper.name, &paper.mime, &paper.bytes).await {
                Ok(true) => {}
                Ok(false) => {
                    held.try_set_value(Some(paper));
                    is_held.try_set(true);
                }
                Err(_) => drop(problem.try_set(Some(Problem::new("unheld", unheld(Lang::Zh), unheld(Lang::En))))),
            }
            is_coming.try_set(false);
        });
    };
    let fetch = move |event: MouseEvent| {
        event.prevent_default();
        if is_coming.get_untracked() {
            return;
        }
        problem.set(None);
        if let Some(paper) = held.try_update_value(Option::take).flatten() {
            is_held.set(false);
            return hand(paper);
        }
        let there = address.get_untracked();
        if printed && !platform::is_standalone() && platform::open(&there) {
            return;
        }
        is_coming.set(true);
        spawn_local(async move {
            match net::paper(&there, desk.lang()).await {
                Ok(paper) => hand(paper),
                Err(trouble) => {
                    problem.try_set(Some(trouble.problem()));
                    is_coming.try_set(false);
                }
            }
        });
    };
    let says = move || match (is_coming.get(), is_held.get()) {
        (true, _) => coming(desk.lang()),
        (_, true) => again(desk.lang()),
        _ => label(desk.lang()),
    };
    view! {
        // `rel` keeps the router's hands off: the address is the server's.
        <a href=address class=class rel="external" on:click=fetch>{says}</a>
        <Show when=move || problem.with(Option::is_some)>
            <p class="problem" role="alert">{move || problem.get().map(|p| p.message.get(desk.lang()).to_owned())}</p>
        </Show>
    }
}
