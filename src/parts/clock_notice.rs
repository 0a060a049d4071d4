//! What is wrong with a clock, said before anything is dated by it, with both times and a way to go on.

use leptos::prelude::*;
use records::Lang;
use sync::contact::{DAY, Doubt};

use crate::{
    desk::{ClockFacts, use_desk},
    platform, texts,
};

texts! {
    accept: "知道了，接着记", "I see, go on";
    right: "时间没错，接着记", "The time is right, go on";
    zone: "本机的时区和办公室（北京时间）不一样。日期和时间都按办公室的算。", "This device's time zone is not the office's. Dates and times go by the office's.";
}

/// The sentences, none when all is well.
fn sentences(facts: &ClockFacts, is_director: bool, lang: Lang) -> Vec<String> {
    let zh = lang == Lang::Zh;
    let (here, known) = (at(facts.reading), at(facts.known));
    let of_clock = facts.doubt.map(|doubt| match doubt {
        Doubt::Differs if zh => {
            format!("本机时间（{here}）和办公室（{known}）差得多。记录按办公室的时间记；请把本机时间调准。")
        }
        Doubt::Differs => {
            format!("This device says {here}, the office {known}. Records go by the office's time; please set this clock.")
        }
        Doubt::Behind if zh => format!(
            "本机时间（{here}）比上次联系办公室（{known}）还早，不会对。新记录先写成上次那天，存之前请看清记录日期；最好先把本机时间调准。"
        ),
        Doubt::Behind => format!(
            "This device says {here}, earlier than when it last met the office ({known}), which cannot be. New records are first \
             dated that day: please look at the date before saving, and better set this clock."
        ),
        Doubt::Leapt => {
            let days = facts.reading.abs_diff(facts.known) / DAY;
            match zh {
                true => format!(
                    "本机时间是 {here}，离上次用这台设备（{known}）有 {days} 天。时间要是不对，记录日期会跟着错：请先看清，调准了再记。"
                ),
                false => format!(
                    "This device says {here}, {days} days after it was last used ({known}). If that is wrong, records will be \
                     dated wrongly: please check and set the clock first."
                ),
            }
        }
    });
    let of_office = (is_director && facts.office_behind > 0).then(|| match zh {
        true => "办公室服务器的时间慢了，请管理员调准。记录照常收下，日期按各台设备的算。".to_owned(),
        false => "The office server's clock is behind: please have it set. Records are taken all the same.".to_owned(),
    });
    let of_zone = facts.elsewhere.then(|| zone(lang).to_owned());
    of_clock.into_iter().chain(of_zone).chain(of_office).collect()
}

/// Day and time, also of today.
fn at(millis: u64) -> String {
    platform::moment(millis).get(..16).unwrap_or_default().replace('T', " ")
}

/// The notice, on every page until it is seen.
#[component]
pub fn ClockNotice() -> impl IntoView {
    let desk = use_desk();
    let is_director = move || desk.me().is_some_and(|me| desk.pack().post(&me.post).is_some_and(|post| post.report));
    let told = move || match desk.clock() {
        facts if facts.seen => Vec::new(),
        facts => sentences(&facts, is_director(), desk.lang()),
    };
    let button =
        move || if desk.clock().doubt == Some(Doubt::Leapt) { right(desk.lang()) } else { accept(desk.lang()) };
    view! {
        <Show when=move || !told().is_empty()>
            <div class="banner" role="status" id="clock">
                <span>{move || told().into_iter().map(|text| view! { <p>{text}</p> }).collect_view()}</span>
                <button class="button" on:click=move |_| desk.accept_clock()>{button}</button>
            </div>
        </Show>
    }
}
