//! One tab writes: a Web Lock says which, a broadcast channel asks for it. Two tabs over one database would hand out the
//! same change number twice.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use gloo::utils::window;
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, BroadcastChannel, MessageEvent};

use crate::platform::sleep;

/// What a tab says that wants to write.
const GIVE_WAY: &str = "give-way";
/// How long the writing tab has to finish its save, in milliseconds; after that it is taken to be hung.
const GRACE: u32 = 3000;

/// A promise and the way to keep it.
#[derive(Clone)]
pub struct Bell {
    promise: Promise,
    ring: Function,
}

impl Default for Bell {
    fn default() -> Self {
        let mut ring = None;
        let promise = Promise::new(&mut |resolve, _| ring = Some(resolve));
        // A promise calls its function at once.
        Self { promise, ring: ring.unwrap_or_else(|| Function::new_no_args("")) }
    }
}

impl Bell {
    /// Wakes whoever waits; further rings do nothing.
    pub fn ring(&self) {
        let _ = self.ring.call0(&JsValue::NULL);
    }

    /// Waits for the ring, also one that was before.
    pub async fn rung(&self) {
        let _ = JsFuture::from(self.promise.clone()).await;
    }
}

/// The right to write, for as long as it is not released or taken.
#[derive(Clone)]
pub struct Hold {
    released: Bell,
    /// Rings when another tab took it by force.
    pub taken: Bell,
}

impl Hold {
    fn new() -> Self {
        Self { released: Bell::default(), taken: Bell::default() }
    }

    /// Lets the next tab have it.
    pub fn release(&self) {
        self.released.ring();
    }
}

/// How to ask for the lock.
#[derive(Clone, Copy, PartialEq)]
enum Asking {
    IfFree,
    InTurn,
    ByForce,
}

/// The tabs of this browser that have the app open.
pub struct Tabs {
    name: String,
    channel: Option<BroadcastChannel>,
    _heard: Closure<dyn FnMut(MessageEvent)>,
    forcing: RefCell<Option<Bell>>,
}

impl Tabs {
    /// Joins the tabs that share the database `name`; `give_way` is called when another tab wants to write.
    pub fn join(name: &str, give_way: impl Fn() + 'static) -> Rc<Self> {
        let channel = BroadcastChannel::new(name).ok();
        let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if event.data().as_string().as_deref() == Some(GIVE_WAY) {
                give_way();
            }
        });
        if let Some(channel) = &channel {
            channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        }
        let name = format!("{name}-writer");
        Rc::new(Self { name, channel, _heard: heard, forcing: RefCell::default() })
    }

    /// The right to write if no other tab has it.
    pub async fn try_hold(&self) -> Option<Hold> {
        self.ask(Asking::IfFree, None).await
    }

    /// Waits for the right to write: until the other tab closes, gives way, or is forced.
    pub async fn hold(&self) -> Option<Hold> {
        let force = Bell::default();
        *self.forcing.borrow_mut() = Some(force.clone());
        let abort = AbortController::new().ok()?;
        let (in_turn, forced) = (self.ask(Asking::InTurn, Some(abort.clone())), self.by_force(&force, abort));
        let (in_turn, forced) = (Box::pin(in_turn), Box::pin(forced));
        let hold = either(in_turn, forced).await;
        self.forcing.borrow_mut().take();
        hold
    }

    async fn by_force(&self, force: &Bell, abort: AbortController) -> Option<Hold> {
        force.rung().await;
        // Else the turn would come later, unasked.
        abort.abort();
        self.ask(Asking::ByForce, None).await
    }

    /// Asks the writing tab to give way, and takes its place if it does not answer.
    pub fn take_over(&self) {
        if let Some(channel) = &self.channel {
            let _ = channel.post_message(&GIVE_WAY.into());
        }
        // This waiting alone: who has had the place meanwhile and gave way again is not to take it back.
        if let Some(force) = self.forcing.borrow().clone() {
            spawn_local(async move {
                sleep(GRACE).await;
                force.ring();
            });
        }
    }

    async fn ask(&self, asking: Asking, abort: Option<AbortController>) -> Option<Hold> {
        let hold = Hold::new();
        let Some(locks) = locks() else {
            // A browser without Web Locks: this tab takes itself to be the only one.
            return Some(hold);
        };
        let options = Object::new();
        let set = |name: &str, value: JsValue| drop(Reflect::set(&options, &name.into(), &value));
        match asking {
            Asking::IfFree => set("ifAvailable", JsValue::TRUE),
            Asking::ByForce => set("steal", JsValue::TRUE),
            Asking::InTurn => {}
        }
        if let Some(abort) = abort {
            set("signal", abort.signal().into());
        }
        let (granted, is_granted) = (Bell::default(), Rc::new(Cell::new(false)));
        let callback = {
            let (granted, is_granted, held) = (granted.clone(), is_granted.clone(), hold.released.promise.clone());
            Closure::once_into_js(move |lock: JsValue| -> JsValue {
                is_granted.set(!lock.is_null());
                granted.ring();
                if lock.is_null() { JsValue::UNDEFINED } else { held.into() }
            })
        };
        let request: Function = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
        let promise: Promise = request.call3(&locks, &self.name.as_str().into(), &options, &callback).ok()?.into();
        let (taken, over) = (hold.taken.clone(), granted.clone());
        spawn_local(async move {
            // Ends when the lock is released; fails when it is stolen or the asking was given up.
            if JsFuture::from(promise).await.is_err() {
                taken.ring();
                over.ring();
            }
        });
        granted.rung().await;
        is_granted.get().then_some(hold)
    }
}

fn locks() -> Option<JsValue> {
    let locks = Reflect::get(&window().navigator(), &"locks".into()).ok()?;
    (!locks.is_undefined() && !locks.is_null()).then_some(locks)
}

/// The first of two that comes to something; the second is left to itself when the first does.
async fn either<T>(
    mut one: std::pin::Pin<Box<impl Future<Output = Option<T>>>>,
    mut two: std::pin::Pin<Box<impl Future<Output = Option<T>>>>,
) -> Option<T> {
    let mut over = false;
    std::future::poll_fn(move |cx| {
        use std::task::Poll;
        if !over {
            match one.as_mut().poll(cx) {
                Poll::Ready(Some(found)) => return Poll::Ready(Some(found)),
                Poll::Ready(None) => over = true,
                Poll::Pending => {}
            }
        }
        two.as_mut().poll(cx)
    })
    .await
}
