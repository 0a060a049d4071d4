//! The contract's disk in memory.

use std::{
    pin::pin,
    rc::Rc,
    task::{Context, Poll, Waker},
};

use linli_app::store::{StoreError, memory::Memory, shelf::Shelf};

use super::Disk;

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
pub fn now<T>(test: impl Future<Output = T>) -> T {
    match pin!(test).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => panic!("the memory store waited for something"),
    }
}
