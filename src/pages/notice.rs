//! Pages that say one thing: another tab is open, the store was lost or cannot be opened, no such page, the app stopped.

use std::panic::PanicHookInfo;

use gloo::{
    timers::callback::Timeout,
    utils::{document, document_element},
};
use leptos::prelude::*;
use leptos_router::components::A;
use records::{Lang, Text};

use crate::{
    desk::{Alarm, use_desk},
    parts::twice::Twice,
    texts,
};

texts! {
    other_title: "邻里已经在另一个窗口打开", "Linli is open in another window";
    other_body: "为了不写乱，同一时间只在一个窗口里写。", "Only one window writes at a time, so that nothing gets mixed up.";
    other_act: "在这里用", "Use it here";
    lost_title: "这台设备上的记录库变了", "This device's records have changed";
    lost_safe: "浏览器清空过这里的记录。已上传的都在，从办公室重新取回就好。",
        "The browser has emptied the records here. Everything that reached the office is safe: fetch it again.";
    lost_gone: "浏览器清空过这里的记录。已上传的都在；未上传的可能丢了，请对照纸上的记录补登。",
        "The browser has emptied the records here. What reached the office is safe; what had not been synced may be gone: please check against your notes.";
    copy_title: "这台设备的记录库有两份", "There are two of this device's records";
    copy_body: "这里的记录库被复制到了另一台机器，或者恢复过以前的备份，两边用的是同一个编号。这里待上传的都还在：换一个新编号、重新登录后就会上传。",
        "The records here were copied to another machine, or put back from a backup, so that two use one number. All that waits here is still here: take a new number and sign in again, and it is uploaded.";
    copy_act: "换一个新编号", "Take a new number";
    lost_act: "从办公室重新取回", "Fetch from the office again";
    leaving_title: "办公室停用了这台设备", "The office has taken this device out of use";
    leaving_body: "正在上传未上传的记录、照片和没写完的表，全部上传以后才清空这里。请让它连着网络，不要关机。", "What waits here is being handed in; only then is everything here destroyed. Please keep it on and on the network.";
    broken_title: "现在打不开记录库", "The records cannot be opened now";
    broken_act: "再试一次", "Try again";
    renew: "试过几次都打不开", "It does not open however often I try";
    renew_warn: "可以丢掉这里的记录库，从办公室重新取回。已上传的都在；未上传的会丢。请先问管理员能不能取出来。",
        "The records here can be given up and fetched from the office again. What reached the office is safe; what had not been synced is lost. Please ask your administrator first whether it can be recovered.";
    renew_yes: "丢掉，重新取回", "Give up and fetch again";
    renew_no: "取消", "Not yet";
    opening: "正在打开这台设备上的记录…", "Opening the records on this device…";
    opening_long: "比平时久。一直打不开时，请关掉邻里的其他窗口，再点下面重新打开；记录都在。", "It takes longer than usual. If it stays so, close other windows of Linli and open it again below; your records are safe.";
    missing_title: "没有这一页", "There is no such page";
    missing_body: "地址可能写错了，或者这条记录不在本机。", "The address may be wrong, or the record is not on this device.";
    others_title: "这一页由主任查看", "This page is the director's";
    others_body: "您的岗位不看这一页；需要里面的数字，请问社区主任。", "Your post does not see it. Ask the director for what it says.";
    home: "回到今日", "Back to Today";
    stopped: "出了点问题，您的记录都在。请点这里重新打开。", "Something went wrong. Your records are safe. Tap here to open again.";
}

/// One thing said, one thing to do.
#[component]
fn Notice(
    #[prop(into)] title: Signal<String>,
    #[prop(into)] body: Signal<String>,
    #[prop(into)] act: Signal<String>,
    on_act: impl Fn() + 'static,
) -> impl IntoView {
    view! {
        <main class="notice" id="page">
            <img src="/icons/icon.svg" width="72" height="72" alt="" />
            <h1>{move || title.get()}</h1>
            <p>{move || body.get()}</p>
            <button class="button main" on:click=move |_| on_act()>{move || act.get()}</button>
        </main>
    }
}

/// The records are being opened: nothing is said of it before it takes long.
#[component]
pub fn Opening() -> impl IntoView {
    const LONG: u32 = 6_000;
    let desk = use_desk();
    let is_long = RwSignal::new(false);
    Timeout::new(LONG, move || _ = is_long.try_set(true)).forget();
    let text = move |t: fn(Lang) -> &'static str| Signal::derive(move || t(desk.lang()).to_owned());
    let anew = move || drop(gloo::utils::window().location().reload());
    view! {
        <Show when=move || is_long.get()>
            <Notice title=text(opening) body=text(opening_long) act=text(broken_act) on_act=anew />
        </Show>
    }
}

/// Another tab writes.
#[component]
pub fn OtherTab() -> impl IntoView {
    let desk = use_desk();
    let text = move |t: fn(Lang) -> &'static str| Signal::derive(move || t(desk.lang()).to_owned());
    view! { <Notice title=text(other_title) body=text(other_body) act=text(other_act) on_act=move || desk.use_here() /> }
}

/// Taken out of use, with something still to be handed in.
#[component]
pub fn Leaving() -> impl IntoView {
    let desk = use_desk();
    let left = move || match (desk.files_left(), desk.lang()) {
        (0, _) => String::new(),
        (n, Lang::Zh) => format!("还有 {n} 个照片或文件要上传。"),
        (n, Lang::En) => format!("{n} photos or files are left."),
    };
    view! {
        <main class="notice" id="page">
            <img src="/icons/icon.svg" width="72" height="72" alt="" />
            <h1>{move || leaving_title(desk.lang())}</h1>
            <p>{move || leaving_body(desk.lang())}</p>
            <p role="status">{left}</p>
        </main>
    }
}

/// The store is not the one we left.
#[component]
pub fn Lost(
    /// What is known of the loss.
    alarm: Alarm,
) -> impl IntoView {
    let desk = use_desk();
    let text = move |t: fn(Lang) -> &'static str| Signal::derive(move || t(desk.lang()).to_owned());
    type Said = fn(Lang) -> &'static str;
    let (title, body, act): (Said, Said, Said) = match alarm {
        _ if alarm.is_copy() => (copy_title, copy_body, copy_act),
        Alarm { at_office: true, .. } => (lost_title, lost_safe, lost_act),
        _ => (lost_title, lost_gone, lost_act),
    };
    let waits = move || match (desk.status().waiting, desk.lang()) {
        (0, _) => String::new(),
        (n, Lang::Zh) => format!(" 待上传 {n} 条。"),
        (n, Lang::En) => format!(" {n} waiting."),
    };
    let body = Signal::derive(move || format!("{}{}", body(desk.lang()), waits()));
    view! { <Notice title=text(title) body act=text(act) on_act=move || desk.start_again() /> }
}

/// The store cannot be opened.
#[component]
pub fn Broken(
    /// Why, and what to do.
    why: Text,
    /// Trying again may not help.
    for_good: bool,
) -> impl IntoView {
    let desk = use_desk();
    view! {
        <main class="notice" id="page">
            <img src="/icons/icon.svg" width="72" height="72" alt="" />
            <h1>{move || broken_title(desk.lang())}</h1>
            <p>{move || why.get(desk.lang()).to_owned()}</p>
            <button class="button main" on:click=move |_| reload()>{move || broken_act(desk.lang())}</button>
            <Show when=move || for_good>
                <Twice
                    label=Signal::derive(move || renew(desk.lang()).to_owned())
                    warn=renew_warn
                    yes=renew_yes
                    no=renew_no
                    class="button quiet"
                    frame="card note"
                    on_yes=move |()| desk.give_up_store()
                />
            </Show>
        </main>
    }
}

/// No such page, or no such record here.
#[component]
pub fn NotFound() -> impl IntoView {
    let desk = use_desk();
    view! {
        <div class="page empty">
            <h1>{move || missing_title(desk.lang())}</h1>
            <p>{move || missing_body(desk.lang())}</p>
            <A href="/" attr:class="button">{move || home(desk.lang())}</A>
        </div>
    }
}

/// A page of the office, for an account that does not look after the community.
#[component]
pub fn NotYours() -> impl IntoView {
    let desk = use_desk();
    view! {
        <div class="page empty">
            <h1>{move || others_title(desk.lang())}</h1>
            <p>{move || others_body(desk.lang())}</p>
            <A href="/" attr:class="button">{move || home(desk.lang())}</A>
        </div>
    }
}

/// Language and size of type, on the page's root element, where CSS and screen readers look for them.
pub fn dress(lang: Lang, elder: bool) {
    let root = document_element();
    // Setting an attribute of an element that exists does not fail.
    let _ = root.set_attribute("lang", if lang == Lang::Zh { "zh-CN" } else { "en" });
    let _ = root.set_attribute("class", if elder { "elder" } else { "" });
    document().set_title(if lang == Lang::Zh { "邻里" } else { "Linli" });
}

/// What is left when the app has stopped: plain elements, no framework. Drafts and records are in the store already.
pub fn panicked(info: &PanicHookInfo<'_>) {
    gloo::console::error!(info.to_string());
    let page = document();
    let Some(body) = page.body() else { return };
    let Ok(link) = page.create_element("a") else { return };
    let both = format!("{}\n{}", stopped(Lang::Zh), stopped(Lang::En));
    link.set_text_content(Some(&both));
    let _ = link.set_attribute("href", "/");
    let _ = link.set_attribute("class", "stopped");
    let _ = link.set_attribute("role", "alert");
    let _ = body.append_child(&link);
}

fn reload() {
    let _ = gloo::utils::window().location().reload();
}
