//! Frozen versions: the report as it was put away, and what has moved since.

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_navigate};
use records::{Fields, Lang, Pack, RecordId, Right, report::Report};
use wasm_bindgen_futures::spawn_local;

use super::{Sheet, build, community, of_version, template};
use crate::{
    desk::{Desk, use_desk},
    parts::{
        icon::Icon,
        paper::PaperLink,
        stamp::Stamps,
        unsent::{self, Unsent},
    },
    platform, texts,
    view::{asked::Asked, report::Frozen},
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
    pub report: Report,
    /// What was kept with it when it was frozen; `None` for today's.
    pub frozen: Option<Frozen>,
    /// Figures that read otherwise now, as they read now.
    pub changed: BTreeMap<String, String>,
}

/// Today's report, or a frozen one with what moved since.
pub fn shown(desk: Desk, sheet: Sheet, version: Option<RecordId>) -> Shown {
    let (pack, ask, community) = (desk.pack(), sheet.asked.get().ask(None), community(desk));
    let numbers = sheet.numbers();
    build(desk, |builder| match version.and_then(|id| builder.frozen(id)) {
        Some(frozen) => Shown {
            report: builder.frozen_report(&frozen, &ask, &community),
            changed: frozen.moved(&pack, &numbers.now),
            frozen: Some(frozen),
        },
        None => {
            let report = template(&pack).map(|of| builder.report(of, &ask, &community, &numbers));
            Shown { report: report.unwrap_or_default(), ..Shown::default() }
        }
    })
}

/// The text in use: what was edited for this period and place, else the pack's.
pub fn body(desk: Desk, pack: &Pack, asked: &Asked) -> String {
    let text = |template| build(desk, |builder| builder.body(template, asked.period, asked.within.as_ref()));
    template(pack).map(text).unwrap_or_default()
}

/// The version of this period and place that is not frozen: a text someone edited.
pub fn draft(desk: Desk, asked: &Asked) -> Option<RecordId> {
    build(desk, |builder| builder.draft(asked.period, asked.within.as_ref()))
}

/// A version's fields: the text with the figures of now, frozen today or not at all.
pub fn fields(desk: Desk, sheet: Sheet, body: &str, frozen: bool) -> Option<(String, Fields)> {
    let (ask, numbers) = (sheet.asked.get_untracked().ask(None), sheet.numbers());
    let day = frozen.then(platform::today);
    let community = community(desk);
    build(desk, |builder| builder.version(body, &ask, &community, &numbers, day))
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
        let asked = sheet.asked.get();
        let all = build(desk, |builder| builder.versions(asked.period, asked.within.as_ref()));
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
            let lang = untrack(|| desk.lang());
            match desk.save(vec![desk.new_draft(&kind, fields)]).await {
                Ok(()) => stamps.press(frozen_words(lang)),
                Err(problems) => {
                    stamps.press(problems.first().map(|p| p.message.get(lang).to_owned()).unwrap_or_default())
                }
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
            <details class="menu" on:toggle=move |_| unsent::bring(desk)>
                <summary class="button"><span>{move || download(desk.lang())}</span></summary>
                <ul>
                    {link("docx", word)}
                    {link("xlsx", excel)}
                    {link("html", html)}
                    <li class="menu-note"><small>{move || needs_office(desk.lang())}</small></li>
                </ul>
            </details>
            <Unsent />
            <button class="button" on:click=move |_| drop(gloo::utils::window().print())>{move || print(desk.lang())}</button>
        </div>
        {move || moved().map(|words| view! { <p class="note" role="status">{words}</p> })}
    }
}
