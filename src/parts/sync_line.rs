//! One quiet sentence about sync, always true, and a door to the sync page.

use jiff::civil::Date;
use leptos::prelude::*;
use leptos_router::components::A;
use records::Lang;
use sync::engine::{Failure, Phase, Status};

use super::{icon::Icon, whole::opening};
use crate::{desk::use_desk, platform, texts};

texts! {
    no_network: "这台设备没有连上网络。", "This device has no network.";
    offline: "现在连不上办公室。", "The office cannot be reached now.";
    sign_in_again: "登录已过期。记录都在本机，照常可以记；重新登录后就会上传。", "The session has ended. Everything is safe here and you can go on recording; sign in again to sync.";
    forbidden: "这个账号现在不能同步，请问一下办公室。", "This account may not sync now. Please ask the office.";
    too_old: "这台设备上的应用太旧，要更新后才能同步。", "The app on this device is too old: update it to sync.";
    too_new: "办公室的服务器比这台设备上的应用旧，请管理员更新服务器。", "The office server is older than the app on this device. Please ask the administrator to update the server.";
    busy: "办公室的服务器正忙。", "The office server is busy.";
    refused: "办公室的服务器读不了发去的内容，请告诉管理员。", "The office server cannot read what was sent. Please tell the administrator.";
    too_large: "有一条内容太大，通往办公室的代理服务器不让通过，请管理员调大它的上限。", "One record is too large for the proxy in front of the office server. Please ask the administrator to raise its limit.";
    gateway: "网络是通的，可是代理服务器连不上办公室的服务器，它可能正在重启。", "There is a network, but the proxy does not reach the office server, which may be starting again.";
    strange: "回答的不是办公室的服务器。这个网络可能要先在浏览器里登录，或者换个网络试试。", "It was not the office server that answered. This network may want you to sign in to it in the browser first; or try another one.";
    server: "办公室的服务器出了问题，请告诉管理员。", "The office server has failed. Please tell the administrator.";
    full: "本机存储空间不够，请清理一些空间。", "This device is short of storage. Please free some space.";
    store: "浏览器没能写进本机的存储，请把本应用关掉再打开。", "The browser could not write to this device's storage. Please close the app and open it again.";
    behind: "本机的日期和时间好像不对，请先调准，再连办公室。", "The date and time of this device seem to be wrong. Please set them right, then the office can be reached.";
}

/// Why nothing moves, in a sentence.
pub fn why(failure: Failure, lang: Lang) -> &'static str {
    let text = match failure {
        Failure::NoNetwork => no_network,
        Failure::Offline => offline,
        Failure::SignIn => sign_in_again,
        Failure::Forbidden => forbidden,
        Failure::TooOld => too_old,
        Failure::TooNew => too_new,
        Failure::Busy(_) => busy,
        Failure::Refused => refused,
        Failure::TooLarge => too_large,
        Failure::Gateway => gateway,
        Failure::Strange => strange,
        Failure::Server => server,
        Failure::Full => full,
        Failure::Store => store,
    };
    text(lang)
}

/// The same for whoever looks now: a clock behind the last contact explains best why the office's certificate is not believed.
pub fn why_now(failure: Failure, met: Option<u64>, now: u64, lang: Lang) -> &'static str {
    const DAY: u64 = 24 * 3600 * 1000;
    match failure {
        Failure::Offline if met.is_some_and(|met| met > now.saturating_add(DAY)) => behind(lang),
        _ => why(failure, lang),
    }
}

/// What waits on this device besides records in the queue.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Waits {
    /// Changes that the office refused.
    pub refused: usize,
    /// Photos and files.
    pub files: usize,
    /// The day since when something waits, if it is not today.
    pub since: Option<Date>,
    /// The date here.
    pub today: Date,
}

impl Waits {
    /// Of this desk, now.
    pub fn here() -> Self {
        let desk = use_desk();
        let today = platform::today();
        let since = desk.waits_since().map(platform::date_of).filter(|day| *day < today);
        Self { refused: desk.refused().len(), files: desk.unsent_files().len(), since, today }
    }

    /// `自11月9日起`, `since November 9`.
    fn since(&self, lang: Lang) -> Option<String> {
        const MONTHS: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        let day = self.since?;
        let (year, month, date) = (day.year(), day.month(), day.day());
        Some(match (lang, year == self.today.year()) {
            (Lang::Zh, true) => format!("自{month}月{date}日起"),
            (Lang::Zh, false) => format!("自{year}年{month}月{date}日起"),
            (Lang::En, is_this) => {
                let name = MONTHS.get(usize::from(month.unsigned_abs()) - 1).copied().unwrap_or_default();
                let year = if is_this { String::new() } else { format!(", {year}") };
                format!("since {name} {date}{year}")
            }
        })
    }
}

/// What the line says, and whether it needs a look.
pub fn sentence(status: &Status, waits: &Waits, lang: Lang) -> (String, bool) {
    let zh = lang == Lang::Zh;
    let say = |zh_text: String, en: String| if zh { zh_text } else { en };
    if waits.refused > 0 {
        let refused = waits.refused;
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
    let look = match status.phase {
        Phase::Paused(Failure::Full) => Some(("本机存储快满了", "This device's storage is nearly full")),
        Phase::Paused(Failure::Store) => Some(("本机存储写不进去，请重新打开", "Storage failed: reopen the app")),
        Phase::Paused(Failure::TooOld) => Some(("应用需要更新才能同步", "Update the app to sync")),
        Phase::Paused(Failure::TooNew) => Some(("办公室的服务器需要更新", "The office server needs an update")),
        Phase::Paused(Failure::TooLarge) => Some(("有一条太大，传不过去", "One record is too large for the line")),
        _ => None,
    };
    if let Some((zh, en)) = look {
        return (say(zh.into(), en.into()), true);
    }
    let since = waits.since(lang);
    match (waiting, status.last) {
        // The records are there, what they mention is on its way.
        (0, _) if waits.files > 0 => {
            let files = waits.files;
            let plural = if files == 1 { "photo or file is" } else { "photos or files are" };
            let (zh, en) = match since {
                Some(since) => (format!("，{since}等待"), format!(", {since}")),
                None => Default::default(),
            };
            (say(format!("{files} 个照片或文件待上传{zh}"), format!("{files} {plural} still to upload{en}")), false)
        }
        (0, Some(last)) => {
            let time = platform::clock_time(last);
            (say(format!("已全部上传 · {time}"), format!("All uploaded · {time}")), false)
        }
        (0, None) => (say("没有待上传的记录".into(), "Nothing waits on this device".into()), false),
        (n, _) => {
            let (zh, en) = match since {
                Some(since) => (format!("，{since}等待"), format!(", {since}")),
                None => Default::default(),
            };
            (say(format!("{n} 条待上传{zh}"), format!("{n} {plural} waiting to upload{en}")), false)
        }
    }
}

/// The line.
#[component]
pub fn SyncLine() -> impl IntoView {
    let desk = use_desk();
    let said = Memo::new(move |_| {
        let said = sentence(&desk.status(), &Waits::here(), desk.lang());
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
    use jiff::civil::date;

    use super::*;

    fn waits(refused: usize, files: usize, since: Option<Date>) -> Waits {
        Waits { refused, files, since, today: date(2026, 11, 30) }
    }

    fn status(waiting: usize, phase: Phase) -> Status {
        Status { waiting, others: 0, phase, last: None }
    }

    #[test]
    fn the_line_says_what_waits_before_anything_else() {
        let say = |status: &Status, refused| sentence(status, &waits(refused, 0, None), Lang::Zh).0;
        assert_eq!(say(&status(3, Phase::Paused(Failure::Offline)), 0), "3 条待上传");
        assert_eq!(say(&status(3, Phase::Working), 0), "3 条待上传");
        assert_eq!(say(&status(3, Phase::Working), 2), "2 条上传未通过");
        assert_eq!(say(&status(2, Phase::SignIn), 0), "2 条待上传，请登录");
        assert_eq!(say(&status(0, Phase::Resting), 0), "没有待上传的记录");
        let said = sentence(&status(1, Phase::Resting), &waits(0, 0, None), Lang::En).0;
        assert_eq!(said, "1 record waiting to upload");
        let there = Status { last: Some(0), ..status(0, Phase::Resting) };
        let said = sentence(&there, &waits(0, 2, None), Lang::Zh).0;
        assert_eq!(said, "2 个照片或文件待上传", "not all is at the office");
    }

    #[test]
    fn the_line_says_since_when_it_waits() {
        let say = |n, since, lang| sentence(&status(n, Phase::Paused(Failure::Offline)), &since, lang).0;
        let week = waits(0, 2, Some(date(2026, 11, 9)));
        assert_eq!(say(3, week, Lang::Zh), "3 条待上传，自11月9日起等待");
        assert_eq!(say(3, week, Lang::En), "3 records waiting to upload, since November 9");
        assert_eq!(say(0, week, Lang::Zh), "2 个照片或文件待上传，自11月9日起等待");
        let year = waits(0, 0, Some(date(2025, 1, 2)));
        assert_eq!(say(1, year, Lang::Zh), "1 条待上传，自2025年1月2日起等待");
        assert_eq!(say(1, year, Lang::En), "1 record waiting to upload, since January 2, 2025");
    }

    #[test]
    fn each_cause_has_a_sentence_of_its_own() {
        use Failure::*;
        let all = [
            NoNetwork,
            Offline,
            SignIn,
            Forbidden,
            TooOld,
            TooNew,
            Busy(3),
            Refused,
            TooLarge,
            Gateway,
            Strange,
            Server,
            Full,
            Store,
        ];
        for lang in [Lang::Zh, Lang::En] {
            let said: std::collections::BTreeSet<_> = all.iter().map(|failure| why(*failure, lang)).collect();
            assert_eq!(said.len(), all.len());
        }
        assert!(why(TooNew, Lang::Zh).contains("更新服务器"), "the office is the older one");
        assert!(why(Full, Lang::Zh).contains("存储"));
        let day = 86_400_000;
        assert_eq!(why_now(Offline, Some(9 * day), 3 * day, Lang::Zh), behind(Lang::Zh));
        assert_eq!(why_now(Offline, Some(9 * day), 10 * day, Lang::Zh), offline(Lang::Zh));
        assert_eq!(why_now(Gateway, Some(9 * day), 3 * day, Lang::Zh), gateway(Lang::Zh), "it did answer");
    }
}
