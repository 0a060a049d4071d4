//! Ledgers: the records of a kind as a table, filtered, added up and taken along as a file.

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos_router::{
    components::A,
    hooks::{use_navigate, use_params_map},
};
use records::{
    Kind, Lang, Right, days,
    ledger::{Cell, columns},
    pack::Nature,
};

use self::{bulk::Bulk, filters::Filters, paper::OnPaper, table::Table};
use crate::{
    desk::{Desk, use_desk},
    pages::report::build,
    parts::{icon::Icon, paper::PaperLink, unsent::Unsent},
    platform, texts,
    view::{
        ledger::{Ledger, Wish},
        roster,
    },
};

mod bulk;
mod filters;
mod paper;
mod table;

texts! {
    to_print: "打印", "Print";
    print_codes: "打印点位二维码", "Print the points' codes";
    title: "台账", "Ledgers";
    which: "台账名称", "Which ledger";
    facts: "日常记录", "Day by day";
    register: "登记册", "Registers";
    nothing: "这里还没有记录。从“今日”的红按钮开始记。", "No records here yet. Begin with the red button on Today.";
    no_match: "没有找到。换个字，或者放宽筛选试试。", "Nothing found. Try another word, or loosen the filters.";
    add: "记一笔", "New";
    save_csv: "CSV（给别的系统）", "CSV (for other systems)";
    save_excel: "Excel（要连办公室）", "Excel (needs the office)";
    failed: "没能存成文件，请再试一次。", "The file could not be saved. Please try again.";
    total: "合计", "Total";
    import: "导入花名册", "Import a roster";
}

/// The page `/records` and `/records/:kind`.
#[component]
pub fn Records() -> impl IntoView {
    let desk = use_desk();
    let params = use_params_map();
    let known = Memo::new(move |_| {
        let (pack, post) = (desk.pack(), desk.me().map(|me| me.post).unwrap_or_default());
        let mut kinds: Vec<Kind> =
            pack.kinds.values().filter(|k| pack.allows(&post, &k.name, Right::Read)).cloned().collect();
        let first = &pack.screens.first;
        kinds.sort_by_key(|k| {
            (k.nature == Nature::Register, first.iter().position(|f| *f == k.name).unwrap_or(first.len()))
        });
        kinds
    });
    let kind = Memo::new(move |_| {
        let asked = params.read().get("kind");
        known.with(|all| all.iter().find(|k| Some(&k.name) == asked.as_ref()).or(all.first()).cloned())
    });
    let go = use_navigate();
    let group = move |nature: Nature| {
        let own = known.get().into_iter().filter(move |other| other.nature == nature);
        own.map(|other| {
            let name = other.name.clone();
            let is_it = move || kind.with(|kind| kind.as_ref().is_some_and(|kind| kind.name == name));
            view! { <option value=other.name.clone() selected=is_it>{other.label.get(desk.lang()).to_owned()}</option> }
        })
        .collect_view()
    };
    view! {
        <div class="page ledger">
            <div class="page-head">
                <h1>{move || title(desk.lang())}</h1>
                <select
                    aria-label=move || which(desk.lang())
                    on:change=move |event| go(&format!("/records/{}", event_target_value(&event)), Default::default())
                >
                    <optgroup label=move || facts(desk.lang())>{move || group(Nature::Fact)}</optgroup>
                    <optgroup label=move || register(desk.lang())>{move || group(Nature::Register)}</optgroup>
                </select>
            </div>
            {move || kind.get().map(|kind| view! { <Listing kind /> })}
        </div>
    }
    .into_any()
}

#[component]
fn Listing(kind: Kind) -> impl IntoView {
    let desk = use_desk();
    let wish = RwSignal::new(Wish::default());
    let picked = RwSignal::new(BTreeSet::new());
    let of = StoredValue::new(kind.clone());
    let found = Memo::new(move |_| {
        wish.with(|wish| of.with_value(|kind| build(desk, |builder| builder.ledger(kind, wish, platform::today()))))
    });
    let count = move || match (found.with(|l| l.ids.len()), desk.lang()) {
        (n, Lang::Zh) => format!("{n} 条"),
        (1, Lang::En) => "1 record".into(),
        (n, Lang::En) => format!("{n} records"),
    };
    let is_asked = move || wish.with(|wish| !wish.query.trim().is_empty() || wish.filter != Default::default());
    let empty = move || if is_asked() { no_match(desk.lang()) } else { nothing(desk.lang()) };
    let name = kind.name.clone();
    let new = move || {
        let post = desk.me().map(|me| me.post).unwrap_or_default();
        desk.pack().allows(&post, &name, Right::Write).then(|| format!("/new/{name}?back=/records/{name}"))
    };
    let name = kind.name.clone();
    let may_import = move || {
        let post = desk.me().map(|me| me.post).unwrap_or_default();
        roster::is_of_rosters(&desk.pack(), &name) && roster::may_import(&desk.pack(), &post)
    };
    let (has_points, posters) = (kind.walk.is_some(), format!("/api/v1/posters/{}", kind.name));
    let has_failed = RwSignal::new(false);
    let save = move |_| has_failed.set(!is_saved(desk, &of.get_value(), &found.get_untracked()));
    let paper = {
        let name = kind.name.clone();
        move |form: &str| {
            let lang = if desk.lang() == Lang::Zh { "zh" } else { "en" };
            let mut address = format!("/api/v1/ledgers/{name}.{form}?lang={lang}");
            wish.with(|wish| {
                if let Some(period) = wish.filter.period {
                    address += &format!("&from={}&to={}", days::write(period.from), days::write(period.to));
                }
                if let Some(presence) = wish.filter.presence {
                    address += &format!("&presence={}", presence.name());
                }
                for (dimension, key) in &wish.filter.at {
                    address += &format!("&at={dimension}:{}", String::from(js_sys::encode_uri_component(key)));
                }
                if !wish.query.trim().is_empty() {
                    address += &format!("&find={}", String::from(js_sys::encode_uri_component(wish.query.trim())));
                }
                if let Some((field, is_up)) = &wish.sort {
                    address += &format!("&sort={field}:{}", if *is_up { "up" } else { "down" });
                }
            });
            address
        }
    };
    let (excel, print) = (paper.clone(), paper);
    view! {
        <Filters kind=of wish />
        <div class="filters">
            <span class="figures filters-count" role="status">{count}</span>
            <button class="button" on:click=save>{move || save_csv(desk.lang())}</button>
            <PaperLink address=Signal::derive(move || excel("xlsx")) label=save_excel class="button" />
            <PaperLink address=Signal::derive(move || print("html")) label=to_print class="button" printed=true />
            {has_points.then(|| view! { <PaperLink address=posters label=print_codes class="button" printed=true /> })}
            {move || new().map(|href| view! { <A href=href attr:class="button"><Icon name="plus" /><span>{add(desk.lang())}</span></A> })}
            {move || may_import().then(|| view! { <A href="/roster" attr:class="button">{import(desk.lang())}</A> })}
        </div>
        <Show when=move || has_failed.get()><p role="alert">{move || failed(desk.lang())}</p></Show>
        <Unsent />
        <OnPaper kind=of found />
        <Show
            when=move || found.with(|l| !l.ids.is_empty())
            fallback=move || view! { <p class="empty">{empty}</p> }
        >
            <Bulk kind=of found picked />
            <Table kind=of found wish picked />
        </Show>
        <Sums kind=of found />
    }
}

/// What the columns add up to.
#[component]
fn Sums(kind: StoredValue<Kind>, found: Memo<Ledger>) -> impl IntoView {
    let desk = use_desk();
    let sums = move || {
        let lang = desk.lang();
        let sum = |(field, total): (&records::pack::Field, &Option<Cell>)| {
            let text = total.as_ref()?.text(lang);
            Some(view! { <li>{field.label.get(lang).to_owned()} " " <b>{text}</b></li> })
        };
        kind.with_value(|kind| found.with(|l| columns(kind).into_iter().zip(&l.totals).filter_map(sum).collect_view()))
    };
    view! {
        <Show when=move || found.with(|l| l.totals.iter().any(Option::is_some) && !l.ids.is_empty())>
            <div class="ledger-sums figures"><span>{move || total(desk.lang())}</span><ul>{sums}</ul></div>
        </Show>
    }
}

/// Hands the rows to the person as a file; made here, without the network.
fn is_saved(desk: Desk, kind: &Kind, found: &Ledger) -> bool {
    untrack(|| {
        let text = build(desk, |builder| builder.sheet(kind, &found.ids).csv());
        let file = format!("{}-{}.csv", kind.label.get(desk.lang()), platform::today());
        platform::download(&file, "text/csv;charset=utf-8", text.as_bytes()).is_ok()
    })
}
