//! What one tap does: it is saved at once, a stamp says so, and for some seconds it can be undone.

use leptos::prelude::*;
use records::{Lang, Value};
use sync::{Draft, change::VOID};
use wasm_bindgen_futures::spawn_local;

use super::stamp::Stamps;
use crate::{desk::Desk, texts};

texts! {
    saved: "已存", "Saved";
    undone: "已撤销", "Undone";
    slip: "点错了，当场撤销", "Undone at once: a slip of the finger";
    thrown_away: "已删除，保留一天", "Thrown away; kept for a day";
    fetched_back: "已恢复", "Fetched back";
    taken_off: "已去掉", "Taken off";
}

/// Saves drafts as one act, stamps, and offers to undo. `done` is told whether they were saved.
pub fn save(desk: Desk, stamps: Stamps, drafts: Vec<Draft>, done: impl FnOnce(bool) + 'static) {
    spawn_local(async move {
        let lang = untrack(|| desk.lang());
        let answer = desk.save(drafts.clone()).await;
        done(answer.is_ok());
        match answer {
            Ok(()) => stamps.press_undoable(saved(lang), move || undo(desk, stamps, &drafts)),
            Err(problems) => {
                stamps.press(problems.first().map(|p| p.message.get(lang).to_owned()).unwrap_or_default());
            }
        }
    });
}

/// Throws a draft away and offers to fetch it back.
pub fn throw(desk: Desk, stamps: Stamps, key: &str) {
    let lang = untrack(|| desk.lang());
    if let Some(thrown) = desk.throw_draft(key) {
        let back = move || {
            if desk.fetch_back(&thrown).is_some() {
                stamps.press(fetched_back(lang));
            }
        };
        stamps.press_undoable(thrown_away(lang), back);
    }
}

/// Takes back what drafts did: a new record is voided with its reason, a changed one gets back what stood there.
fn undo(desk: Desk, stamps: Stamps, done: &[Draft]) {
    let lang = untrack(|| desk.lang());
    let back: Vec<Draft> = untrack(|| done.iter().filter_map(|draft| reversed(desk, draft, lang)).collect());
    spawn_local(async move {
        let said = match desk.save(back).await {
            Ok(()) => undone(lang).to_owned(),
            Err(problems) => problems.first().map(|p| p.message.get(lang).to_owned()).unwrap_or_default(),
        };
        stamps.press(said);
    });
}

/// The draft that takes back what another did; `None` when its record is here no longer.
fn reversed(desk: Desk, done: &Draft, lang: Lang) -> Option<Draft> {
    let mut back = desk.edit_draft(done.record)?;
    if done.was.is_empty() {
        back.now.insert(VOID.into(), Value::from(slip(lang)));
    } else {
        for name in done.now.keys().filter(|name| done.was.get(*name) != done.now.get(*name)) {
            let before = done.was.get(name).cloned().unwrap_or_default();
            back.now.insert(name.clone(), before);
        }
        for (name, value) in done.was.iter().filter(|(name, _)| !done.now.contains_key(*name)) {
            back.now.insert(name.clone(), value.clone());
        }
    }
    back.why = Some(slip(lang).into());
    Some(back)
}
