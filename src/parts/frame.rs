//! The frame around every page: places, who is signed in, the sync line. A rail when wide, a bar at the thumb when upright.

use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_location};
use records::{Lang, Pack, Right, Text, pack::Frame as Places};

use super::{clock_notice::ClockNotice, icon::Icon, stamp::StampPlace, sync_line::SyncLine};
use crate::{desk::use_desk, texts};

texts! {
    lapsed: "这台设备超过三十天没有联系办公室，居民资料先收起来了。连上网络就会取回；您写的都在。", "This device has not met the office for thirty days, so residents' records are put away. They come back with a network; all you wrote is here.";
    today: "今日", "Today";
    doors: "门牌", "Doors";
    records: "台账", "Ledgers";
    report: "报告", "Report";
    board: "进展", "Progress";
    help: "帮助", "Help";
    places: "导航", "Places";
    skip: "跳到正文", "Skip to the page";
    update: "有新版本", "A new version is ready";
    update_now: "现在更新", "Update now";
    update_note: "写到一半的内容会留着。", "Half-written forms are kept.";
}

/// A place: address, icon, name; lit when the address begins so.
struct Place {
    href: String,
    icon: String,
    name: Text,
    lit: &'static [&'static str],
}

impl Place {
    fn new(href: &str, icon: &str, name: fn(Lang) -> &'static str, lit: &'static [&'static str]) -> Self {
        Self { href: href.into(), icon: icon.into(), name: Text::new(name(Lang::Zh), name(Lang::En)), lit }
    }
}

fn officer(report: bool) -> Vec<Place> {
    let mut places = vec![
        Place::new("/", "home", today, &["/act", "/walk", "/review"]),
        Place::new("/doors", "building", doors, &["/doors", "/household", "/person"]),
        Place::new("/records", "list", records, &["/records", "/record", "/roster"]),
    ];
    if report {
        places.push(Place::new("/board", "task", board, &["/devices", "/refused", "/trail", "/erase"]));
        places.push(Place::new("/report", "chart", self::report, &["/report"]));
    }
    places
}

/// The first place of those who write one kind is called after it: 巡逻, 活动.
fn volunteer(pack: &Pack, post: &str) -> Vec<Place> {
    let mut own = pack.kinds.values().filter(|kind| pack.allows(post, &kind.name, Right::Write));
    let mut first = Place::new("/", "home", today, &["/new", "/act", "/walk"]);
    if let (Some(kind), None) = (own.next(), own.next()) {
        first.name = kind.label.clone();
        first.icon = kind.icon.clone().unwrap_or(first.icon);
    }
    vec![
        first,
        Place::new("/records", "list", records, &["/records", "/record"]),
        Place::new("/help", "help", help, &["/help"]),
    ]
}

/// The frame; `children` is the page.
#[component]
pub fn Frame(children: Children) -> impl IntoView {
    let desk = use_desk();
    let path = use_location().pathname;
    let places = Memo::new(move |_| {
        let pack = desk.pack();
        let post = desk.me().and_then(|me| pack.post(&me.post).cloned());
        post.map(|post| (post.frame, post.report, post.name)).unwrap_or_default()
    });
    let links = move || {
        let (frame, report, post) = places.get();
        let places = if frame == Places::Volunteer { volunteer(&desk.pack(), &post) } else { officer(report) };
        places
            .into_iter()
            .map(|place| {
                let Place { href, icon, name, lit } = place;
                let own = href.clone();
                let class = move || {
                    let path = path.get();
                    let is_lit = path == own || lit.iter().any(|start| path.starts_with(start));
                    if is_lit { "place lit" } else { "place" }
                };
                view! {
                    <li>
                        <A href=href attr:class=class>
                            <Icon name=icon />
                            <span>{move || name.get(desk.lang()).to_owned()}</span>
                        </A>
                    </li>
                }
            })
            .collect_view()
    };
    let who = move || {
        let pack = desk.pack();
        desk.me().map(|me| {
            let post = pack.post(&me.post).map(|p| p.label.get(desk.lang()).to_owned()).unwrap_or_default();
            view! { <A href="/sync" attr:class="who"><Icon name="person" /><span><b>{me.name}</b><small>{post}</small></span></A> }
        })
    };
    view! {
        <a class="skip" href="#page">{move || skip(desk.lang())}</a>
        <div class="frame">
            <header class="rail">
                <p class="brand" aria-hidden="true"><img src="/icons/icon.svg" width="40" height="40" alt="" /></p>
                <nav aria-label=move || self::places(desk.lang())>
                    <ul class="places">{links}</ul>
                </nav>
                <div class="rail-foot">{who} <SyncLine /></div>
            </header>
            <main id="page" class="content" tabindex="-1">
                <Show when=move || desk.update_ready()>
                    <div class="banner" role="status">
                        <span><b>{move || update(desk.lang())}</b> " " {move || update_note(desk.lang())}</span>
                        <button class="button" on:click=move |_| desk.update_now()>{move || update_now(desk.lang())}</button>
                    </div>
                </Show>
                <ClockNotice />
                <Show when=move || desk.is_lapsed()>
                    <p class="banner" role="status">{move || lapsed(desk.lang())}</p>
                </Show>
                {children()}
            </main>
            <StampPlace />
        </div>
    }
}
