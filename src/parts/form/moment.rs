//! A day and a time on the wall, kept with the offset of the place it was written at.

use leptos::{html, prelude::*};
use records::Value;

use super::ask::Ask;
use crate::{platform, texts};

texts! {
    now: "现在", "Now";
}

/// The control.
#[component]
pub fn MomentBox(
    /// Where the answer goes.
    ask: Ask,
) -> impl IntoView {
    let desk = ask.form.desk();
    let input = NodeRef::<html::Input>::new();
    Effect::new(move || {
        let text = ask.value().as_str().map(on_the_wall).unwrap_or_default();
        if let Some(input) = input.get().filter(|i| i.value() != text) {
            input.set_value(&text);
        }
    });
    // A step that is written down now happened now, until someone says otherwise.
    if ask.row.is_some() && untrack(|| ask.is_required() && ask.value().is_null()) {
        ask.set(platform::moment(platform::now()).into());
    }
    let take = move |event| {
        let kept = platform::moment_of(&event_target_value(&event));
        ask.set(kept.map_or(Value::Null, Value::from));
    };
    view! {
        <span class="day">
            <input
                node_ref=input
                id=ask.id()
                type="datetime-local"
                aria-describedby=format!("{}-note", ask.id())
                aria-invalid=move || ask.is_wrong()
                on:change=take
            />
            <button type="button" class="button quiet" on:click=move |_| ask.set(platform::moment(platform::now()).into())>
                {move || now(desk.lang())}
            </button>
        </span>
    }
}

/// What the box shows of a kept moment: the writer's day and time, to the minute.
fn on_the_wall(kept: &str) -> String {
    kept.get(..16).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::on_the_wall;

    #[test]
    fn a_moment_shows_as_its_writer_s_clock_did() {
        assert_eq!(on_the_wall("2009-03-01T14:02:11+08:00"), "2009-03-01T14:02");
        assert_eq!(on_the_wall("昨天"), "");
    }
}
