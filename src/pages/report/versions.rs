//! Frozen versions: the report as it was put away, and what has moved since.

use std::{borrow::Cow, collections::BTreeMap};

use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_navigate};
use records::{Fields, Lang, Pack, RecordId, Right, Value, days, figures::Figure, pack::Versions, report};
use sync::Record;
use wasm_bindgen_futures::spawn_local;

use super::{Sheet, filled, of_version, template};
use crate::{
    desk::{Desk, use_desk},
    parts::{icon::Icon, paper::PaperLink, stamp::Stamps},
    platform, texts,
    view::asked::Asked,
};

texts! {
    now: "未定稿，现在的数字", "Today's figures";
    which: "看哪一稿", "Which version";
    edit: "修改文字", "Edit the text";
    freeze: "定稿", "Freeze";
    frozen_words: "已定稿", "Frozen";
    print: "打印", "Print";
    download: "下载", "Download";
    word: "Word 文档", "Word document";
    excel: "Excel，每本台账一张表", "Excel, a sheet a ledger";
    html: "网页，可打印", "Web page to print";
    needs_office: "下载要连上办公室的网络", "Downloads need the office's network";
    as_frozen: "这是定稿的一份，数字是定稿那天的。", "This version was frozen; its figures are those of that day.";
}

/// What the page shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    /// The report filled in.
    pub report: report::Report,
    /// The day it was frozen; `None` for today's.
    pub frozen: Option<String>,
    /// The figures a frozen one kept.
    pub then: Option<BTreeMap<String, Figure>>,
    /// Figures that read otherwise now, as they read now.
    pub changed: BTreeMap<String, String>,
}

/// Today's report, or a frozen one with what moved since.
pub fn shown(desk: Desk, sheet: Sheet, version: Option<RecordId>) -> Shown {
    let (pack, asked) = (desk.pack(), sheet.asked.get());
    let frozen = version.and_then(|id| desk.read(|book| book.get(id).map(Record::values)));
    let Some((of, fields)) = pack.screens.versions.as_ref().zip(frozen) else {
        let body = body(desk, &pack, &asked);
        let report = sheet.figures.with(|now| sheet.before.with(|before| filled(desk, &asked, &body, now, before)));
        return Shown { report, ..Shown::default() };
    };
    let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (then, before) = figures(&text(&of.figures));
    let report = filled(desk, &asked, &text(&of.body), &then, &before);
    let reads = |name: &str, figure: Figure| pack.indicator(name).map(|i| report::prose(&pack, i, figure));
    let changed = sheet.figures.with(|now| {
        let moved = then.iter().filter_map(|(name, then)| {
            let now = reads(name, *now.get(name)?)?;
            // A figure the office counts and has not sent is not one that moved.
            (now != "—" && reads(name, *then)? != now).then(|| (name.clone(), now))
        });
        moved.collect()
    });
    Shown { report, frozen: Some(text(&of.frozen_on)), then: Some(then), changed }
}

/// The text in use: what was edited for this period and place, else the pack's.
pub fn body(desk: Desk, pack: &Pack, asked: &Asked) -> String {
    let draft = draft(desk, pack, asked).and_then(|id| {
        let field = pack.screens.versions.as_ref()?.body.clone();
        desk.read(|book| book.get(id)?.text(&field).map(Cow::into_owned))
    });
    draft.or_else(|| template(pack).map(|t| t.body.get(desk.lang()).to_owned())).unwrap_or_default()
}

/// The version of this period and place that is not frozen: a text someone edited.
pub fn draft(desk: Desk, pack: &Pack, asked: &Asked) -> Option<RecordId> {
    let of = pack.screens.versions.as_ref()?;
    let all = listed(desk, of, asked);
    all.into_iter().find(|(_, frozen_on)| frozen_on.is_empty()).map(|(id, _)| id)
}

/// Versions of this period and place, the newest first, with the day each was frozen.
fn listed(desk: Desk, of: &Versions, asked: &Asked) -> Vec<(RecordId, String)> {
    let (from, to) = (days::write(asked.period.from), days::write(asked.period.to));
    let within = within(asked);
    desk.read(|book| {
        let fits = |r: &&Record| {
            !r.is_void()
                && r.text(&of.from).as_deref() == Some(&from)
                && r.text(&of.to).as_deref() == Some(&to)
                && r.text(&of.within).unwrap_or_default() == within
        };
        let versions = book.of_kind(&of.kind).filter(fits);
        versions.rev().map(|r| (r.id, r.text(&of.frozen_on).unwrap_or_default().into_owned())).collect()
    })
}

fn within(asked: &Asked) -> String {
    asked.within.as_ref().map(|(dimension, key)| format!("{dimension}={key}")).unwrap_or_default()
}

/// Figures as a version keeps them: those of its period, and under `before` those it was compared with.
fn figures(json: &str) -> (BTreeMap<String, Figure>, BTreeMap<String, Figure>) {
    let read = |value: Option<&Value>| -> BTreeMap<String, Figure> {
        let all = value.and_then(Value::as_object).into_iter().flatten();
        all.map(|(name, value)| (name.clone(), Figure::read(value))).collect()
    };
    let both: Value = serde_json::from_str(json).unwrap_or_default();
    (read(both.get("now")), read(both.get("before")))
}

/// A version's fields: the text with the figures of now, frozen today or not at all.
pub fn fields(desk: Desk, sheet: Sheet, body: &str, frozen: bool) -> Option<(String, Fields)> {
    let pack = desk.pack();
    let of = pack.screens.versions.as_ref()?;
    let asked = sheet.asked.get_untracked();
    let (now, before) = (sheet.figures.get_untracked(), sheet.before.get_untracked());
    // Only what the text names, and what it names of the period before: the rest can be counted again.
    let named = |all: &BTreeMap<String, Figure>| -> BTreeMap<String, Figure> {
        let is_named = |name: &String| {
            let label = pack.indicator(name).map(|i| (i.label.zh.clone(), i.label.en.clone())).unwrap_or_default();
            [name, &label.0, &label.1]
                .iter()
                .any(|n| body.contains(&format!("{{{n}}}")) || body.contains(&format!("{{{n}:")))
        };
        all.iter().filter(|(name, _)| is_named(name)).map(|(name, figure)| (name.clone(), *figure)).collect()
    };
    let json = serde_json::json!({ "now": named(&now), "before": named(&before) });
    let title = filled(desk, &asked, body, &now, &before).title;
    let mut fields = Fields::new();
    let mut set = |name: &String, value: Value| drop(fields.insert(name.clone(), value));
    set(&of.title, title.into());
    set(&of.from, days::write(asked.period.from).into());
    set(&of.to, days::write(asked.period.to).into());
    let part = within(&asked);
    if !part.is_empty() {
        set(&of.within, part.into());
    }
    set(&of.body, body.into());
    set(&of.figures, json.to_string().into());
    if frozen {
        set(&of.frozen_on, days::write(platform::today()).into());
    }
    Some((of.kind.clone(), fields))
}

/// Whether the account may keep versions.
pub fn may_keep(desk: Desk) -> bool {
    let (pack, post) = (desk.pack(), desk.me().map(|me| me.post).unwrap_or_default());
    pack.screens.versions.as_ref().is_some_and(|of| pack.allows(&post, &of.kind, Right::Write))
}

/// Versions, editing, freezing, downloads.
#[component]
pub fn Bar(sheet: Sheet, version: Memo<Option<RecordId>>, shown: Memo<Shown>) -> impl IntoView {
    let desk = use_desk();
    let stamps = expect_context::<Stamps>();
    let navigate = StoredValue::new_local(use_navigate());
    let frozen = Memo::new(move |_| {
        let pack = desk.pack();
        let Some(of) = &pack.screens.versions else { return Vec::new() };
        let all = listed(desk, of, &sheet.asked.get());
        all.into_iter().filter(|(_, day)| !day.is_empty()).collect::<Vec<_>>()
    });
    let choose = move |event: leptos::ev::Event| {
        let id = event_target_value(&event);
        let query = sheet.asked.get_untracked().query();
        let more = of_version(id.parse().ok());
        navigate.with_value(|navigate| navigate(&format!("/report?{query}{more}"), Default::default()));
    };
    let options = move || {
        let all = frozen.get();
        let option = |(at, (id, day)): (usize, &(RecordId, String))| {
            // The newest first; several of one day are told apart by their number of that day.
            let of_day = |rest: &[(RecordId, String)]| rest.iter().filter(|(_, other)| other == day).count();
            let label = match of_day(&all) {
                1 => format!("{} {day}", frozen_words(desk.lang())),
                _ => format!("{} {day} ({})", frozen_words(desk.lang()), of_day(&all[at..])),
            };
            let id = *id;
            view! { <option value=id.to_string() selected=version.get() == Some(id)>{label}</option> }
        };
        view! {
            <option value="" selected=version.get().is_none()>{now(desk.lang())}</option>
            {all.iter().enumerate().map(option).collect_view()}
        }
    };
    let put_away = move |_| {
        let body = untrack(|| body(desk, &desk.pack(), &sheet.asked.get_untracked()));
        let Some((kind, fields)) = untrack(|| fields(desk, sheet, &body, true)) else { return };
        spawn_local(async move {
            if desk.save(vec![desk.new_draft(&kind, fields)]).await.is_ok() {
                stamps.press(frozen_words(untrack(|| desk.lang())));
            }
        });
    };
    let address = move |ending: &str| {
        let name = template(&desk.pack()).map(|t| t.name.clone()).unwrap_or_default();
        let lang = if desk.lang() == Lang::Zh { "zh" } else { "en" };
        let version = of_version(version.get());
        format!("/api/v1/reports/{name}.{ending}?{}&lang={lang}{version}", sheet.asked.with(|asked| asked.query()))
    };
    let link = move |ending: &'static str, label: fn(Lang) -> &'static str| {
        let address = Signal::derive(move || address(ending));
        view! { <li><PaperLink address label printed={ending == "html"} /></li> }
    };
    let moved = move || {
        let (lang, count) = (desk.lang(), shown.with(|shown| shown.changed.len()));
        shown.with(|shown| shown.frozen.clone()).map(|_| match (count, lang) {
            (0, lang) => as_frozen(lang).to_owned(),
            (n, Lang::Zh) => format!("{}有 {n} 个数字在定稿以后变了，标在旁边。", as_frozen(lang)),
            (1, Lang::En) => format!("{} One figure has changed since; it is marked.", as_frozen(lang)),
            (n, Lang::En) => format!("{} {n} figures have changed since; they are marked.", as_frozen(lang)),
        })
    };
    view! {
        <div class="report-bar">
            <Show when=move || frozen.with(|all| !all.is_empty())>
                <select aria-label=move || which(desk.lang()) on:change=choose>{options}</select>
            </Show>
            <Show when=move || may_keep(desk) && version.get().is_none()>
                <A href=move || format!("/report/edit?{}", sheet.asked.with(|asked| asked.query())) attr:class="button">
                    <Icon name="pen" /><span>{move || edit(desk.lang())}</span>
                </A>
                <button class="button" on:click=put_away><Icon name="check" /><span>{move || freeze(desk.lang())}</span></button>
            </Show>
            <details class="menu">
                <summary class="button"><span>{move || download(desk.lang())}</span></summary>
                <ul>
                    {link("docx", word)}
                    {link("xlsx", excel)}
                    {link("html", html)}
                    <li class="menu-note"><small>{move || needs_office(desk.lang())}</small></li>
                </ul>
            </details>
            <button class="button" on:click=move |_| drop(gloo::utils::window().print())>{move || print(desk.lang())}</button>
        </div>
        {move || moved().map(|words| view! { <p class="note" role="status">{words}</p> })}
    }
}
