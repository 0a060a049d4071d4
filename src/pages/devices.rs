//! The devices of the community: who has what on which, when it was last heard of; a lost one is taken out of use here.

use std::collections::BTreeSet;

use leptos::prelude::*;
use records::{Class, Lang, Pack, Problem};
use sync::wire::{Device, Listed};
use wasm_bindgen_futures::spawn_local;

use crate::{desk::use_desk, pages::board::looked_after, parts::twice::Twice, platform, texts};

texts! {
    title: "设备", "Devices";
    lead: "谁的设备上有什么、最后一次联系是什么时候。设备丢了就停用它：它下次联系办公室时先把未上传的记录传上来，再把上面的资料全部销毁。",
        "What each device holds and when it was last heard of. Take a lost one out of use: at its next contact it hands in what waits on it, then destroys everything.";
    none: "还没有人在设备上登录过。", "Nobody has signed in on a device yet.";
    here: "本机", "This one";
    in_use: "● 在用", "● In use";
    signed_out: "○ 没有登录", "○ Signed out";
    revoked: "▲ 已停用，等它联系", "▲ Out of use, not heard of yet";
    emptied: "○ 已停用，已清空", "○ Out of use, emptied";
    holds: "上面有", "Holds";
    nothing: "没有记录", "no records";
    open: "公开资料", "open records";
    resident: "居民资料", "residents' records";
    last: "最后联系", "Last heard of";
    copied: "▲ 两台机器用着同一个编号：这台设备的记录库被复制过，或者恢复过以前的备份。请让用它的人在两台上各登录一次。最后一次发现：",
        "▲ Two machines use this number: its records were copied or put back from a backup. Have its user sign in on both. Last noticed:";
    revoke: "停用这台设备", "Take it out of use";
    warn: "未上传的记录会先传上来，然后上面的资料全部销毁。在它联系办公室以前，请当作上面的资料已经外泄。这不会停用账号：密码可能被人知道的，请另外改密码。",
        "What waits on it is handed in first, then everything on it is destroyed. Until it is heard of, take what it holds for lost. The account stays: if the password may be known, change it as well.";
    yes: "确定停用", "Take it out of use";
    no: "取消", "Leave it";
}

/// The page `/devices`; for posts that see all figures.
#[component]
pub fn Devices() -> impl IntoView {
    looked_after(|| view! { <All /> })
}

#[component]
fn All() -> impl IntoView {
    let desk = use_desk();
    let all = RwSignal::new(None::<Vec<Listed>>);
    let problem = RwSignal::new(None::<Problem>);
    spawn_local(async move {
        match desk.devices().await {
            Ok(devices) => drop(all.try_set(Some(devices))),
            Err(wrong) => drop(problem.try_set(Some(wrong))),
        }
    });
    let changed = Callback::new(move |device: Device| {
        all.update(|all| {
            all.iter_mut()
                .flatten()
                .filter(|one| one.device.id == device.id)
                .for_each(|one| one.device = device.clone())
        });
    });
    let is_none = move || all.with(|all| all.as_ref().is_some_and(Vec::is_empty));
    let cards = move || {
        all.get()
            .unwrap_or_default()
            .into_iter()
            .map(move |one| view! { <li><Card device=one.device copied=one.copied_at changed /></li> })
    };
    view! {
        <div class="page">
            <h1>{move || title(desk.lang())}</h1>
            <p class="lead">{move || lead(desk.lang())}</p>
            {move || problem.get().map(|p| view! { <p class="card note" role="alert">{move || p.message.get(desk.lang()).to_owned()}</p> })}
            <Show when=is_none><p class="empty">{move || none(desk.lang())}</p></Show>
            <ul class="cards">{move || cards().collect_view()}</ul>
        </div>
    }
    .into_any()
}

#[component]
fn Card(device: Device, copied: Option<u64>, changed: Callback<Device>) -> impl IntoView {
    let desk = use_desk();
    let problem = RwSignal::new(None::<Problem>);
    let (mark, class) = state(&device);
    let is_here = desk.device() == Some(device.id);
    let id = device.id;
    let go = move |()| {
        spawn_local(async move {
            match desk.revoke(id).await {
                Ok(device) => changed.run(device),
                Err(wrong) => drop(problem.try_set(Some(wrong))),
            }
        });
    };
    let (account, name, seen) = (device.account.clone(), device.name.clone(), platform::clock_time(device.seen_at));
    let may_revoke = !is_here && device.revoked_at.is_none();
    let held = move || held(&desk.pack(), &device, desk.lang());
    view! {
        <div class="card">
            <p class="row-title">
                {move || desk.name_of(&account)} " · " {name} " "
                <span class=class>{move || if is_here { here(desk.lang()) } else { mark(desk.lang()) }}</span>
            </p>
            <dl class="facts">
                <dt>{move || last(desk.lang())}</dt>
                <dd class="figures">{seen}</dd>
                <dt>{move || holds(desk.lang())}</dt>
                <dd>{held}</dd>
            </dl>
            {copied.map(|at| view! { <p class="note">{move || self::copied(desk.lang())} " " <span class="figures">{platform::clock_time(at)}</span></p> })}
            {move || problem.get().map(|p| view! { <p class="problem" role="alert">{move || p.message.get(desk.lang()).to_owned()}</p> })}
            <Show when=move || may_revoke>
                <Twice label=Signal::derive(move || revoke(desk.lang()).to_owned()) warn yes no on_yes=go />
            </Show>
        </div>
    }
}

fn state(device: &Device) -> (fn(Lang) -> &'static str, &'static str) {
    match (device.revoked_at, device.emptied_at) {
        (Some(_), Some(_)) => (emptied, "badge is-soft"),
        (Some(_), None) => (revoked, "badge is-amber"),
        _ if device.is_signed_in => (in_use, "badge is-jade"),
        _ => (signed_out, "badge is-soft"),
    }
}

/// What a device holds, by sensitivity; what is restricted by name.
fn held(pack: &Pack, device: &Device, lang: Lang) -> String {
    if device.emptied_at.is_some() {
        return nothing(lang).to_owned();
    }
    let mut said: BTreeSet<(Class, String)> = BTreeSet::new();
    for kind in device.buckets.iter().filter_map(|bucket| pack.kind(bucket.kind())) {
        let words = match kind.class {
            Class::Open => open(lang).to_owned(),
            Class::Resident => resident(lang).to_owned(),
            Class::Restricted => kind.label.get(lang).to_owned(),
        };
        said.insert((kind.class, words));
    }
    let said: Vec<String> = said.into_iter().rev().map(|(_, words)| words).collect();
    let between = if lang == Lang::Zh { "、" } else { ", " };
    if said.is_empty() { nothing(lang).to_owned() } else { said.join(between) }
}
