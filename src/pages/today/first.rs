//! What to do the first time: three lines, until they were read. Skipped with one tap, and not seen again on this device.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::{app::is_volunteer, desk::use_desk, texts};

texts! {
    title: "第一次用？", "The first time?";
    officer_one: "上面的搜索能找人：汉字、拼音、首字母、门牌、电话后四位。", "Search finds people: by name, pinyin, initials, flat, a telephone's last digits.";
    officer_two: "“门牌”里点一户，查看本户人员，点红按钮登记。没有网络照常用。", "Under Doors tap a flat, see who lives there, tap the red button. No network is needed.";
    officer_three: "看到“已存”就存住了；有网络时自动上传。", "Saved means saved; where there is a network it goes to the office by itself.";
    volunteer_one: "出门点红色的“出发”，到一个点位按一下，走完点“结束”。", "Tap the red Set out when you leave, each point when you are there, Finish when done.";
    volunteer_two: "屏幕黑了、没有网络都不要紧，写的都在。", "The screen may go off, and no network is needed: all you wrote is here.";
    leader_one: "点“记今天”，一次活动就登记好了；人数不一样先改人数，点错了有“撤销”。", "Tap Log today and the meeting is recorded; change the number first if it differs. A slip can be undone.";
    more: "看说明", "How it works";
    got_it: "知道了", "Got it";
}

/// The card; nothing once it was read.
#[component]
pub fn First() -> impl IntoView {
    let desk = use_desk();
    let lines: &[fn(records::Lang) -> &'static str] = match untrack(|| (is_volunteer(), desk.walks())) {
        (true, true) => &[volunteer_one, volunteer_two],
        (true, false) => &[leader_one, volunteer_two],
        (false, _) => &[officer_one, officer_two, officer_three],
    };
    let item = move |line: &fn(records::Lang) -> &'static str| {
        let line = *line;
        view! { <li>{move || line(desk.lang())}</li> }
    };
    let items = StoredValue::new(lines);
    view! {
        <Show when=move || !desk.welcomed()>
            <aside class="card first" aria-labelledby="first">
                <h2 id="first">{move || title(desk.lang())}</h2>
                <ul>{items.get_value().iter().map(item).collect_view()}</ul>
                <p class="row-acts">
                    <A href="/help" attr:class="button quiet">{move || more(desk.lang())}</A>
                    <button type="button" class="button" on:click=move |_| desk.set_welcomed()>{move || got_it(desk.lang())}</button>
                </p>
            </aside>
        </Show>
    }
}
