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

    /// The next commit aborts instead, with all its requests under way: what a full disk looks like to a page.
    fn too_much(&self) -> String {
        let abort_next = "const commit = IDBTransaction.prototype.commit;
            IDBTransaction.prototype.commit = function () {
                IDBTransaction.prototype.commit = commit;
                this.abort();
            };";
        js_sys::Function::new_no_args(abort_next).call0(&wasm_bindgen::JsValue::NULL).expect("the script runs");
        "x".into()
    }
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

/// What is aborted here for its size stands for what is aborted for want of room: the library tells both in the same word.
/// A really full quota is a journey's (`tests/journeys/full.test.mjs`).
#[wasm_bindgen_test]
async fn a_full_disk_is_said_whatever_the_browsers_estimate_says() {
    let database = Database::new("full");
    let store = store_contract::store(&database).await;
    let estimate = "StorageManager.prototype.estimate = async () => ({ usage: 5000000, quota: 10000000000 })";
    js_sys::Function::new_no_args(estimate).call0(&wasm_bindgen::JsValue::NULL).expect("the script runs");
    let text = database.too_much();
    let error = store.act(vec![store_contract::made::change(1, 1, "note", text)], 0, &[]).await.unwrap_err();
    assert_eq!(error, StoreError::Full);
    assert!(error.text().zh.contains("没有存上"));
}
