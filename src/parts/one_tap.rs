//! What one tap does: it is saved at once, a stamp says so, and for some seconds it can be undone.

use leptos::prelude::*;
use records::Value;
use sync::{Draft, change::VOID};
use wasm_bindgen_futures::spawn_local;

use super::stamp::Stamps;
use crate::{desk::Desk, texts};

texts! {
    saved: "已存", "Saved";
    undone: "已撤销", "Undone";
    slip: "点错了，当场撤销", "Undone at once: a slip of the finger";
}

/// Saves a draft, stamps, and offers to undo. `done` is told whether it was saved.
pub fn save(desk: Desk, stamps: Stamps, draft: Draft, done: impl FnOnce(bool) + 'static) {
    spawn_local(async move {
        let lang = untrack(|| desk.lang());
        let answer = desk.save(vec![draft.clone()]).await;
        done(answer.is_ok());
        match answer {
            Ok(()) => stamps.press_undoable(saved(lang), Callback::new(move |()| undo(desk, stamps, &draft))),
            Err(problems) => {
                stamps.press(problems.first().map(|p| p.message.get(lang).to_owned()).unwrap_or_default());
            }
        }
    });
}

/// Takes back what a draft did: a new record is voided with its reason, a changed one gets back what stood there.
fn undo(desk: Desk, stamps: Stamps, done: &Draft) {
    let lang = untrack(|| desk.lang());
    let Some(mut back) = untrack(|| desk.edit_draft(done.record)) else { return };
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
    spawn_local(async move {
        let said = match desk.save(vec![back]).await {
            Ok(()) => undone(lang).to_owned(),
            Err(problems) => problems.first().map(|p| p.message.get(lang).to_owned()).unwrap_or_default(),
        };
        stamps.press(said);
    });
}
