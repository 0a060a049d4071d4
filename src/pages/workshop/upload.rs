//! A form out of a workbook: the office reads it, the director sees what it would change and which cells were not taken as they
//! stand, and lays it on the bench. Reading needs the office; nothing changes by it.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use records::{
    Lang, Pack, Problem,
    pack::{
        Class, Frame, Kind,
        workshop::{Edit, News},
    },
};
use sync::wire::MAX_FORM_BYTES;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::{
    Bar, Head,
    bench::{is_part, use_bench},
    boxes::Posts,
    changes::words,
    findings::Findings,
    mark,
};
use crate::{
    desk::{FormIn, Unread, use_desk},
    parts::drop::DropField,
    texts,
};

texts! {
    title: "用表格加表单、改表单", "Forms from a workbook";
    lead: "ODK、KoboToolbox 等用的 XLSForm 表格（.xlsx）都可以。读完先给您看，放进修改、发布了才用。",
        "Takes XLSForm workbooks (.xlsx), as ODK, KoboToolbox and others use them. You see first what became of it; it counts once you have put it among your changes and published them.";
    choose: "选一个表格文件，或者拖到这里", "Choose a workbook, or drop it here";
    what: "Excel（.xlsx），最大 5 MB", "Excel (.xlsx), 5 MB at most";
    how: "还没有表格？打开一张表单，下载为 XLSForm 表格，在 Excel 里改好再放回来。", "No workbook yet? Open a form, download it as XLSForm, change it in Excel and put it back here.";
    offline: "现在没有网络。表格要由办公室的服务器来读，请到有网络的地方再选文件；已经改好的都还在。",
        "There is no network now. The office's server reads workbooks, so please choose the file where there is a network; what you have changed is kept.";
    reading: "正在读表格…", "Reading the workbook…";
    again: "再试一次", "Try again";
    other: "换一个文件", "Choose another";
    same: "和现行的表单一样，没有要改的。", "It is the same as the form in force; there is nothing to change.";
    what_changes: "会改的地方", "What it would change";
    who: "填写岗位（主任总能看到）", "Who fills it in (the director always may)";
    take: "加入修改，暂不发布", "Put it among the changes, not published yet";
    stuck: "这张表单还不能用。请照下面说的在表格里改好，存一下，再选一次。", "The form cannot be used yet. Please mend the workbook as it says below, save it, and choose it again.";
    mend: "想让下面这些也带进来，在表格里改好再选一次就行。", "To have these taken too, mend the workbook and choose it again.";
    whole: "每一格都照原样带进来了。", "Every cell was taken as it stands.";
    findings: "没有照原样带进来的格子", "Cells not taken as they stand";
}

/// What a file input offers; what the file is, the office reads from its bytes.
const KINDS: &str = ".xlsx,.xls";

/// How reading stands.
#[derive(Clone, Default)]
enum Stands {
    #[default]
    Nothing,
    Reading,
    Read(Box<FormIn>),
    Not(Unread),
}

/// The page `/workshop/upload`.
#[component]
pub fn Upload() -> impl IntoView {
    let desk = use_desk();
    let stands = RwSignal::new(Stands::default());
    let file = StoredValue::new_local(None::<web_sys::File>);
    let read = move || {
        let Some(file) = file.get_value() else { return };
        if file.size() > MAX_FORM_BYTES as f64 {
            let too_large = Problem::new(
                "too-large",
                "这个文件超过 5 MB，不是表单。",
                "This file is larger than 5 MB; forms are not.",
            );
            return stands.set(Stands::Not(too_large.into()));
        }
        stands.set(Stands::Reading);
        spawn_local(async move {
            let answer = match JsFuture::from(file.array_buffer()).await {
                Ok(buffer) => desk.read_form(&file.name(), &js_sys::Uint8Array::new(&buffer).to_vec()).await,
                Err(_) => Err(Problem::new(
                    "unreadable",
                    "这台设备读不出这个文件，请再选一次。",
                    "This device cannot read the file; please choose it again.",
                )
                .into()),
            };
            stands.try_set(match answer {
                Ok(form) => Stands::Read(Box::new(form)),
                Err(unread) => Stands::Not(unread),
            });
        });
    };
    let chosen = move |one: web_sys::File| {
        file.set_value(Some(one));
        read();
    };
    let name = move || file.with_value(|file| file.as_ref().map(web_sys::File::name)).unwrap_or_default();
    let put_away = move |_| stands.set(Stands::Nothing);
    let shown = move || match stands.get() {
        Stands::Nothing => view! {
            <DropField accept=KINDS choose what on_file=chosen />
            <p class="note">{move || how(desk.lang())}</p>
        }
        .into_any(),
        Stands::Reading => view! { <p role="status">{move || reading(desk.lang())}</p> }.into_any(),
        Stands::Not(Unread { problem, findings }) => view! {
            <div class="card roster-problem" role="alert">
                <p><b class="is-amber">"▲ "</b> {move || problem.message.get(desk.lang()).to_owned()}</p>
                <p class="row-acts start">
                    <button class="button" on:click=move |_| read()>{move || again(desk.lang())}</button>
                    <button class="button quiet" on:click=put_away>{move || other(desk.lang())}</button>
                </p>
            </div>
            <Findings all=findings />
        }
        .into_any(),
        Stands::Read(form) => view! {
            <div class="card roster-file">
                <p role="status"><b>{said(&form, desk.lang())}</b> <br /> <small>{name()}</small></p>
                <button class="button" on:click=put_away>{move || other(desk.lang())}</button>
            </div>
            <Looked form=*form />
        }
        .into_any(),
    };
    view! {
        <div class="page">
            <Head said=Signal::derive(move || title(desk.lang()).to_owned()) back="/workshop" />
            <p class="lead">{move || lead(desk.lang())}</p>
            <Show when=move || desk.is_offline()>
                <p class="card is-amber" role="status">"◐ " {move || offline(desk.lang())}</p>
            </Show>
            {shown}
            <Bar />
        </div>
    }
    .into_any()
}

/// What was read: what it changes, who fills it in, which cells were not taken as they stand.
#[component]
fn Looked(form: FormIn) -> impl IntoView {
    let (desk, bench) = (use_desk(), use_bench());
    let FormIn { kind, is_stuck, is_new, edits, findings: found } = form;
    let is_same = edits.is_empty();
    let name = StoredValue::new(kind.name.clone());
    let edits = StoredValue::new(edits);
    let after = edits.with_value(|edits| untrack(|| bench.in_force()).edited(edits));
    let after = StoredValue::new(after);
    let posts = RwSignal::new(Vec::new());
    let fillers = Signal::derive(move || fillers(&bench.in_force(), &kind, desk.lang()));
    let lost = move || name.with_value(|name| bench.count_of(name));
    let navigate = use_navigate();
    let put = move |_| {
        let mut all = edits.get_value();
        for edit in &mut all {
            if let Edit::Kind { posts: given, .. } = edit {
                *given = posts.get_untracked();
            }
        }
        bench.put_form(&name.get_value(), all);
        navigate(&format!("/workshop/form/{}", name.get_value()), Default::default());
    };
    let rows = move || {
        let all = edits.get_value();
        let shown = all.iter().filter(|edit| !is_part(edit, &all) && !matches!(edit, Edit::Kind { .. }));
        after.with_value(|after| {
            shown.map(|edit| row(after, edit.news(&bench.in_force()), edit, desk.lang())).collect_view()
        })
    };
    let has_rows = !is_new && !is_same;
    let has_none = found.is_empty();
    view! {
        <Show when=move || is_same><p class="note">{move || same(desk.lang())}</p></Show>
        <Show when=move || is_stuck><p class="problem" role="alert">{move || stuck(desk.lang())}</p></Show>
        <Show when=move || has_rows>
            <section aria-labelledby="upload-changes">
                <h2 class="section-title" id="upload-changes">{move || what_changes(desk.lang())}</h2>
                <ul class="rows">{rows}</ul>
            </section>
        </Show>
        <Show when=move || is_new && !is_stuck><Posts label=who chosen=posts all=fillers /></Show>
        <Show when=move || !is_stuck && !is_same>
            <Show when=move || { lost() > 0 }><p class="note">"◐ " {move || replaces(lost(), desk.lang())}</p></Show>
            <p class="row-acts start"><button class="button main" on:click=put.clone()>{move || take(desk.lang())}</button></p>
        </Show>
        <section class="findings" aria-labelledby="upload-findings">
            <h2 class="visually-hidden" id="upload-findings">{move || findings(desk.lang())}</h2>
            <p class="note">{move || if has_none { whole(desk.lang()) } else { mend(desk.lang()) }}</p>
            <Findings all=found />
        </section>
    }
}

fn row(pack: &Pack, news: News, edit: &Edit, lang: Lang) -> impl IntoView + use<> {
    let (what, of) = words(pack, edit, lang);
    view! {
        <li class="row change">
            <span class="mark is-amber" aria-hidden="true">"◐"</span>
            <span class="row-title">{what} <small>{of}</small> <small class="is-amber">{mark(news, lang)}</small></span>
        </li>
    }
}

/// Posts that may be given a new form, beside those that see the report, which have it anyway.
fn fillers(pack: &Pack, kind: &Kind, lang: Lang) -> Vec<(String, String)> {
    let may = |frame: Frame| frame != Frame::Volunteer || kind.class == Class::Open;
    let posts = pack.posts.iter().filter(|post| !post.report && may(post.frame));
    posts.map(|post| (post.name.clone(), post.label.get(lang).to_owned())).collect()
}

fn said(FormIn { kind, is_new, .. }: &FormIn, lang: Lang) -> String {
    let (label, fields) = (kind.label.get(lang), kind.fields.len());
    match (is_new, lang) {
        (true, Lang::Zh) => format!("新表单：{label}（{fields} 题）"),
        (true, Lang::En) => format!("A new form: {label} ({fields} questions)"),
        (false, Lang::Zh) => format!("改的是现行的表单：{label}"),
        (false, Lang::En) => format!("It changes a form in force: {label}"),
    }
}

fn replaces(count: usize, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("这张表单有 {count} 处没发布的修改，放进去以后以表格为准。"),
        Lang::En if count == 1 => "1 change of this form is not published; the workbook will take its place.".into(),
        Lang::En => format!("{count} changes of this form are not published; the workbook will take their place."),
    }
}
