//! The app in parts: the first screen needs only the first. The others lie in files of their own, which are fetched while a
//! password is typed, and kept by the service worker like all files of the app.

use std::{
    future::Future,
    pin::{Pin, pin},
    sync::atomic::{AtomicBool, Ordering},
    task::{Context, Poll, Waker},
};

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use records::{Lang, Problem};

use self::split::{act, office, office_came, signed, signed_came};
use crate::{
    desk::{Task, use_desk},
    platform, texts,
};

texts! {
    missing: "这一部分还没能取来。已经记下的内容都在，请检查网络后再试。", "This part could not be fetched. What you recorded is safe: check the network and try again.";
    again: "再试一次", "Try again";
}

/// After how many milliseconds the first screen has the machine no longer to itself.
pub const SETTLED: u32 = 2000;
/// How often is looked whether a part has come, in milliseconds.
const LOOK: u32 = 20;

/// What comes later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// All screens of someone who is signed in, but for those of the office's desk; and what the desk does behind its door.
    Signed,
    /// A page of the office's desk.
    Office(OfficePage),
}

/// The pages of the office's desk, which directors open and tablets on their rounds never do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "named as the pages are")]
pub enum OfficePage {
    Board,
    Devices,
    Erase,
    Refused,
    Report,
    ReportEdit,
    ReportFigure,
    Roster,
    Trail,
    Workshop,
}

impl Part {
    /// Fetches the file it lies in; false when that did not succeed. At once when it is here.
    pub async fn fetched(self) -> bool {
        let came = match self {
            Self::Signed => signed_came().await,
            Self::Office(_) => office_came().await,
        };
        if came {
            self.mark().store(true, Ordering::Relaxed);
        }
        came
    }

    /// Waits until someone has fetched it, but no longer than so many milliseconds: fetches it then, until that succeeds.
    pub async fn came(self, patience: u32) {
        loop {
            for _ in 0..patience / LOOK {
                if self.is_here() {
                    return;
                }
                platform::sleep(LOOK).await;
            }
            if self.fetched().await {
                return;
            }
            platform::sleep(SETTLED).await;
        }
    }

    fn mark(self) -> &'static AtomicBool {
        static SIGNED: AtomicBool = AtomicBool::new(false);
        static OFFICE: AtomicBool = AtomicBool::new(false);
        match self {
            Self::Signed => &SIGNED,
            Self::Office(_) => &OFFICE,
        }
    }

    fn is_here(self) -> bool {
        self.mark().load(Ordering::Relaxed)
    }

    /// What it shows. Only when it is here.
    fn view(self) -> Option<AnyView> {
        match self {
            Self::Signed => at_once(signed())?,
            Self::Office(page) => at_once(office(page))?,
        }
        .ok()
    }
}

/// Has a task done behind the desk's door, as soon as what does it is here.
///
/// # Errors
/// What the task's own are; that its part of the app could not be fetched.
pub async fn inside(task: Task) -> Result<(), Problem> {
    let is_missing = || Problem::new("missing", missing(Lang::Zh), missing(Lang::En));
    if !Part::Signed.fetched().await {
        return Err(is_missing());
    }
    act(task).await.map_err(|_| is_missing())?.await
}

/// The outcome of a future that waits for nothing, within the component that asks: what is made belongs to it.
fn at_once<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => Some(outcome),
        Poll::Pending => None,
    }
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Coming,
    Here,
    Missing,
}

/// Shows a part of the app as soon as it is here.
#[component]
pub fn Later(
    /// Which.
    part: Part,
) -> impl IntoView {
    let desk = use_desk();
    let state = RwSignal::new(State::Coming);
    let fetch = move || {
        state.set(State::Coming);
        spawn_local(async move {
            let came = part.fetched().await;
            _ = state.try_set(if came { State::Here } else { State::Missing });
        });
    };
    if part.is_here() {
        state.set(State::Here);
    } else {
        fetch();
    }
    move || match state.get() {
        State::Coming => ().into_any(),
        State::Here => part.view().into_any(),
        State::Missing => view! {
            <div class="notice" role="alert">
                <p>{move || missing(desk.lang())}</p>
                <button class="button" on:click=move |_| fetch()>{move || again(desk.lang())}</button>
            </div>
        }
        .into_any(),
    }
}

/// A task being done.
type Doing = Pin<Box<dyn Future<Output = Result<(), Problem>>>>;

/// The border between the files.
#[cfg(all(feature = "split", target_arch = "wasm32"))]
#[allow(unsafe_code, reason = "the border is a function of another file, imported and exported by name")]
mod split {
    use leptos::prelude::{AnyView, IntoAny};
    use wasm_split_helpers::{SplitLoaderError, wasm_split};

    use super::{Doing, OfficePage};
    use crate::desk::Task;

    /// The screens of someone who is signed in.
    #[wasm_split(signed, fallible, preload(load_signed))]
    pub fn signed() -> Result<AnyView, SplitLoaderError> {
        Ok(leptos::view! { <crate::signed::Signed /> }.into_any())
    }

    /// What the desk does behind its door.
    #[wasm_split(signed, fallible)]
    pub fn act(task: Task) -> Result<Doing, SplitLoaderError> {
        Ok(task.done())
    }

    /// A page of the office's desk.
    #[wasm_split(office, fallible, preload(load_office))]
    pub fn office(page: OfficePage) -> Result<AnyView, SplitLoaderError> {
        Ok(crate::pages::office(page))
    }

    pub async fn signed_came() -> bool {
        load_signed().await.is_ok()
    }

    pub async fn office_came() -> bool {
        load_office().await.is_ok()
    }
}

/// All in one file, where nothing is taken apart: in tests.
#[cfg(not(all(feature = "split", target_arch = "wasm32")))]
mod split {
    use leptos::prelude::{AnyView, IntoAny};

    use super::{Doing, OfficePage};
    use crate::desk::Task;

    pub async fn act(task: Task) -> Result<Doing, ()> {
        Ok(task.done())
    }

    pub async fn signed() -> Result<AnyView, ()> {
        Ok(leptos::view! { <crate::signed::Signed /> }.into_any())
    }

    pub async fn office(page: OfficePage) -> Result<AnyView, ()> {
        Ok(crate::pages::office(page))
    }

    pub async fn signed_came() -> bool {
        true
    }

    pub async fn office_came() -> bool {
        true
    }
}
