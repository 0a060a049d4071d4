//! The store's contract over its twin in memory.

#![cfg(not(target_arch = "wasm32"))]

use std::{
    pin::pin,
    rc::Rc,
    task::{Context, Poll, Waker},
};

use linli_app::store::{StoreError, memory::Memory, shelf::Shelf};

mod store_contract;

use store_contract::Disk;

impl Disk for Memory {
    async fn open(&self) -> Rc<dyn Shelf> {
        Rc::new(self.reopen())
    }

    fn too_much(&self) -> String {
        self.fail_next(StoreError::Full);
        "x".into()
    }
}

/// Memory never waits, so neither does a test.
fn now<T>(test: impl Future<Output = T>) -> T {
    match pin!(test).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => panic!("the memory store waited for something"),
    }
}

macro_rules! over_memory {
    ($module:ident: $name:ident) => {
        #[test]
        fn $name() {
            now(store_contract::$module::$name(&Memory::new()));
        }
    };
}

contract!(over_memory);
