//! The labels that people bear.

use leptos::prelude::*;

use super::{Bar, Head, Standing, bench::use_bench, question::Choices};
use crate::{desk::use_desk, texts};

texts! {
    lead: "居民身上的标签。加上的标签在居民的表单里就能选，也能拿来定提醒、算数字。",
        "What people are marked with. A label added here can be chosen in a person's form, and rules and figures can be made of it.";
    more: "添加标签", "One label more";
    none: "这里的表单没有标签。", "The forms here have no labels.";
}

/// The page `/workshop/labels`.
#[component]
pub fn Labels() -> impl IntoView {
    let (desk, bench) = (use_desk(), use_bench());
    let list = untrack(|| bench.pack()).labels().map(|(.., list)| list.to_owned());
    view! {
        <div class="page">
            <Head said=Signal::derive(move || super::labels(desk.lang()).to_owned()) back="/workshop" />
            <p class="lead">{move || lead(desk.lang())}</p>
            <Standing />
            {match list {
                Some(list) => view! { <div class="form"><Choices list said=more /></div> }.into_any(),
                None => view! { <p class="empty">{move || none(desk.lang())}</p> }.into_any(),
            }}
            <Bar />
        </div>
    }
    .into_any()
}
