//! What is written again and again, as cards: one tap, or two when the number differs.

use leptos::prelude::*;

use crate::{
    desk::use_desk,
    parts::round::RoundCard,
    platform, texts,
    view::again::{Round, rounds},
};

texts! {
    title: "再记一次", "Log again";
    others: "其他的", "Others";
}

/// Cards that show before the rest is folded away.
const SHOWN: usize = 6;

/// What is offered to who is signed in.
pub fn offered() -> Memo<Vec<Round>> {
    let desk = use_desk();
    Memo::new(move |_| {
        let pack = desk.pack();
        desk.context(|context| desk.read(|book| rounds(&pack, book, platform::today(), context.user)))
    })
}

/// The cards; nothing while there are none.
#[component]
pub fn Rounds(
    /// What is offered.
    rounds: Memo<Vec<Round>>,
) -> impl IntoView {
    let desk = use_desk();
    // What was done today stays in sight, wherever it stands: that is how one sees it was.
    let shows = |(place, round): (usize, &Round)| place < SHOWN || round.today.is_some();
    let part = move |shown: bool| {
        rounds.with(|all| {
            let all = all.iter().enumerate().filter(|(place, round)| shows((*place, round)) == shown);
            all.map(|(_, round)| round.clone()).collect::<Vec<_>>()
        })
    };
    let (first, rest) = (move || part(true), move || part(false));
    let key = |round: &Round| format!("{} {} {:?} {:?}", round.kind, round.per, round.last, round.today);
    let card = move |round: Round| view! { <li><RoundCard round back="/" /></li> };
    view! {
        <Show when=move || rounds.with(|all| !all.is_empty())>
            <section aria-labelledby="rounds">
                <h2 class="section-title" id="rounds">{move || title(desk.lang())}</h2>
                <ul class="rounds"><For each=first key=key children=card /></ul>
                <Show when=move || !part(false).is_empty()>
                    <details class="folded">
                        <summary>{move || others(desk.lang())} " " {move || part(false).len()}</summary>
                        <ul class="rounds"><For each=rest key=key children=card /></ul>
                    </details>
                </Show>
            </section>
        </Show>
    }
}
