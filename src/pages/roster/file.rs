//! Choosing the file, or another.

use leptos::prelude::*;
use records::words;

use super::sitting::Sitting;
use crate::{desk::use_desk, parts::drop::DropField, platform, texts};

texts! {
    title: "1 选表格", "1 The file";
    choose: "选一个文件，或者拖到这里", "Choose a file, or drop it here";
    what: "Excel（.xlsx）或 CSV，最大 20 MB", "Excel (.xlsx) or CSV, 20 MB at most";
    sample: "下载一张样表", "Download a sample sheet";
    sample_name: "花名册样表", "roster-sample";
    other: "换一个文件", "Choose another";
    rows: "行", "rows";
    waits: "选好了，等连上办公室再读。", "Chosen; it is read once the office is reached.";
}

/// What a file input offers; what the file is, the office reads from its bytes.
const KINDS: &str = ".xlsx,.xls,.csv,.txt,text/csv";
const EXCEL: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Excel and not CSV, its cells kept as text: of a CSV's ID numbers Excel cuts the last digits.
const SAMPLE: &[u8] = include_bytes!("sample.xlsx");

/// The step.
#[component]
pub fn File(sitting: Sitting) -> impl IntoView {
    let desk = use_desk();
    let name = move || sitting.file.with(|file| file.as_ref().map(|file| file.name.clone()));
    let count = move || {
        let (upload, sheet) = (sitting.upload.get()?, sitting.choices.with(|choices| choices.sheet));
        let all = upload.sheets.get(sheet as usize)?.rows;
        Some(format!("{} {}", words::grouped(all.into()), rows(desk.lang())))
    };
    let is_waiting = move || sitting.upload.with(Option::is_none) && sitting.doing.get().is_none();
    let take_sample = move |_| {
        let name = format!("{}.xlsx", sample_name(desk.lang()));
        if let Err(error) = platform::download(&name, EXCEL, SAMPLE) {
            gloo::console::warn!(error);
        }
    };
    view! {
        <section aria-labelledby="roster-file">
            <h2 class="section-title" id="roster-file">{move || title(desk.lang())}</h2>
            <Show
                when=move || sitting.file.with(Option::is_some)
                fallback=move || view! {
                    <DropField accept=KINDS choose what on_file=move |file| sitting.choose(file) />
                    <p><button class="button quiet" on:click=take_sample>{move || sample(desk.lang())}</button></p>
                }
            >
                <div class="card roster-file">
                    <p>
                        <b>{name}</b> " "
                        <small class="figures">{count}</small>
                        <Show when=is_waiting><small>{move || waits(desk.lang())}</small></Show>
                    </p>
                    <button class="button" on:click=move |_| sitting.put_away()>{move || other(desk.lang())}</button>
                </div>
            </Show>
        </section>
    }
}
