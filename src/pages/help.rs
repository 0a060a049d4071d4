//! Help for volunteers: what to press, and that nothing is lost.

use leptos::prelude::*;

use crate::{desk::use_desk, pages::sign_in::LangSwitch, texts};

texts! {
    title: "怎么用", "How it works";
    one: "巡逻回来，点“巡逻”里的红按钮，选路线、点过的地方、几个人、几分钟。", "After a round, tap the red button under Patrol: route, points passed, how many, how long.";
    two: "看到什么情况，点“添加”，选一样，说一句就行。", "If you saw something, tap Add, choose what it was and say a word.";
    three: "按“保存”，看到“已存”就好了。没有网络也能存。", "Tap Save. When it says Saved, it is safe, also without a network.";
    four: "回到有网络的地方，它自己会交到办公室。", "Back where there is a network, it goes to the office by itself.";
    five: "这里看不到居民的资料，放心用。", "Residents' data is never on this device.";
}

/// The page.
#[component]
pub fn Help() -> impl IntoView {
    let desk = use_desk();
    let items = [one, two, three, four, five].map(|text| view! { <li>{move || text(desk.lang())}</li> });
    view! {
        <div class="page">
            <div class="page-head"><h1>{move || title(desk.lang())}</h1></div>
            <ol class="steps">{items.into_iter().collect_view()}</ol>
            <LangSwitch />
        </div>
    }
    .into_any()
}
