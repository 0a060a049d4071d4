//! Figures over records this tablet may not hold: the office counts them and sends the numbers. The last answer to each
//! question stays on the tablet, with its date.

use std::{collections::BTreeMap, rc::Rc};

use gloo::storage::{LocalStorage as Beside, Storage};
use leptos::prelude::*;
use records::{Right, figures::Figure, pack::Measure};
use serde::{Deserialize, Serialize};
use wasm_bindgen_futures::spawn_local;

use super::{Desk, state::State};
use crate::net;

/// Where the last answers are kept; numbers only, so beside the database.
const KEY: &str = "linli.figures";
/// Answers kept: a year's months and a few grids.
const KEPT: usize = 40;

/// What the office counted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OfficeFigures {
    /// When, milliseconds since 1970 UTC by the office's clock.
    pub at: u64,
    /// Figures by indicator, as the wire has them.
    figures: BTreeMap<String, serde_json::Value>,
}

impl OfficeFigures {
    /// A figure.
    pub fn get(&self, indicator: &str) -> Option<Figure> {
        self.figures.get(indicator).map(Figure::read)
    }
}

impl Desk {
    /// Indicators over kinds of which this account may not read all records: only the office can count them.
    pub fn only_at_office(&self) -> Vec<String> {
        let (pack, post) = (self.pack(), self.me().map(|me| me.post).unwrap_or_default());
        let hidden = |kind: &str| !pack.allows(&post, kind, Right::Read) || pack.assignment(kind).is_some();
        let is_hidden = |indicator: &&records::pack::Indicator| match &indicator.measure {
            Measure::Rate(part, whole) => {
                [part, whole].into_iter().filter_map(|name| pack.indicator(name)).any(|i| hidden(&i.kind))
            }
            _ => hidden(&indicator.kind),
        };
        pack.indicators.iter().filter(is_hidden).map(|i| i.name.clone()).collect()
    }

    /// What the office last counted for a question (`from=2009-01-01&to=…`), and asks it anew; nothing for posts that hold
    /// all they may see figures of.
    pub fn office_figures(&self, question: String) -> ReadSignal<Option<Rc<OfficeFigures>>, LocalStorage> {
        let (read, write) = signal_local(None);
        if untrack(|| self.only_at_office()).is_empty() {
            return read;
        }
        write.set(kept().into_iter().find(|(asked, _)| *asked == question).map(|(_, answer)| Rc::new(answer)));
        let lang = State::get(&self.state().lang);
        spawn_local(async move {
            let Ok(answer) = net::figures(&question, lang).await else { return };
            let answer = OfficeFigures { at: answer.at, figures: answer.figures };
            keep(question, answer.clone());
            write.try_set(Some(Rc::new(answer)));
        });
        read
    }
}

/// Forgets what the office counted.
pub fn forget() {
    Beside::delete(KEY);
}

fn kept() -> Vec<(String, OfficeFigures)> {
    Beside::get(KEY).unwrap_or_default()
}

/// The newest first; a browser that keeps nothing asks again next time.
fn keep(question: String, answer: OfficeFigures) {
    let mut all = kept();
    all.retain(|(asked, _)| *asked != question);
    all.insert(0, (question, answer));
    all.truncate(KEPT);
    let _ = Beside::set(KEY, all);
}
