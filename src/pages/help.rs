//! Help: what to press, and that nothing is lost; for volunteers and for officers.

use leptos::prelude::*;

use crate::{app::is_volunteer, desk::use_desk, pages::sign_in::LangSwitch, texts};

texts! {
    title: "怎么用", "How it works";
    one: "出门时点红按钮“出发”，选路线和人数。屏幕黑了也不要紧。", "Tap the red Set out when you leave: which route, how many. The screen may go off.";
    two: "到一个点位，按一下它的名字，或者点“扫码到点”对准墙上的码。看到情况，点“发现情况”，选情况类型，写一句就行。", "At a point tap its name, or scan the code on the wall. If you see something, tap Found something and say what.";
    three: "走完点“结束”，核对后按“保存”，看到“已存”就存住了。没有网络也能存。", "When done tap Finish, look it over, tap Save. When it says Saved, it is safe, also without a network.";
    four: "回到有网络的地方，会自动上传。", "Back where there is a network, it goes to the office by itself.";
    five: "这里看不到居民的资料，放心用。", "Residents' data is never on this device.";
    leader: "活动结束，点“记今天”，一下就登记好；人数不一样先改人数，点错了有“撤销”。", "After a meeting tap Log today: recorded at once. Change the number first if it differs; a slip can be undone.";
    other_date: "要补登别的日子、换地点，点“改一改再记”。", "For another day or place tap Change and log.";
    find: "“今日”里的搜索能找人：汉字、拼音、首字母、门牌、电话后四位、人群标签。", "Search under Today finds people: by name, pinyin, initials, flat, a telephone's last digits, label.";
    doors: "“门牌”里点楼、点户。● 已访，◐ 到期，▲ 逾期，○ 未遇。", "Under Doors tap a building, then a flat. ● visited, ◐ due, ▲ overdue, ○ nobody home.";
    visit: "到一户，点红色的“走访”，日常的直接按“保存”；没人在家，点“没人在家，登记未遇”。", "At a flat tap the red button; the common case is just Save. Nobody home has a button of its own.";
    photo: "要留照片点“拍照”。照片会缩小，不带拍摄地点，加密存着，有网络自己会传。", "For a photo tap Take a photo: made smaller, without where it was taken, sealed, sent by itself.";
    kept: "看到“已存”就存住了，没有网络、没电都不会丢。写到一半的也留着。", "Saved means saved: no network and no battery loses it. What is half-written is kept too.";
    look: "上传未通过的、两人填写不一致的，会提示您，点进去改好或者选一个。", "What the office did not take and what two wrote differently is said; mend it, or choose.";
}

/// The page.
#[component]
pub fn Help() -> impl IntoView {
    let desk = use_desk();
    let lines: Vec<fn(records::Lang) -> &'static str> = match untrack(|| (is_volunteer(), desk.walks())) {
        (true, true) => vec![one, two, three, four, five],
        (true, false) => vec![leader, other_date, kept, four, five],
        (false, _) => vec![find, doors, visit, photo, kept, look],
    };
    let items = lines.into_iter().map(|text| view! { <li>{move || text(desk.lang())}</li> });
    view! {
        <div class="page">
            <div class="page-head"><h1>{move || title(desk.lang())}</h1></div>
            <ol class="steps">{items.collect_view()}</ol>
            <LangSwitch />
        </div>
    }
    .into_any()
}
