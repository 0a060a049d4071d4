//! Sync: what waits here, what the office did not take and why, when all was last equal; and this device's settings.

use leptos::prelude::*;
use leptos_router::components::A;
use records::Lang;
use sync::{
    Change,
    engine::{Failure, Phase},
};
use wasm_bindgen_futures::spawn_local;

use crate::{
    desk::{Filed, use_desk},
    pages::{review::ReviewLink, sign_in::LangSwitch, walk::PlacesSwitch},
    parts::{
        icon::Icon,
        offline::words,
        refused::{RefusedList, change_words},
        stamp::stamp,
        sync_line::{Waits, sentence, why, why_now},
    },
    platform, texts,
};

texts! {
    how: "怎么用", "How it works";
    title: "同步", "Sync";
    now: "现在同步", "Sync now";
    working: "正在同步…", "Syncing…";
    later: "记录都在本机，好了会自动上传。", "Records are safe here and sync by themselves later.";
    oldest: "最早的一条写于", "The oldest was written";
    met: "上次连上办公室", "The office was last reached";
    never: "还没有连上过", "never yet";
    waiting_title: "待上传", "Waiting to upload";
    waiting_none: "没有待上传的记录。", "Nothing waits.";
    others: "其中有别的账号写的，等他们登录后上传。", "Some are by other accounts and wait until they sign in.";
    files_title: "照片和文件，待上传", "Photos and files, waiting";
    files_note: "一有网络就自动上传，断了会接着传；上传完成后才从本机清除。", "They go by themselves with a network, and go on where a line broke; nothing leaves this device before the office has it.";
    file: "把待上传的记录存成文件", "Save what waits as a file";
    file_note: "文件是加密的，只有办公室能打开，照片也在里面。拷到办公室，由主任在“管理”里收下；以后这台设备再上传，不会重复。",
        "The file is sealed, photos and all: only the office opens it. Take it there, where the director takes it in under Management; what this device uploads later is not counted twice.";
    device_title: "这台设备", "This device";
    account: "账号", "Account";
    lock: "锁上", "Lock";
    passkey_add: "以后用指纹、面容或锁屏密码打开", "Open with fingerprint, face or screen lock from now on";
    passkey_drop: "改回只用密码打开", "Open with the password alone again";
    passkey_set: "已设好，下次打开就能用。密码仍然有效。", "Done: it works from the next time on. The password still does too.";
    sign_out: "退出登录", "Sign out";
    sign_out_keep: "未上传的会留在本机，等您再登录。", "What has not synced stays here until you sign in again.";
    sure: "退出", "Sign out";
    cancel: "取消", "Stay";
    elder: "大字", "Large type";
    language: "语言", "Language";
    storage: "存储", "Storage";
    without: "断网时", "Without a network";
    unknown: "浏览器没说占了多少", "The browser does not say how much";
    kept: "浏览器答应不清空", "The browser promised to keep it";
    not_kept: "浏览器还没答应长久保留；把邻里安装到桌面会更稳妥", "The browser has not promised to keep it; installing Linli makes it safer";
}

/// The page.
#[component]
pub fn SyncPage() -> impl IntoView {
    let desk = use_desk();
    let said = move || sentence(&desk.status(), &Waits::here(), desk.lang()).0;
    let is_working = move || matches!(desk.status().phase, Phase::Working | Phase::Filling { .. });
    let cause = move || match desk.status().phase {
        Phase::SignIn => Some(why(Failure::SignIn, desk.lang()).to_owned()),
        Phase::Paused(failure) => {
            let lang = desk.lang();
            let gap = if lang == Lang::En { " " } else { "" };
            Some(format!("{}{gap}{}", why_now(failure, desk.met(), platform::now(), lang), later(lang)))
        }
        _ => None,
    };
    // Ten minutes or three weeks: that is what whoever is asked for help wants to know.
    let times = move || {
        let since = desk.waits_since()?;
        let lang = desk.lang();
        let met = desk.met().map_or_else(|| never(lang).to_owned(), platform::clock_time);
        let (gap, stop) = if lang == Lang::En { (" ", ". ") } else { ("：", "。") };
        Some(format!(
            "{}{gap}{}{stop}{}{gap}{met}{}",
            oldest(lang),
            platform::clock_time(since),
            self::met(lang),
            stop.trim_end()
        ))
    };
    view! {
        <div class="page">
            <div class="page-head">
                <h1>{move || title(desk.lang())}</h1>
                <button class="button main" disabled=is_working on:click=move |_| desk.sync_now()>
                    <Icon name="sync" />
                    <span>{move || if is_working() { working(desk.lang()) } else { now(desk.lang()) }}</span>
                </button>
            </div>
            <p class="lead" role="status">{said}</p>
            {move || times().map(|text| view! { <p class="note times">{text}</p> })}
            {move || cause().map(|text| view! { <p class="card note">{text}</p> })}
            <Show when=move || desk.status().phase == Phase::SignIn><SignInAgain /></Show>
            <RefusedList />
            <ReviewLink />
            <WaitingList />
            <FilesList />
            <DeviceCard />
            <p><A href="/help" attr:class="button quiet">{move || how(desk.lang())}</A></p>
        </div>
    }
    .into_any()
}

/// Signing in again without leaving: the same account, the password only.
#[component]
fn SignInAgain() -> impl IntoView {
    let desk = use_desk();
    let password = NodeRef::<leptos::html::Input>::new();
    let problem = RwSignal::new(None::<records::Problem>);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(me) = desk.me() else { return };
        let secret = password.get_untracked().map(|i| i.value()).unwrap_or_default();
        spawn_local(async move {
            let answer = desk.sign_in(me.account, secret).await;
            problem.try_set(answer.err());
        });
    };
    view! {
        <form class="card again" on:submit=submit>
            <label for="again">{move || crate::pages::sign_in::password(desk.lang())}</label>
            <input id="again" type="password" autocomplete="current-password" node_ref=password aria-describedby="again-problem" />
            <button class="button" type="submit">{move || crate::pages::sign_in::enter(desk.lang())}</button>
            <p id="again-problem" class="problem" role="alert">
                {move || problem.get().map(|p| p.message.get(desk.lang()).to_owned())}
            </p>
        </form>
    }
}

#[component]
fn WaitingList() -> impl IntoView {
    let desk = use_desk();
    let refused = move || desk.refused().into_iter().map(|r| r.change.number).collect::<Vec<_>>();
    let waiting = Memo::new(move |_| {
        let refused = refused();
        desk.read(|book| {
            let waits = |c: &&Change| desk.is_waiting(c.record) && !refused.contains(&c.number);
            book.pending().filter(waits).cloned().collect::<Vec<_>>()
        })
    });
    let row = move |change: Change| {
        let (name, note) = change_words(&change);
        let time = platform::clock_time(change.clock.millis());
        view! {
            <li>
                <A href=format!("/record/{}", change.record) attr:class="row">
                    <Icon name="clock" />
                    <span class="row-title">{name} <small>{note}</small></span>
                    <small class="figures">{time}</small>
                </A>
            </li>
        }
    };
    let has_any = move || !waiting.get().is_empty() || !desk.refused().is_empty() || !desk.unsent_files().is_empty();
    let export = move |_| {
        spawn_local(async move {
            if let Err(problem) = desk.export_queue().await {
                stamp(problem.message.get(desk.lang()));
            }
        });
    };
    view! {
        <section aria-labelledby="waiting">
            <h2 class="section-title" id="waiting">{move || waiting_title(desk.lang())}</h2>
            <Show
                when=move || !waiting.get().is_empty()
                fallback=move || view! { <p class="empty">{move || waiting_none(desk.lang())}</p> }
            >
                <ul class="rows">{move || waiting.get().into_iter().rev().take(100).map(row).collect_view()}</ul>
                <Show when=move || { desk.status().others > 0 }><p class="note">{move || others(desk.lang())}</p></Show>
            </Show>
            <Show when=has_any>
                <p><button class="button quiet" on:click=export>{move || file(desk.lang())}</button></p>
                <p class="note">{move || file_note(desk.lang())}</p>
            </Show>
        </section>
    }
}

/// Photos and papers that the office does not have.
#[component]
fn FilesList() -> impl IntoView {
    let desk = use_desk();
    let row = move |filed: Filed| {
        let about = desk.title_of(filed.record);
        let size = format!("{:.1} MB", filed.bytes as f64 / 1e6);
        view! {
            <li>
                <A href=format!("/record/{}", filed.record) attr:class="row">
                    <Icon name="camera" />
                    <span class="row-title">{filed.name} <small>{about}</small></span>
                    <small class="figures">{size}</small>
                </A>
            </li>
        }
    };
    view! {
        <Show when=move || !desk.unsent_files().is_empty()>
            <section aria-labelledby="files">
                <h2 class="section-title" id="files">{move || files_title(desk.lang())}</h2>
                <ul class="rows">{move || desk.unsent_files().into_iter().map(row).collect_view()}</ul>
                <p class="note">{move || files_note(desk.lang())}</p>
            </section>
        </Show>
    }
}

#[component]
fn DeviceCard() -> impl IntoView {
    let desk = use_desk();
    let asking = RwSignal::new(false);
    desk.measure_storage();
    let leave = move |_| {
        spawn_local(async move {
            if let Err(problem) = desk.sign_out().await {
                stamp(problem.message.get(desk.lang()));
            }
        });
    };
    let room = move || {
        let facts = desk.storage();
        let promise = if facts.persisted { kept(desk.lang()) } else { not_kept(desk.lang()) };
        match facts.used {
            Some(used) => format!("{:.1} MB · {promise}", used as f64 / 1e6),
            None => format!("{} · {promise}", unknown(desk.lang())),
        }
    };
    let warning = move || match (desk.status().waiting, desk.lang()) {
        (0, _) => String::new(),
        (n, Lang::Zh) => format!("还有 {n} 条未上传。"),
        (n, Lang::En) => format!("{n} not synced yet. "),
    };
    view! {
        <section aria-labelledby="device" class="card">
            <h2 class="section-title" id="device">{move || device_title(desk.lang())}</h2>
            <dl class="facts">
                <dt>{move || account(desk.lang())}</dt>
                <dd>{move || desk.me().map(|me| format!("{} · {} · {}", me.name, me.account, me.community))}</dd>
                <dt>{move || storage(desk.lang())}</dt>
                <dd>{room}</dd>
                <dt>{move || without(desk.lang())}</dt>
                <dd>{move || words(desk.offline(), desk.lang())}</dd>
                <dt>{move || language(desk.lang())}</dt>
                <dd><LangSwitch /></dd>
            </dl>
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || desk.elder()
                    on:change=move |event| desk.set_elder(event_target_checked(&event))
                />
                <span>{move || elder(desk.lang())}</span>
            </label>
            <PlacesSwitch />
            <PasskeySwitch />
            <Show
                when=move || asking.get()
                fallback=move || view! {
                    <p class="row-acts start">
                        <button class="button" on:click=move |_| desk.lock()>{move || lock(desk.lang())}</button>
                        <button class="button quiet" on:click=move |_| asking.set(true)>{move || sign_out(desk.lang())}</button>
                    </p>
                }
            >
                <div class="note" role="alert">
                    <p>{warning} {move || sign_out_keep(desk.lang())}</p>
                    <p class="row-acts">
                        <button class="button" on:click=leave>{move || sure(desk.lang())}</button>
                        <button class="button quiet" on:click=move |_| asking.set(false)>{move || cancel(desk.lang())}</button>
                    </p>
                </div>
            </Show>
        </section>
    }
}

/// Whether the tablet opens to its own lock, where it has one.
#[component]
fn PasskeySwitch() -> impl IntoView {
    let desk = use_desk();
    let (offered, is_set) = (RwSignal::new(false), RwSignal::new(false));
    let problem = RwSignal::new(None::<records::Problem>);
    spawn_local(async move {
        is_set.try_set(desk.has_passkey().await);
        offered.try_set(desk.offers_passkey().await);
    });
    let turn = move |_| {
        problem.set(None);
        spawn_local(async move {
            let was = is_set.get_untracked();
            match if was { desk.drop_passkey().await } else { desk.add_passkey().await } {
                Ok(()) => drop(is_set.try_set(!was)),
                Err(wrong) => drop(problem.try_set(Some(wrong))),
            }
        });
    };
    view! {
        <Show when=move || offered.get() || is_set.get()>
            <p>
                <button class="button" on:click=turn>
                    {move || if is_set.get() { passkey_drop(desk.lang()) } else { passkey_add(desk.lang()) }}
                </button>
            </p>
            <Show when=move || is_set.get()><p class="note" role="status">{move || passkey_set(desk.lang())}</p></Show>
            <p class="problem" role="alert">{move || problem.get().map(|p| p.message.get(desk.lang()).to_owned())}</p>
        </Show>
    }
}
