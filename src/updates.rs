//! New versions of the app: the service worker fetches one in the background, it waits for a tap, and then the page
//! reloads once. Never on its own, so that no form is pulled away from under a finger.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use gloo::{events::EventListener, timers::callback::Interval, utils::window};
use js_sys::{Object, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{RegistrationOptions, ServiceWorkerContainer, ServiceWorkerRegistration, ServiceWorkerUpdateViaCache};

/// How often the browser is asked to look for a new version while the app stays open, in milliseconds.
const LOOK: u32 = 60 * 60 * 1000;

/// The page's side of the service worker.
#[derive(Clone, Default)]
pub struct Updates {
    registration: Rc<RefCell<Option<ServiceWorkerRegistration>>>,
    /// The tap came; the next change of worker is ours.
    tapped: Rc<Cell<bool>>,
}

impl Updates {
    /// Registers the service worker and calls `ready` whenever a new version waits. Without service workers (plain HTTP
    /// off localhost) nothing happens, and the app needs a network to start.
    pub fn watch(ready: impl Fn() + 'static) -> Self {
        let updates = Self::default();
        let Some(workers) = workers() else { return updates };
        let had_worker = workers.controller().is_some();
        let (tapped, reloaded) = (updates.tapped.clone(), Cell::new(false));
        EventListener::new(&workers, "controllerchange", move |_| {
            // Also when another tab tapped: two versions must not share one database.
            if (had_worker || tapped.get()) && !reloaded.replace(true) {
                let _ = window().location().reload();
            }
        })
        .forget();
        let these = updates.clone();
        spawn_local(async move {
            let options = RegistrationOptions::new();
            options.set_scope("/");
            options.set_update_via_cache(ServiceWorkerUpdateViaCache::None);
            let Ok(found) = JsFuture::from(workers.register_with_options("/sw.js", &options)).await else { return };
            these.follow(workers, found.unchecked_into(), Rc::new(ready));
        });
        updates
    }

    fn follow(&self, workers: ServiceWorkerContainer, registration: ServiceWorkerRegistration, ready: Rc<dyn Fn()>) {
        // The first worker of all also waits for a moment; only a second one is an update.
        let is_ready = {
            let registration = registration.clone();
            move || registration.waiting().is_some() && workers.controller().is_some()
        };
        if is_ready() {
            ready();
        }
        let found = registration.clone();
        EventListener::new(&registration, "updatefound", move |_| {
            let Some(installing) = found.installing() else { return };
            let (is_ready, ready) = (is_ready.clone(), ready.clone());
            EventListener::new(&installing, "statechange", move |_| {
                if is_ready() {
                    ready();
                }
            })
            .forget();
        })
        .forget();
        let looked = registration.clone();
        Interval::new(LOOK, move || drop(looked.update())).forget();
        *self.registration.borrow_mut() = Some(registration);
    }

    /// Changes to the version that waits. The page reloads as soon as it has taken over.
    pub fn apply(&self) {
        let registration = self.registration.borrow();
        let Some(waiting) = registration.as_ref().and_then(ServiceWorkerRegistration::waiting) else { return };
        self.tapped.set(true);
        let message = Object::new();
        let _ = Reflect::set(&message, &"type".into(), &"SKIP_WAITING".into());
        let _ = waiting.post_message(&message);
    }
}

fn workers() -> Option<ServiceWorkerContainer> {
    let navigator = window().navigator();
    // The getter is absent, not null, where service workers are not allowed.
    Reflect::has(&navigator, &"serviceWorker".into()).ok()?.then(|| navigator.service_worker())
}
