//! The store's contract over the real IndexedDB, in Chromium.

#![cfg(target_arch = "wasm32")]

use std::{cell::RefCell, rc::Rc};

use linli_app::store::{StoreError, indexed::Indexed, shelf::Shelf};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

mod store_contract;

use store_contract::Disk;

wasm_bindgen_test_configure!(run_in_browser);

/// A database of its own for each test.
struct Database {
    name: String,
    open: RefCell<Option<Rc<Indexed>>>,
}

impl Database {
    fn new(name: &str) -> Self {
        // Chromium's profile is new at each run; the random part is for those who run it by hand.
        Self { name: format!("{name}-{}", linli_app::platform::noise()), open: RefCell::default() }
    }
}

impl Disk for Database {
    async fn open(&self) -> Rc<dyn Shelf> {
        let indexed = Rc::new(Indexed::open(&self.name, || ()).await.expect("the database opens"));
        *self.open.borrow_mut() = Some(indexed.clone());
        indexed
    }

    /// The next commit aborts instead, with all its requests under way, for want of room: what a full disk looks like to a page.
    fn too_much(&self) -> String {
        run("const commit = IDBTransaction.prototype.commit;
            IDBTransaction.prototype.commit = function () {
                IDBTransaction.prototype.commit = commit;
                const value = new DOMException('no room', 'QuotaExceededError');
                Object.defineProperty(this, 'error', { value });
                this.abort();
            };");
        "x".into()
    }
}

/// Runs a script in the page.
fn run(script: &str) {
    js_sys::Function::new_no_args(script).call0(&wasm_bindgen::JsValue::NULL).expect("the script runs");
}

/// A number that scripts have counted in the page.
fn counted(name: &str) -> f64 {
    js_sys::Reflect::get(&js_sys::global(), &name.into()).expect("it is there").as_f64().unwrap_or_default()
}

macro_rules! over_indexed {
    ($module:ident: $name:ident) => {
        #[wasm_bindgen_test]
        async fn $name() {
            store_contract::$module::$name(&Database::new(stringify!($name))).await;
        }
    };
}

contract!(over_indexed);

/// What is aborted here stands for what is aborted for want of room: the library tells all aborts in the same word, and the
/// transaction tells why. A really full quota is a journey's (`tests/journeys/full.test.mjs`).
#[wasm_bindgen_test]
async fn a_full_disk_is_said_whatever_the_browsers_estimate_says() {
    let database = Database::new("full");
    let store = store_contract::store(&database).await;
    run("StorageManager.prototype.estimate = async () => ({ usage: 5000000, quota: 10000000000 })");
    let text = database.too_much();
    let error = store.act(vec![store_contract::made::change(1, 1, "note", text)], 0, &[]).await.unwrap_err();
    assert_eq!(error, StoreError::Full);
    assert!(error.text().zh.contains("没有存上"));
}

/// Saves once after a script has broken something, and says what another opening finds in the log.
async fn saved_after(name: &str, script: &str) -> usize {
    let database = Database::new(name);
    let store = store_contract::store(&database).await;
    run("StorageManager.prototype.estimate = async () => ({ usage: 5000000, quota: 10000000000 });
        if (!globalThis.counting) {
            globalThis.counting = true;
            const put = IDBObjectStore.prototype.put;
            IDBObjectStore.prototype.put = function (...all) { globalThis.puts += 1; return put.apply(this, all); };
        }
        globalThis.puts = 0;");
    run(script);
    store.act(vec![store_contract::made::change(1, 1, "note", "写下的")], 0, &[]).await.expect("it is saved");
    assert_eq!(store.queue().len(), 1);
    store.close().await;
    store_contract::store(&database).await.queue().len()
}

#[wasm_bindgen_test]
async fn a_connection_that_the_browser_closed_is_opened_anew_and_the_save_goes_through() {
    let closing = "const transaction = IDBDatabase.prototype.transaction;
        IDBDatabase.prototype.transaction = function (...all) {
            if (this === globalThis.broken || !globalThis.broken) {
                globalThis.broken = this;
                throw new DOMException('The database connection is closing.', 'InvalidStateError');
            }
            IDBDatabase.prototype.transaction = transaction;
            return transaction.apply(this, all);
        };
        globalThis.broken = undefined;";
    assert_eq!(saved_after("closing", closing).await, 1, "also for the next who opens it");
}

#[wasm_bindgen_test]
async fn an_aborted_write_is_tried_once_more_and_not_called_a_full_disk() {
    let lost = "const commit = IDBTransaction.prototype.commit;
        IDBTransaction.prototype.commit = function () {
            IDBTransaction.prototype.commit = commit;
            this.abort();
        };";
    assert_eq!(saved_after("aborted", lost).await, 1);
    let always = "globalThis.kept_commit = IDBTransaction.prototype.commit;
        IDBTransaction.prototype.commit = function () { this.abort(); };";
    let database = Database::new("aborted-for-good");
    let store = store_contract::store(&database).await;
    run(always);
    let error = store.act(vec![store_contract::made::change(1, 1, "note", "写下的")], 0, &[]).await.unwrap_err();
    run("IDBTransaction.prototype.commit = globalThis.kept_commit");
    assert!(matches!(error, StoreError::Failing(_)), "{error}");
    assert!(store.queue().is_empty(), "what is not saved is not said to be");
}

#[wasm_bindgen_test]
async fn a_write_whose_end_nobody_heard_is_looked_for_and_not_written_twice() {
    let unheard = "const commit = IDBTransaction.prototype.commit;
        IDBTransaction.prototype.commit = function () {
            IDBTransaction.prototype.commit = commit;
            this.oncomplete = this.onabort = this.onerror = null;
            globalThis.before = globalThis.puts;
            commit.call(this);
        };";
    assert_eq!(saved_after("unheard", unheard).await, 1);
    assert_eq!(counted("puts"), counted("before"), "it was found as it had been written");
}
