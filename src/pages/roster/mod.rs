//! Importing rosters: a file is chosen, its columns are checked, the office says what importing would do, and what was
//! imported can be taken back. All of it needs the office.

use leptos::prelude::*;
use leptos_router::components::A;
use records::Lang;
use sync::engine;

use self::{check::Check, columns::Columns, file::File, past::Past, sitting::Doing};
use super::notice::NotYours;
use crate::{desk::use_desk, parts::icon::Icon, texts, view::roster::may_import};

mod check;
mod columns;
mod file;
mod past;
mod problems;
mod sitting;

pub use sitting::Sitting;

texts! {
    title: "导入花名册", "Import a roster";
    lead: "把表格里的住户和居民一次录进来。先核对，再导入；导错了可以整个撤销。", "Enter the households and people of a spreadsheet at once. Check first, then import; a wrong import can be taken back whole.";
    back: "返回台账", "To the ledgers";
    needs_office: "导入花名册要连着办公室。选好的文件和各列的意思都留在这里，连上就接着做。", "Importing needs the office. The file you chose and its columns stay here, and it goes on once the office is reached.";
    again: "再试一次", "Try again";
    reading: "正在读文件…", "Reading the file…";
    checking: "正在核对…", "Checking…";
    starting: "正在开始导入…", "Beginning to import…";
}

/// The page `/roster`.
#[component]
pub fn RosterPage() -> impl IntoView {
    let desk = use_desk();
    let may = Memo::new(move |_| may_import(&desk.pack(), &desk.me().map(|me| me.post).unwrap_or_default()));
    move || if may.get() { view! { <Whole /> }.into_any() } else { view! { <NotYours /> }.into_any() }
}

#[component]
fn Whole() -> impl IntoView {
    let desk = use_desk();
    let sitting = expect_context::<Sitting>();
    sitting.refresh();
    let go_on = move || {
        sitting.go_on();
        sitting.refresh();
    };
    let is_offline = Memo::new(move |_| sitting.problem.with(|p| p.as_ref().is_some_and(|p| p.code == "offline")));
    // The office was reached again: what waited for it goes on by itself.
    let reached = Memo::new(move |_| desk.status().last);
    let resting = Memo::new(move |_| desk.status().phase == engine::Phase::Resting);
    Effect::new(move |before: Option<_>| {
        let now = (reached.get(), resting.get());
        if before.is_some_and(|before| before != now) && now.1 && is_offline.get_untracked() {
            go_on();
        }
        now
    });
    let ledger = move || {
        let pack = desk.pack();
        pack.screens.doors.as_ref().map_or("/records".to_owned(), |doors| format!("/records/{}", doors.person))
    };
    let said = move || sitting.doing.get().map(|doing| words(doing)(desk.lang()));
    view! {
        <div class="page roster">
            <div class="page-head">
                <h1>{move || title(desk.lang())}</h1>
                <A href=ledger attr:class="button quiet"><Icon name="back" /><span>{move || back(desk.lang())}</span></A>
            </div>
            <p class="note">{move || lead(desk.lang())}</p>
            {move || sitting.problem.get().map(|problem| view! {
                <div class="card roster-problem" role="alert">
                    <p><b class="is-amber">"▲ "</b> {move || problem.message.get(desk.lang()).to_owned()}</p>
                    <Show when=move || is_offline.get()>
                        <p class="note">{move || needs_office(desk.lang())}</p>
                    </Show>
                    <p><button class="button" on:click=move |_| go_on()>{move || again(desk.lang())}</button></p>
                </div>
            })}
            <past::Latest sitting />
            <File sitting />
            <p class="roster-doing" role="status">{said}</p>
            <Show when=move || sitting.upload.with(Option::is_some)>
                <Columns sitting />
                <Check sitting />
            </Show>
            <Past sitting />
        </div>
    }
    .into_any()
}

fn words(doing: Doing) -> fn(Lang) -> &'static str {
    match doing {
        Doing::Reading => reading,
        Doing::Checking => checking,
        Doing::Starting => starting,
    }
}
