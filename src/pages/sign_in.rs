//! Signing in: the first time with a network. Afterwards the same password opens the tablet without one.

use leptos::{ev::SubmitEvent, html, prelude::*};
use records::{Lang, Problem};
use wasm_bindgen_futures::spawn_local;

use crate::{
    desk::{Offline, Phase, Withdrawn, use_desk},
    parts::offline::{HomeFirst, OfflineNote},
    texts,
};

texts! {
    title: "邻里", "Linli";
    lead: "登录一次，以后没有网络也能用。", "Sign in once; after that it works without a network.";
    once: "用账号登录。", "Sign in with your account.";
    locked: "输入密码就打开，没有网络也行。", "Your password opens it, also without a network.";
    open: "打开", "Open";
    account: "账号", "Account";
    password: "密码", "Password";
    show: "显示密码", "Show the password";
    enter: "登录", "Sign in";
    entering: "请稍等…", "One moment…";
    by_passkey: "用指纹、面容或锁屏密码打开", "Open with fingerprint, face or screen lock";
    both: "请填账号和密码。", "Please fill in account and password.";
}

/// The page.
#[component]
pub fn SignIn() -> impl IntoView {
    let desk = use_desk();
    let (account_box, password_box) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    let (busy, shown) = (RwSignal::new(false), RwSignal::new(false));
    let problem = RwSignal::new(None::<Problem>);
    let is_locked = desk.phase() == Phase::Locked;
    let known = desk.last_account();
    // Who was here last goes on with the password alone.
    Effect::new(move || {
        if is_locked && let Some(input) = password_box.get() {
            let _ = input.focus();
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let value = |input: NodeRef<html::Input>| input.get_untracked().map(|i| i.value()).unwrap_or_default();
        let (account, password) = (value(account_box).trim().to_owned(), value(password_box));
        if account.is_empty() || password.is_empty() {
            problem.set(Some(Problem::new("empty", both(Lang::Zh), both(Lang::En))));
            return;
        }
        busy.set(true);
        problem.set(None);
        spawn_local(async move {
            let _ = desk.sign_in(account, password).await;
            // By now the page may have gone: that is how success looks.
            busy.try_set(false);
        });
    };
    let has_passkey = RwSignal::new(false);
    if is_locked {
        spawn_local(async move {
            has_passkey.try_set(desk.has_passkey().await);
        });
    }
    let enter_by_passkey = move |_| {
        problem.set(None);
        spawn_local(async move {
            if let Err(wrong) = desk.enter_by_passkey().await {
                problem.try_set(Some(wrong));
            }
        });
    };
    view! {
        <main class="notice" id="page">
            <img src="/icons/icon.svg" width="72" height="72" alt="" />
            <h1>{move || title(desk.lang())}</h1>
            <p>
                {move || match desk.offline() {
                    _ if is_locked => locked(desk.lang()),
                    Offline::Ready => lead(desk.lang()),
                    _ => once(desk.lang()),
                }}
            </p>
            <HomeFirst />
            <OfflineNote />
            {desk.withdrawn().map(|left| view! { <p class="card note" role="status">{move || withdrawn(&left, desk.lang())}</p> })}
            <Show when=move || has_passkey.get()>
                <p><button class="button main" on:click=enter_by_passkey>{move || by_passkey(desk.lang())}</button></p>
            </Show>
            <form class="sign-in" on:submit=submit novalidate>
                <label for="account">{move || account(desk.lang())}</label>
                <input id="account" node_ref=account_box value=known autocomplete="username" autocapitalize="none" spellcheck="false" />
                <label for="password">{move || password(desk.lang())}</label>
                <input
                    id="password"
                    node_ref=password_box
                    type=move || if shown.get() { "text" } else { "password" }
                    autocomplete="current-password"
                    aria-describedby="sign-in-problem"
                />
                <label class="check">
                    <input type="checkbox" on:change=move |event| shown.set(event_target_checked(&event)) />
                    <span>{move || show(desk.lang())}</span>
                </label>
                <p id="sign-in-problem" class="problem" role="alert">
                    {move || problem.get().or_else(|| desk.turned_away()).map(|p| p.message.get(desk.lang()).to_owned())}
                </p>
                <button class=move || if has_passkey.get() { "button" } else { "button main" } type="submit" disabled=move || busy.get()>
                    {move || match (busy.get(), is_locked) {
                        (true, _) => entering(desk.lang()),
                        (_, true) => open(desk.lang()),
                        _ => enter(desk.lang()),
                    }}
                </button>
            </form>
            <LangSwitch />
        </main>
    }
}

/// What became of the work on a tablet that was taken out of use, and of what is still on it.
fn withdrawn(left: &Withdrawn, lang: Lang) -> String {
    let Withdrawn { drafts, files, records, others } = left;
    let names = others.join(if lang == Lang::Zh { "、" } else { ", " });
    let (mut zh, mut en) =
        (String::from("办公室停用了这台设备。"), String::from("The office has taken this device out of use. "));
    if (*files, *records) == (0, 0) {
        zh.push_str("未上传的记录已经上传，");
        en.push_str("What waited was handed in");
    } else {
        let parts = [
            (files, "个照片或文件上传未通过", "photos or files not taken by the office"),
            (records, "条记录读不出来", "records that could not be read"),
        ];
        let said = |zh: bool| {
            let part = |(n, one, other): &(&usize, &str, &str)| {
                (**n > 0).then(|| format!("{n} {}", if zh { one } else { other }))
            };
            parts.iter().filter_map(part).collect::<Vec<_>>().join(if zh { "，" } else { ", " })
        };
        zh.push_str(&format!("未上传的记录已经上传，只有 {} 没能上传，", said(true)));
        en.push_str(&format!("What waited was handed in, except {}", said(false)));
    }
    if *drafts > 0 {
        zh.push_str(&format!("没写完的 {drafts} 份也交给了办公室，"));
        en.push_str(&format!(", forms half filled too ({drafts})"));
    }
    match others.is_empty() {
        true => {
            zh.push_str("设备上的资料都销毁了。");
            en.push_str(", and everything on it was destroyed. ");
        }
        false => {
            zh.push_str(&format!("您的资料都销毁了。{names} 的资料还锁在这台设备上，未上传的也还在：请 {names} 在这里登录一次，上传以后再清空。"));
            en.push_str(&format!(", and what was yours was destroyed. What is {names}'s is still locked on this device, with all that waits: they should sign in here once, to hand it in. "));
        }
    }
    zh.push_str("请问一下社区主任。");
    en.push_str("Please ask the director.");
    if lang == Lang::Zh { zh } else { en }
}

/// The other language, one tap away, written in itself.
#[component]
pub fn LangSwitch() -> impl IntoView {
    let desk = use_desk();
    let other = move || if desk.lang() == Lang::Zh { Lang::En } else { Lang::Zh };
    view! {
        <button
            class="button quiet"
            lang=move || if other() == Lang::Zh { "zh-CN" } else { "en" }
            on:click=move |_| desk.set_lang(other())
        >
            {move || if other() == Lang::Zh { "中文" } else { "English" }}
        </button>
    }
}
