//! What is made on the way: set out, or go on where one is.

use leptos::prelude::*;
use leptos_router::components::A;
use records::{Kind, Right};

use super::writable;
use crate::{desk::use_desk, pages::walk::draft_key, parts::icon::Icon, texts, view::walk::is_begun};

texts! {
    set_out: "出发", "Set out";
    go_on: "正在走，回到巡逻", "Under way: go on";
}

/// A button for each kind that is walked; nothing for posts that walk none.
#[component]
pub fn Walks() -> impl IntoView {
    let desk = use_desk();
    let kinds = Memo::new(move |_| {
        let (pack, post) = (desk.pack(), desk.me().map(|me| me.post).unwrap_or_default());
        let walked = |kind: &Kind| kind.walk.is_some() && pack.allows(&post, &kind.name, Right::Write);
        let mut kinds = writable(&pack, &post);
        // Who may do many things finds this one in the menu of all.
        let few = kinds.len() <= FEW;
        kinds.retain(|kind| few && walked(kind));
        kinds
    });
    let button = move |kind: Kind| {
        let key = draft_key(&kind.name);
        let walk = kind.walk.clone();
        let is_under_way = Memo::new(move |_| {
            let begun = |draft: &sync::Draft| walk.as_ref().is_some_and(|walk| is_begun(walk, &draft.now));
            desk.drafts().iter().any(|head| head.key == key && begun(&head.draft))
        });
        let (href, label) = (format!("/walk/{}", kind.name), kind.label.clone());
        let said = move || match is_under_way.get() {
            true => go_on(desk.lang()).to_owned(),
            false => format!("{} · {}", set_out(desk.lang()), label.get(desk.lang())),
        };
        view! {
            <A href=href attr:class="button main huge"><Icon name=kind.icon.unwrap_or_default() /><span>{said}</span></A>
        }
    };
    move || kinds.get().into_iter().map(button).collect_view()
}

/// Kinds up to which a post's walks stand on its first screen.
const FEW: usize = 2;
