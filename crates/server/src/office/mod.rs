//! One community's office: what the server does, without HTTP.
//!
//! The route handlers, the demo generator, the report command and the tests all go through [`Office`], so there is one
//! way in for a change and one way out for a record.
//!
//! Map: [`push`] changes in · `desk` what a push knows while it judges · [`pull`] records out · [`blocks`] whole buckets
//! out · [`accounts`] who may sign in, on what device · [`proof`] whether it is that device · [`report`] figures · [`roster`] households and people from files ·
//! `throttle` slows guessing · [`time`] what time it is · [`devices`] what each holds ·
//! [`pack`] forms and rights change · `hand` the office's own changes · [`handing`] what is assigned to one account goes to another ·
//! [`quarantine`] what was refused · [`parcel`] tablets' work as files · [`files`] photos and papers · [`form`] kinds as workbooks · [`erase`] what is known of a person goes · [`audit`] who did and read what ·
//! [`backup`] a copy of it all · `ready` whether all this is possible now · [`turn`] long
//! work, one at a time · [`usage`] what accounts take up.

pub mod accounts;
pub mod audit;
pub mod backup;
pub mod blocks;
mod desk;
pub mod devices;
pub mod erase;
pub mod files;
pub mod form;
mod hand;
pub mod handing;
mod names;
pub mod pack;
pub mod paper;
pub mod parcel;
pub mod proof;
pub mod pull;
pub mod push;
pub mod quarantine;
mod ready;
pub mod report;
pub mod roster;
pub mod throttle;
pub mod time;
pub mod turn;
pub mod usage;

use std::{
    sync::{
        Arc, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering, Ordering::Relaxed},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use records::Pack;
use tokio::sync::{Mutex, Semaphore, watch};

use crate::db::{Community, CommunityRow, Fault, Passing, Store};

pub use crate::db::Place;

pub use push::Incoming;

/// What a data folder holds when there is a community in it.
const FILE: &str = "linli.db";

/// The one community of a data folder, for now; every table is ready for more.
const COMMUNITY: Community = 1;

/// Milliseconds since 1970 UTC. A parameter so that tests can move it.
pub type WallClock = Arc<dyn Fn() -> u64 + Send + Sync>;

/// Who acts, as the session says, never as a request says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// Account name.
    pub account: String,
    /// Post in the pack; decides all rights.
    pub post: String,
}

/// One community's office. Cheap to share behind an [`Arc`].
pub struct Office {
    store: Store,
    community: Community,
    name: String,
    /// The pack in force and its print.
    pack: RwLock<(Arc<Pack>, Arc<str>)>,
    clock: WallClock,
    /// No earlier can it be, milliseconds since 1970 UTC: a clock that says so is wrong.
    floor: AtomicU64,
    /// The last sequence number committed here: moves after each push that had an effect.
    head: watch::Sender<u64>,
    /// Held while a snapshot is made, so that ten tablets at their first sync make one and not ten.
    snapshots: Mutex<()>,
    /// How many wait for that, and the one that makes it.
    snapshots_wanted: AtomicU64,
    throttle: throttle::Throttle,
    hashing: accounts::Hashing,
    rosters: Arc<roster::Rosters>,
    files: Option<files::Files>,
    readiness: ready::Readiness,
    turns: Arc<Semaphore>,
    is_stopping: AtomicBool,
    quotas: usage::Quotas,
}

impl Office {
    /// Opens the office of a data folder or a PostgreSQL database; `None` when no community was made there yet. Nothing is made by
    /// looking: a wrong folder stays as it is.
    pub async fn open(place: impl Into<Place>, clock: WallClock) -> Result<Option<Self>, Fault> {
        let place = place.into();
        if matches!(&place, Place::Folder(folder) if !folder.join(FILE).exists()) {
            return Ok(None);
        }
        let store = Store::open(&place).await?;
        let Some((row, stored)) = store.community(COMMUNITY).await? else {
            store.close().await;
            return Ok(None);
        };
        let newest = store.audit_before(COMMUNITY, u64::MAX, 1).await?.first().map_or(0, |row| row.at);
        let office = Self::new(store, row, stored, clock);
        office.hold_to_timeline().await?;
        Ok(Some(office.no_earlier_than(newest)))
    }

    /// Makes a community called `name` in a place that has none, with `pack` in force.
    pub async fn found(place: impl Into<Place>, name: &str, pack: Pack, clock: WallClock) -> Result<Self, Fault> {
        let store = Store::open(&place.into()).await?;
        let epoch = uuid::Uuid::new_v4().simple().to_string();
        let row = CommunityRow { name: name.into(), epoch, head: 0, print: pack::print(&pack)? };
        store.add_community(COMMUNITY, &row, &pack, clock()).await?;
        let office = Self::new(store, row, pack, clock);
        office.hold_to_timeline().await?;
        Ok(office)
    }

    fn new(store: Store, row: CommunityRow, pack: Pack, clock: WallClock) -> Self {
        Self {
            store,
            community: COMMUNITY,
            name: row.name,
            pack: RwLock::new((Arc::new(pack), row.print.into())),
            clock,
            floor: AtomicU64::new(0),
            head: watch::Sender::new(row.head),
            snapshots: Mutex::new(()),
            snapshots_wanted: AtomicU64::new(0),
            throttle: throttle::Throttle::default(),
            hashing: accounts::Hashing::default(),
            rosters: Arc::default(),
            files: None,
            readiness: ready::Readiness::default(),
            turns: turn::turns(),
            is_stopping: AtomicBool::new(false),
            quotas: usage::Quotas::default(),
        }
    }

    /// The community's name for people.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Begins a new history when a copy of the database took over that may lack what was acknowledged last: tablets then give
    /// back what they keep.
    async fn hold_to_timeline(&self) -> Result<(), Fault> {
        let fresh = uuid::Uuid::new_v4().simple().to_string();
        if self.store.hold_to_timeline(self.community, &fresh).await? {
            tracing::warn!("another copy of the database took over: tablets give back what it may lack");
            self.note_one(audit::By::CONSOLE, audit::What::Restore, "timeline", 1).await?;
            // Who listens asks at once.
            self.head.send_modify(|_| ());
        }
        Ok(())
    }

    /// Names the history anew, after the database was restored from a backup.
    pub async fn renew_epoch(&self) -> Result<(), Fault> {
        self.note_one(audit::By::CONSOLE, audit::What::Restore, "", 1).await?;
        self.store.set_epoch(self.community, &uuid::Uuid::new_v4().simple().to_string()).await
    }

    /// Tells of every commit that gave others something to pull: the community's last sequence number.
    pub fn news(&self) -> watch::Receiver<u64> {
        self.head.subscribe()
    }

    /// Tells work that nobody waits for, such as making blocks beforehand, to end.
    pub fn stop(&self) {
        self.is_stopping.store(true, Ordering::Relaxed);
    }

    /// Ends such work when the server stops.
    fn goes_on(&self) -> Result<(), Fault> {
        match self.is_stopping.load(Ordering::Relaxed) {
            true => Err(Fault::NotNow(Passing::Away, "the server stops".into())),
            false => Ok(()),
        }
    }

    /// Keeps what the database writes beside its file from growing without end.
    pub async fn bound_log(&self) -> Result<(), Fault> {
        self.store.bound_log().await
    }

    /// How many first syncs wait for blocks that are being made, or for their turn.
    pub fn snapshots_wanted(&self) -> u64 {
        self.snapshots_wanted.load(Relaxed)
    }

    /// When the last backup was begun, milliseconds since 1970 UTC; `None` when there never was one.
    pub async fn last_backup(&self) -> Result<Option<u64>, Fault> {
        self.store.last_noted(self.community, audit::What::Backup.name()).await
    }

    /// Closes the database; nothing works after it.
    pub async fn close(&self) {
        self.store.close().await;
    }
}

/// The machine's clock.
pub fn wall_clock() -> WallClock {
    Arc::new(|| {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    })
}

/// Bytes of as many hexadecimal digits.
fn unhex<const N: usize>(digits: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let is_whole = digits.len() == 2 * N && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    for (at, byte) in bytes.iter_mut().enumerate().filter(|_| is_whole) {
        *byte = u8::from_str_radix(digits.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    is_whole.then_some(bytes)
}

/// Bytes as hexadecimal digits, in small letters.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
