//! The audit trail: who changed what, who read what is restricted, who signed in; the latest first.

use leptos::prelude::*;
use leptos_router::components::A;
use records::{Lang, Pack, Problem, RecordId, Text};
use sync::{Bucket, wire::AuditEntry};
use wasm_bindgen_futures::spawn_local;

use crate::{
    desk::{Desk, use_desk},
    pages::board::looked_after,
    platform, texts,
};

texts! {
    title: "操作记录", "Activity log";
    lead: "改动、受限资料的查看、台账和报告、登录、设备和账号，都记在这里。事后改动查得出来；看这一页也会记下。",
        "Changes, readings of what is restricted, ledgers and reports, sign-ins, devices and accounts are noted here. Tampering with it shows; looking at this page is noted too.";
    more: "再往前", "Earlier";
    console: "办公室的服务器", "The office's server";
}

/// The page `/trail`; for posts that see all figures.
#[component]
pub fn Trail() -> impl IntoView {
    looked_after(|| view! { <Whole /> })
}

#[component]
fn Whole() -> impl IntoView {
    let desk = use_desk();
    let all = RwSignal::new(Vec::<AuditEntry>::new());
    let (problem, is_busy) = (RwSignal::new(None::<Problem>), RwSignal::new(false));
    let load = move || {
        let before = all.with_untracked(|all| all.last().map(|entry| entry.n));
        is_busy.set(true);
        spawn_local(async move {
            match desk.trail(before).await {
                Ok(page) => drop(all.try_update(|all| all.extend(page))),
                Err(wrong) => drop(problem.try_set(Some(wrong))),
            }
            is_busy.try_set(false);
        });
    };
    load();
    let has_more = move || all.with(|all| all.last().is_some_and(|entry| entry.n > 1));
    view! {
        <div class="page">
            <h1>{move || title(desk.lang())}</h1>
            <p class="lead">{move || lead(desk.lang())}</p>
            {move || problem.get().map(|p| view! { <p class="card note" role="alert">{move || p.message.get(desk.lang()).to_owned()}</p> })}
            <ul class="rows">
                <For each=move || all.get() key=|entry| entry.n let:entry><li>{line(desk, entry)}</li></For>
            </ul>
            <Show when=has_more>
                <p><button class="button" disabled=move || is_busy.get() on:click=move |_| load()>{move || more(desk.lang())}</button></p>
            </Show>
        </div>
    }
    .into_any()
}

fn line(desk: Desk, entry: AuditEntry) -> impl IntoView {
    let (at, what, account) = (platform::clock_time(entry.at), done(&entry.what), entry.account.clone());
    let who = move || if account.is_empty() { console(desk.lang()).to_owned() } else { desk.name_of(&account) };
    let name = entry.what.clone();
    let records = entry.records.clone();
    let links = move || {
        let here = |id: &RecordId| desk.read(|book| book.get(*id).is_some());
        let link = |id: RecordId| {
            view! { <A href=format!("/record/{id}") attr:class="button quiet">{move || desk.title_of(id)}</A> }
        };
        let all: Vec<_> = records.iter().copied().filter(here).map(link).collect();
        (!all.is_empty()).then(|| view! { <span class="row-acts start">{all}</span> })
    };
    let what = move || what.as_ref().map_or_else(|| name.clone(), |text| text.get(desk.lang()).to_owned());
    let about = move || about(desk, &entry);
    view! {
        <div class="row is-dated">
            <span class="row-title">{who} " · " {what} <small>{about}</small></span>
            <small class="figures">{at}</small>
        </div>
        {links}
    }
}

/// What was done, in words.
fn done(what: &str) -> Option<Text> {
    Some(match what {
        "change" => Text::new("改动", "Changed"),
        "read" => Text::new("查看", "Read"),
        "ledger" => Text::new("导出台账", "Took a ledger"),
        "report" => Text::new("导出报告", "Took the report"),
        "quarantine" => Text::new("查看上传未通过的", "Looked at what was refused"),
        "taken-in" => Text::new("收下上传未通过的", "Took in what was refused"),
        "parcel" => Text::new("收下设备存的文件", "Took in a device's file"),
        "roster" => Text::new("导入花名册", "Imported a roster"),
        "roster-undone" => Text::new("撤销导入花名册", "Took a roster back"),
        "sign-in" => Text::new("登录", "Signed in"),
        "sign-in-failed" => Text::new("登录失败", "Failed to sign in"),
        "sign-out" => Text::new("退出登录", "Signed out"),
        "account" => Text::new("新建账号", "Made an account"),
        "post" => Text::new("换岗位", "Changed a post"),
        "password" => Text::new("换密码", "Changed a password"),
        "pack" => Text::new("换表单", "Changed the forms"),
        "handed-over" => Text::new("移交", "Handed over"),
        "device-revoked" => Text::new("停用设备", "Took a device out of use"),
        "device-emptied" => Text::new("设备已清空", "The device is empty"),
        "device-allowed" => Text::new("重新启用设备", "Allowed a device again"),
        "erased" => Text::new("依本人申请删除", "Erased on request"),
        "backup" => Text::new("备份", "Made a backup"),
        "restore" => Text::new("恢复备份", "Restored a backup"),
        "audit" => Text::new("查看这一页", "Looked at this page"),
        _ => return None,
    })
}

/// Of what, and how many.
fn about(desk: Desk, entry: &AuditEntry) -> String {
    let (pack, lang) = (desk.pack(), desk.lang());
    let of = match entry.what.as_str() {
        "change" | "read" | "ledger" => kind(&pack, &entry.about, lang),
        "account" | "post" | "password" | "handed-over" | "taken-in" | "parcel" => {
            let words = entry.about.split(' ').map(|word| match pack.post(word) {
                Some(post) => post.label.get(lang).to_owned(),
                None => desk.name_of(word),
            });
            words.collect::<Vec<_>>().join(" → ")
        }
        "pack" => entry.about.clone(),
        _ => String::new(),
    };
    let count = match (entry.what.as_str(), lang) {
        ("change" | "read" | "ledger" | "quarantine" | "roster" | "handed-over", Lang::Zh) => {
            format!("{} 条", entry.count)
        }
        ("change" | "read" | "ledger" | "quarantine" | "roster" | "handed-over", Lang::En) => {
            format!("{}", entry.count)
        }
        _ => String::new(),
    };
    [of, count].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// A bucket as people call its kind.
fn kind(pack: &Pack, bucket: &str, lang: Lang) -> String {
    let bucket = Bucket(bucket.to_owned());
    pack.kind(bucket.kind()).map_or_else(|| bucket.to_string(), |kind| kind.label.get(lang).to_owned())
}
