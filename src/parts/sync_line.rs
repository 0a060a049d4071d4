//! One quiet sentence about sync, always true, and a door to the sync page.

use leptos::prelude::*;
use leptos_router::components::A;
use records::Lang;
use sync::engine::{Failure, Phase, Status};

use super::{icon::Icon, whole::opening};
use crate::{desk::use_desk, platform};

/// What the line says, and whether it needs a look.
pub fn sentence(status: &Status, refused: usize, files: usize, lang: Lang) -> (String, bool) {
    let zh = lang == Lang::Zh;
    let say = |zh_text: String, en: String| if zh { zh_text } else { en };
    if refused > 0 {
        return (say(format!("{refused} 条上传未通过"), format!("{refused} not taken by the office")), true);
    }
    let waiting = status.waiting;
    let plural = if waiting == 1 { "record" } else { "records" };
    if status.phase == Phase::SignIn {
        let text = match waiting {
            0 => say("请登录后同步".into(), "Sign in to sync".into()),
            n => say(format!("{n} 条待上传，请登录"), format!("{n} {plural} here: sign in to sync")),
        };
        return (text, true);
    }
    if status.phase == Phase::Paused(Failure::Store) {
        return (say("本机存储快满了".into(), "This device's storage is nearly full".into()), true);
    }
    if status.phase == Phase::Paused(Failure::TooOld) {
        return (say("应用需要更新才能同步".into(), "Update the app to sync".into()), true);
    }
    match (waiting, status.last) {
        // The records are there, what they mention is on its way.
        (0, _) if files > 0 => {
            let plural = if files == 1 { "photo or file is" } else { "photos or files are" };
            (say(format!("{files} 个照片或文件待上传"), format!("{files} {plural} still to upload")), false)
        }
        (0, Some(last)) => {
            let time = platform::clock_time(last);
            (say(format!("已全部上传 · {time}"), format!("All uploaded · {time}")), false)
        }
        (0, None) => (say("没有待上传的记录".into(), "Nothing waits on this device".into()), false),
        (n, _) => (say(format!("{n} 条待上传"), format!("{n} {plural} waiting to upload")), false),
    }
}

/// The line.
#[component]
pub fn SyncLine() -> impl IntoView {
    let desk = use_desk();
    let said = Memo::new(move |_| {
        let said = sentence(&desk.status(), desk.refused().len(), desk.unsent_files().len(), desk.lang());
        match desk.is_whole() || said.1 {
            true => said,
            false => (opening(desk.lang()).to_owned(), false),
        }
    });
    let class = move || if said.get().1 { "sync-line needs-look" } else { "sync-line" };
    view! {
        <A href="/sync" attr:class=class>
            <Icon name="sync" />
            <span aria-live="polite">{move || said.get().0}</span>
        </A>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_what_waits_before_anything_else() {
        let status = |waiting, phase| Status { waiting, others: 0, phase, last: None };
        let say = |status: &Status, refused| sentence(status, refused, 0, Lang::Zh).0;
        assert_eq!(say(&status(3, Phase::Paused(Failure::Offline)), 0), "3 条待上传");
        assert_eq!(say(&status(3, Phase::Working), 0), "3 条待上传");
        assert_eq!(say(&status(3, Phase::Working), 2), "2 条上传未通过");
        assert_eq!(say(&status(2, Phase::SignIn), 0), "2 条待上传，请登录");
        assert_eq!(say(&status(0, Phase::Resting), 0), "没有待上传的记录");
        assert_eq!(sentence(&status(1, Phase::Resting), 0, 0, Lang::En).0, "1 record waiting to upload");
        let there = Status { last: Some(0), ..status(0, Phase::Resting) };
        assert_eq!(sentence(&there, 0, 2, Lang::Zh).0, "2 个照片或文件待上传", "not all is at the office");
    }
}
