//! New versions of the app: the service worker fetches one in the background, it waits for a tap, and then the page
//! reloads once. Never on its own, so that no form is pulled away from under a finger.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use gloo::{
    events::EventListener,
    timers::callback::{Interval, Timeout},
    utils::window,
};
use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    MessageChannel, MessageEvent, RegistrationOptions, ServiceWorker, ServiceWorkerContainer,
    ServiceWorkerRegistration, ServiceWorkerState, ServiceWorkerUpdateViaCache,
};

use crate::platform;

/// How often the browser is asked to look for a new version while the app stays open, in milliseconds.
const LOOK: u32 = 60 * 60 * 1000;
/// How soon again when someone comes back to the app.
const RETURN: u64 = 60 * 1000;
/// How long a new version may take to take over before the page is started anew all the same; and how long the worker may take
/// to count its files.
const PATIENCE: u32 = 10_000;

/// Whether the app starts on this device without a network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Offline {
    /// Not known yet: its files are being fetched.
    #[default]
    Coming,
    /// Its files are here, all of them.
    Ready,
    /// They could not be kept; it is tried again.
    Failed,
    /// This browser does not let it: no service worker, as in many apps' own windows and over plain HTTP.
    Never,
}

/// What the page is told.
struct Heard {
    /// Whether a new version waits.
    update: Box<dyn Fn(bool)>,
    offline: Box<dyn Fn(Offline)>,
}

/// The page's side of the service worker.
#[derive(Clone, Default)]
pub struct Updates {
    registration: Rc<RefCell<Option<ServiceWorkerRegistration>>>,
    /// The tap came; the next change of worker is ours.
    tapped: Rc<Cell<bool>>,
    looked: Rc<Cell<u64>>,
    reloaded: Rc<Cell<bool>>,
}

impl Updates {
    /// Registers the service worker; says whenever a new version waits or no longer does, and whether the app starts without a
    /// network.
    pub fn watch(update: impl Fn(bool) + 'static, offline: impl Fn(Offline) + 'static) -> Self {
        let updates = Self::default();
        let heard = Rc::new(Heard { update: Box::new(update), offline: Box::new(offline) });
        let Some(workers) = workers() else {
            (heard.offline)(Offline::Never);
            return updates;
        };
        let had_worker = workers.controller().is_some();
        let these = updates.clone();
        EventListener::new(&workers, "controllerchange", move |_| {
            // Also when another tab tapped: two versions must not share one database.
            if had_worker || these.tapped.get() {
                these.reload();
            }
        })
        .forget();
        let (these, told) = (updates.clone(), heard.clone());
        spawn_local(async move { these.register(&told).await });
        let (these, told) = (updates.clone(), heard.clone());
        platform::on_wake(move || these.look(&told, RETURN));
        let these = updates.clone();
        Interval::new(LOOK, move || these.look(&heard, 0)).forget();
        updates
    }

    async fn register(&self, heard: &Rc<Heard>) {
        let Some(workers) = workers() else { return };
        self.looked.set(platform::now());
        let options = RegistrationOptions::new();
        options.set_scope("/");
        options.set_update_via_cache(ServiceWorkerUpdateViaCache::None);
        match JsFuture::from(workers.register_with_options("/sw.js", &options)).await {
            Ok(found) => self.follow(workers, found.unchecked_into(), heard),
            Err(error) => {
                gloo::console::warn!(error);
                self.count(heard).await;
            }
        }
    }

    /// Looks for a new version, or tries once more to keep the first one, if that is longer ago than so many milliseconds.
    fn look(&self, heard: &Rc<Heard>, pause: u64) {
        if platform::now().abs_diff(self.looked.replace(platform::now())) < pause {
            return;
        }
        let registration = self.registration.borrow().clone();
        match registration.filter(|it| it.active().or(it.waiting()).or(it.installing()).is_some()) {
            // Without a network it fails, and nobody needs to hear of it.
            Some(registration) => spawn_local(async move {
                if let Ok(looking) = registration.update() {
                    let _ = JsFuture::from(looking).await;
                }
            }),
            // One that could not be installed leaves nothing behind.
            None => {
                let (these, heard) = (self.clone(), heard.clone());
                spawn_local(async move { these.register(&heard).await });
            }
        }
    }

    fn follow(&self, workers: ServiceWorkerContainer, registration: ServiceWorkerRegistration, heard: &Rc<Heard>) {
        let is_known = self.registration.borrow().as_ref() == Some(&registration);
        *self.registration.borrow_mut() = Some(registration.clone());
        let (these, told) = (self.clone(), heard.clone());
        let changed = Rc::new(move || {
            // The first worker of all also waits for a moment; only a second one is an update.
            (told.update)(these.waiting().is_some() && workers.controller().is_some());
            let (these, told) = (these.clone(), told.clone());
            spawn_local(async move { these.count(&told).await });
        });
        changed();
        let of = |worker: ServiceWorker, changed: Rc<dyn Fn()>| {
            EventListener::new(&worker, "statechange", move |_| changed()).forget();
        };
        if !is_known {
            let (found, told) = (registration.clone(), changed.clone());
            EventListener::new(&registration, "updatefound", move |_| {
                found.installing().into_iter().for_each(|worker| of(worker, told.clone()));
            })
            .forget();
        }
        // What is under way already raises no such event.
        registration
            .installing()
            .into_iter()
            .chain(registration.waiting())
            .for_each(|worker| of(worker, changed.clone()));
    }

    /// Says whether the app starts without a network: a worker is active, and all its files are here.
    async fn count(&self, heard: &Heard) {
        let registration = self.registration.borrow().clone();
        let is_coming = registration.as_ref().is_some_and(|it| it.installing().or(it.waiting()).is_some());
        let active = registration.and_then(|registration| registration.active());
        (heard.offline)(match active {
            Some(active) if active.state() == ServiceWorkerState::Activated => match are_kept(&active).await {
                true => Offline::Ready,
                false => Offline::Failed,
            },
            Some(_) => Offline::Coming,
            None if is_coming => Offline::Coming,
            // It was given up: the line broke, there is no room, or the browser does not know what it asks for.
            None => Offline::Failed,
        });
    }

    fn waiting(&self) -> Option<ServiceWorker> {
        self.registration.borrow().as_ref().and_then(ServiceWorkerRegistration::waiting)
    }

    /// Changes to the version that waits. The page reloads as soon as it has taken over; and also when it never does, since it
    /// may have been replaced meanwhile.
    pub fn apply(&self) {
        self.tapped.set(true);
        let Some(waiting) = self.waiting() else { return self.reload() };
        let message = Object::new();
        let _ = Reflect::set(&message, &"type".into(), &"SKIP_WAITING".into());
        let _ = waiting.post_message(&message);
        let these = self.clone();
        Timeout::new(PATIENCE, move || these.reload()).forget();
    }

    fn reload(&self) {
        if !self.reloaded.replace(true) {
            let _ = window().location().reload();
        }
    }
}

/// Whether a worker has all the files it needs, as far as it says in time.
async fn are_kept(worker: &ServiceWorker) -> bool {
    let Ok(channel) = MessageChannel::new() else { return false };
    let port = channel.port1();
    let mut heard = None;
    let answer = Promise::new(&mut |resolve, _| {
        let late = resolve.clone();
        let late = Timeout::new(PATIENCE, move || drop(late.call0(&JsValue::NULL)));
        let listener = EventListener::once(&port, "message", move |event| {
            let data = event.dyn_ref::<MessageEvent>().map_or(JsValue::UNDEFINED, MessageEvent::data);
            drop(resolve.call1(&JsValue::NULL, &data));
        });
        heard = Some((listener, late));
    });
    port.start();
    let message = Object::new();
    let _ = Reflect::set(&message, &"type".into(), &"BUILD".into());
    if worker.post_message_with_transferable(&message, &js_sys::Array::of1(&channel.port2())).is_err() {
        return false;
    }
    let said = JsFuture::from(answer).await.unwrap_or(JsValue::UNDEFINED);
    drop(heard);
    let number = |name: &str| Reflect::get(&said, &name.into()).ok().and_then(|number| number.as_f64());
    // One of an earlier build says nothing of what it kept: it was installed whole.
    number("files").is_some_and(|files| files > 0.0 && number("kept").unwrap_or(files) == files)
}

fn workers() -> Option<ServiceWorkerContainer> {
    let navigator = window().navigator();
    // The getter is absent, not null, where service workers are not allowed.
    Reflect::has(&navigator, &"serviceWorker".into()).ok()?.then(|| navigator.service_worker())
}
