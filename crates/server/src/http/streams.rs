//! Streams of events that are open: two of one device at most, since a browser begins another before it gives the first one up.
//! The oldest ends for the newest.

use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use sync::DeviceId;
use tokio::sync::oneshot;

/// Streams of one device.
const EACH: usize = 2;

/// Those that are open.
#[derive(Debug, Default)]
pub struct Streams {
    open: Mutex<HashMap<DeviceId, VecDeque<Open>>>,
    last: AtomicU64,
}

/// One of a device's, by number; dropped, it says to its stream that it ends.
type Open = (u64, oneshot::Sender<()>);

/// One that is open, until it is dropped.
#[derive(Debug)]
pub struct Stream {
    device: DeviceId,
    id: u64,
    streams: Arc<Streams>,
    /// Hears when it is to end.
    pub ended: oneshot::Receiver<()>,
}

impl Streams {
    /// Begins one.
    pub fn begin(self: &Arc<Self>, device: DeviceId) -> Stream {
        let (end, ended) = oneshot::channel();
        let id = self.last.fetch_add(1, Relaxed);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let own = open.entry(device).or_default();
        own.push_back((id, end));
        if own.len() > EACH {
            // Dropped, its sender says so.
            own.pop_front();
        }
        Stream { device, id, streams: self.clone(), ended }
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).values().map(|own| own.len() as u64).sum()
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        let mut open = self.streams.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = open.get_mut(&self.device) {
            own.retain(|(id, _)| *id != self.id);
            if own.is_empty() {
                open.remove(&self.device);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_oldest_of_a_device_ends_for_the_third() {
        let streams = Arc::new(Streams::default());
        let [mut first, mut second, third] = [1, 1, 1].map(|id| streams.begin(DeviceId(id)));
        let other = streams.begin(DeviceId(2));
        assert!((&mut first.ended).await.is_err(), "told to end");
        assert!(second.ended.try_recv().is_err_and(|e| e == oneshot::error::TryRecvError::Empty));
        assert_eq!(streams.count(), 3);
        drop((first, second, third, other));
        assert_eq!(streams.count(), 0);
    }
}
