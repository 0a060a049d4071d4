//! A way as it was walked: the points in order with their times, and where positions were taken a plain plan, north up.

use leptos::prelude::*;
use records::{Lang, Pack, Value};

use crate::{desk::use_desk, platform, texts, view::walk::plan};

texts! {
    drawn: "巡逻轨迹，上面是北", "The way, north is up";
    out: "出发", "Set out";
}

/// The plan's side and margin, in its own units.
const SIDE: f64 = 320.0;
const MARGIN: f64 = 16.0;

/// The trace; `list` is the choice list that its points are of.
#[component]
pub fn TraceView(
    /// The value.
    value: Value,
    /// The name of the list.
    list: String,
) -> impl IntoView {
    let desk = use_desk();
    let place = |(x, y): &(f64, f64)| (MARGIN + x * SIDE, MARGIN + y * SIDE);
    let places: Vec<(f64, f64)> = plan(&value).iter().map(place).collect();
    let line = places.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect::<Vec<_>>().join(" ");
    let dots =
        places.iter().map(|(x, y)| view! { <circle cx=format!("{x:.1}") cy=format!("{y:.1}") r="6" /> }).collect_view();
    let whole = SIDE + 2.0 * MARGIN;
    let steps = move || {
        let step = |step: &Value| {
            let time = step["at"].as_str().map(platform::clock_time_of).unwrap_or_default();
            let name = step["point"]
                .as_str()
                .map_or_else(|| out(desk.lang()).to_owned(), |p| point(&desk.pack(), &list, p, desk.lang()));
            view! { <li><time class="figures">{time}</time> <span>{name}</span></li> }
        };
        value.as_array().into_iter().flatten().map(step).collect_view()
    };
    view! {
        {(places.len() > 1).then(|| view! {
            <svg class="plan" viewBox=format!("0 0 {whole} {whole}") role="img" aria-label=move || drawn(desk.lang())>
                <polyline points=line.clone() />
                {dots}
            </svg>
        })}
        <ol class="trace">{steps}</ol>
    }
}

/// What a point is called.
fn point(pack: &Pack, list: &str, name: &str, lang: Lang) -> String {
    let known = pack.choices.get(list).and_then(|list| list.iter().find(|choice| choice.name == name));
    known.map_or(name, |choice| choice.label.get(lang)).to_owned()
}
