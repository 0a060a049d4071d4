//! The same contract over a store that is sealed, and what lies on its disk.

#![cfg(not(target_arch = "wasm32"))]

use std::rc::Rc;

use linli_app::store::{
    Kept, Numbers, Store, StoreError,
    memory::Memory,
    seal::{Key, Ring},
    shelf::{Area, Shelf},
    vault::{Recovery, Stretched, Vault},
};

mod store_contract;

use store_contract::{
    Disk, again,
    made::{DEVICE, change, checkpoint, draft, me, offered, pack, record, records},
    memory::now,
    store,
};
use sync::{Bucket, engine::Checkpoint};

/// A disk whose owner has signed in.
struct Sealed(Memory, Key);

impl Sealed {
    fn new() -> Self {
        Self(Memory::new(), Key::random())
    }
}

impl Disk for Sealed {
    async fn open(&self) -> Rc<dyn Shelf> {
        Rc::new(self.0.reopen())
    }

    fn key(&self) -> Option<Key> {
        Some(self.1.clone())
    }

    fn too_much(&self) -> String {
        self.0.fail_next(StoreError::Full);
        "x".into()
    }
}

macro_rules! over_sealed {
    ($module:ident: $name:ident) => {
        #[test]
        fn $name() {
            now(store_contract::$module::$name(&Sealed::new()));
        }
    };
}

contract!(over_sealed);

const RECOVERY: Recovery = [9; 32];
/// The first byte of a value that is not sealed.
const PLAIN: u8 = 1;
const NAME: &str = "欧阳霁月";

/// A store with a bit of everything in it, in which one name stands everywhere.
async fn lived_in(store: &Store) {
    store.begin(Numbers { device: DEVICE, last: 0 }).await.unwrap();
    let mut li = me("li");
    li.name = NAME.into();
    store.sign_in(li).await.unwrap();
    store.keep_pack(pack()).await.unwrap();
    let (staged, bytes) = offered(4, &[vec![record("building", 7)], vec![record("household", 8)]]);
    store.stage(&staged).await.unwrap();
    store.keep_blocks(bytes).await.unwrap();
    store.switch(&staged).await.unwrap();
    let mut named = change(1, 1, "name", NAME);
    named.kind = "person".into();
    store.checkpoint(&pack(), &checkpoint(5, vec![sync::Record::from(&named)])).await.unwrap();
    store.act(vec![change(1, 2, "name", NAME)], 0, &[]).await.unwrap();
    store.act(vec![change(2, 3, "name", NAME)], 0, &[]).await.unwrap();
    let readable = vec![Bucket::of(&pack(), "building"), Bucket::of(&pack(), "person")];
    let settled = Checkpoint { settled: [2].into(), now: 1, readable, ..checkpoint(6, vec![]) };
    store.checkpoint(&pack(), &settled).await.unwrap();
    let kept = Kept { by: "li".into(), key: "new/building".into(), draft: draft(9, NAME), at: 1 };
    store.keep_draft(kept).await.unwrap();
}

/// Keys and values of the whole disk that hold a text, also when they are inflated.
fn found(disk: &Memory, text: &str) -> Vec<String> {
    let holds = |bytes: &[u8]| bytes.windows(text.len()).any(|part| part == text.as_bytes());
    let all = Area::ALL.into_iter().flat_map(|area| {
        let all = now(disk.reopen().all(area)).unwrap();
        all.into_iter().map(move |(key, bytes)| (format!("{}/{key}", area.name()), bytes))
    });
    let told = |(key, bytes): (String, Vec<u8>)| {
        let records = sync::block::decode(bytes.get(1..).unwrap_or_default()).unwrap_or_default();
        let inside = serde_json::to_vec(&records).unwrap();
        (holds(&bytes) || holds(&inside) || key.contains(text)).then_some(key)
    };
    all.filter_map(told).collect()
}

#[test]
fn nothing_on_the_disk_says_a_name() {
    now(async {
        let open = Memory::new();
        lived_in(&store(&open).await).await;
        let plain = found(&open, NAME);
        for area in ["log/", "blocks/", "meta/me", "drafts/", "settled/"] {
            assert!(
                plain.iter().any(|key| key.starts_with(area)),
                "the search finds what is there: {area} in {plain:?}"
            );
        }
        let sealed = Sealed::new();
        lived_in(&store(&sealed).await).await;
        assert_eq!(found(&sealed.0, NAME), [""; 0]);
        assert_eq!(found(&sealed.0, "building"), [""; 0], "nor what kinds of records are kept");
    });
}

#[test]
fn a_password_seals_what_lay_open_and_loses_nothing() {
    now(async {
        let disk = Memory::new();
        let open = store(&disk).await;
        lived_in(&open).await;
        let (before, queue, drafts) = (records(&open).await, open.queue(), open.drafts());
        open.protect("li", &Stretched::of("xiaohe-28"), &RECOVERY).await.unwrap();
        assert_eq!(found(&disk, NAME), [""; 0]);
        assert_eq!(records(&open).await, before, "the open store goes on");
        open.act(vec![change(3, 4, "name", NAME)], 0, &[]).await.unwrap();
        assert_eq!(found(&disk, NAME), [""; 0]);
        open.close().await;

        let shelf: Rc<dyn Shelf> = Rc::new(disk.reopen());
        assert_eq!(Store::open(shelf.clone()).await.err(), Some(StoreError::Locked));
        let vault = Vault::find(&*shelf).await.unwrap().unwrap();
        assert!(vault.open("xiaohe-29").is_none());
        let again = Store::unlock(shelf, vault.open("xiaohe-28")).await.unwrap();
        assert_eq!(records(&again).await, before);
        assert_eq!((again.queue()[..1].to_vec(), again.queue().len()), (queue, 2));
        assert_eq!(again.drafts(), drafts);
        assert_eq!(again.me().unwrap().name, NAME);
    });
}

#[test]
fn a_new_password_takes_the_old_ones_place_and_the_offices_key_opens_too() {
    now(async {
        let disk = Memory::new();
        let first = store(&disk).await;
        lived_in(&first).await;
        first.protect("li", &Stretched::of("the first"), &RECOVERY).await.unwrap();
        let before = records(&first).await;
        first.protect("li", &Stretched::of("the second"), &RECOVERY).await.unwrap();
        first.close().await;
        let shelf: Rc<dyn Shelf> = Rc::new(disk.reopen());
        let vault = Vault::find(&*shelf).await.unwrap().unwrap();
        assert!(vault.open("the first").is_none());
        for own in [vault.open("the second"), vault.recover(&RECOVERY)] {
            let store = Store::unlock(Rc::new(disk.reopen()), own).await.unwrap();
            assert_eq!(records(&store).await, before);
        }
    });
}

#[test]
fn a_password_that_cannot_be_kept_changes_nothing() {
    now(async {
        let disk = Memory::new();
        let open = store(&disk).await;
        lived_in(&open).await;
        let before = records(&open).await;
        disk.fail_next(StoreError::Full);
        assert_eq!(open.protect("li", &Stretched::of("xiaohe-28"), &RECOVERY).await, Err(StoreError::Full));
        assert_eq!(records(&open).await, before);
        let open = again(&disk, open).await;
        assert_eq!(records(&open).await, before, "it still opens without one");
    });
}

#[test]
fn a_lost_right_takes_its_key_along() {
    now(async {
        let disk = Sealed::new();
        let open = store(&disk).await;
        lived_in(&open).await;
        let held = open.here().blocks.into_iter().find(|held| held.bucket.kind() == "person").unwrap();
        let copy = disk.0.reopen().some(Area::Blocks, vec![held.key.clone()]).await.unwrap();
        let revoked = vec![held.bucket.clone()];
        let readable = vec![Bucket::of(&pack(), "building")];
        let lost = Checkpoint { revoked, readable, now: 2, ..checkpoint(7, vec![]) };
        open.checkpoint(&pack(), &lost).await.unwrap();
        // Someone kept the block's bytes and puts them back: the key is gone.
        let bytes = copy.into_iter().next().flatten().unwrap();
        disk.0.put_back(Area::Blocks, &held.key, bytes);
        assert_eq!(open.blocks(vec![held.key.clone()]).await.unwrap(), [None]);
        let open = again(&disk, open).await;
        assert_eq!(open.blocks(vec![held.key]).await.unwrap(), [None], "also after a restart");
    });
}

/// Bytes that are not what was sealed: bits turned, ends cut, another's, another place's, none at all.
#[test]
fn bytes_that_were_not_sealed_here_open_to_nothing() {
    let (own, other) = (Key::random(), Key::random());
    let ring = Ring::new(Some(own.clone()));
    let sealed = own.seal("log/1", NAME.as_bytes());
    assert_eq!(own.open("log/1", &sealed).as_deref(), Some(NAME.as_bytes()));
    let refuses = |bytes: &[u8]| {
        assert_eq!(own.open("log/1", bytes), None, "{bytes:?}");
        // Through the ring, as the store reads: an error it can say. Bytes that say of themselves that they lie open do.
        assert!(ring.open(Area::Log, "1", bytes.to_vec()).is_err() || bytes.first() == Some(&PLAIN), "{bytes:?}");
    };
    for at in 0..sealed.len() {
        refuses(&sealed[..at]);
        // The first byte says that it is sealed, those after it under which key: neither is a secret.
        for bit in 0..8 {
            let mut turned = sealed.clone();
            turned[at] ^= 1 << bit;
            let opened = own.open("log/1", &turned);
            assert!(opened.is_none() || opened.as_deref() == Some(NAME.as_bytes()), "byte {at}, bit {bit}");
        }
    }
    refuses(&[sealed.clone(), vec![0]].concat());
    refuses(&other.seal("log/1", NAME.as_bytes()));
    refuses(&own.seal("log/2", NAME.as_bytes()));
    refuses(&[]);
    proptest::proptest!(|(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200))| refuses(&bytes));
}

/// What a parcel's pieces are, as the office takes them apart.
fn pieces(parcel: &[u8]) -> Vec<Vec<u8>> {
    let mut rest = parcel.strip_prefix(b"linli parcel 1\n").expect("its beginning");
    let mut pieces = Vec::new();
    while let Some((length, more)) = rest.split_first_chunk::<4>() {
        let (piece, more) = more.split_at(u32::from_be_bytes(*length) as usize);
        pieces.push(piece.to_vec());
        rest = more;
    }
    pieces
}

#[test]
fn what_waits_leaves_as_a_parcel_that_only_the_office_opens() {
    use linli_app::store::Filed;
    use store_contract::made::{id, refused};
    now(async {
        let disk = Memory::new();
        let open = Store::open(Rc::new(disk.reopen())).await.unwrap();
        open.begin(Numbers { device: DEVICE, last: 0 }).await.unwrap();
        assert_eq!(open.parcel("li").await, Err(StoreError::Locked), "nobody has signed in");
        open.protect("li", &Stretched::of("小河流水-28"), &RECOVERY).await.unwrap();
        open.sign_in(me("li")).await.unwrap();
        assert_eq!(open.parcel("li").await, Ok(None), "nothing waits");
        for number in 1..=3 {
            open.act(vec![change(number, number.into(), "name", "孤山路上的话")], 0, &[]).await.unwrap();
        }
        let round = Checkpoint { settled: vec![1], refused: vec![refused(2, "why")], ..checkpoint(5, vec![]) };
        open.checkpoint(&pack(), &round).await.unwrap();
        let filed = |hash: &str, by: &str, sent| Filed {
            record: id(3),
            kind: "building".into(),
            hash: hash.into(),
            name: "a.jpg".into(),
            bytes: 5,
            by: by.into(),
            at: 0,
            sent,
        };
        for one in [filed("aa", "li", None), filed("bb", "li", Some(1)), filed("cc", "wang", None)] {
            open.keep_file(one, b"photo".to_vec()).await.unwrap();
        }
        let parcel = open.parcel("li").await.unwrap().unwrap();
        for secret in ["孤山路上的话", "li", "building", "photo"] {
            let secret = secret.as_bytes();
            assert!(secret.len() < 4 || !parcel.windows(secret.len()).any(|part| part == secret));
        }
        let pieces = pieces(&parcel);
        let own: Key = serde_json::from_slice(&Key::of(RECOVERY).open("vault/recovery", &pieces[0]).unwrap()).unwrap();
        let list: serde_json::Value = serde_json::from_slice(&own.open("parcel/1", &pieces[1]).unwrap()).unwrap();
        let numbers: Vec<_> = list["changes"].as_array().unwrap().iter().map(|c| c["number"].clone()).collect();
        assert_eq!(numbers, [2, 3], "all that the office may not have, refused ones too");
        assert_eq!((list["account"].clone(), list["files"].as_array().unwrap().len()), ("li".into(), 1));
        assert_eq!((own.open("parcel/2", &pieces[2]).unwrap(), pieces.len()), (b"photo".to_vec(), 3));
        assert!(own.open("parcel/1", &pieces[2]).is_none(), "each in its place");
    });
}

#[test]
fn a_draft_kept_elsewhere_is_sealed_and_gives_way_to_a_later_one() {
    let kept = |text: &str, at| Kept { by: "li".into(), key: "new/building".into(), draft: draft(9, text), at };
    let texts =
        |store: &Store| store.drafts().into_iter().map(|(_, kept)| kept.draft.now["name"].clone()).collect::<Vec<_>>();
    let disk = Sealed::new();
    now(async {
        let open = store(&disk).await;
        open.keep_draft(kept("first", 1)).await.unwrap();
        let left = open.sealed_draft(&kept(NAME, 2)).unwrap();
        let written = serde_json::to_string(&left).unwrap();
        let bytes = serde_json::to_value(&left).unwrap()["bytes"].clone();
        let bytes: Vec<u8> = serde_json::from_value(bytes).unwrap();
        assert!(!written.contains(NAME) && !bytes.windows(NAME.len()).any(|part| part == NAME.as_bytes()));
        // The page stayed, and wrote something later.
        open.keep_draft(kept("later", 3)).await.unwrap();
        let open = again(&disk, open).await;
        open.take_draft(left.clone()).await.unwrap();
        assert_eq!(texts(&open), ["later"]);
        open.drop_draft("li", "new/building").await.unwrap();
        // The page went.
        open.take_draft(left.clone()).await.unwrap();
        assert_eq!(texts(&open), [NAME]);
        let stranger = store(&Sealed::new()).await;
        assert!(stranger.take_draft(left).await.is_err(), "another's key opens nothing");
    });
    now(async { assert!(store(&Memory::new()).await.sealed_draft(&kept(NAME, 1)).is_none(), "nothing in the open") });
}
