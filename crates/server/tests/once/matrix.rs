//! Every post × every kind × every way a record can be had or written over HTTP, over the demonstration community: exactly
//! what the pack allows.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{Answer, NEW_YEAR, TestApp, TestOffice, codes, set};
use axum::http::StatusCode;
use calamine::{Reader, Xlsx};
use linli_server::{
    demo::{self, Options},
    http::Cookie,
};
use records::{Pack, Right, pack::Kind};
use serde_json::{Value, json};
use sync::{
    Bucket, Clock, DeviceId, Record, block,
    wire::{Manifest, SyncResponse},
};

const YEAR: &str = "from=2009-01-01&to=2009-12-31";

/// Someone signed in.
struct Person {
    account: String,
    post: String,
    device: DeviceId,
    session: String,
}

/// The community, an account of every post, and what the office holds: records by bucket.
struct World {
    app: TestApp,
    pack: Pack,
    people: Vec<Person>,
    held: BTreeMap<Bucket, Vec<Record>>,
}

impl World {
    async fn new() -> Self {
        let test = TestOffice::with(Pack::community()).await;
        let made = demo::build(&test.office, Options { seed: 2009, households: 300, ..Options::default() }, |_| ())
            .await
            .unwrap();
        let app = TestApp::staffed(test, Cookie::Plain, &[]).await;
        let (mut people, mut met) = (Vec::new(), BTreeSet::new());
        for account in made.accounts.iter().filter(|account| met.insert(account.post)) {
            let device = DeviceId(0x7000 + people.len() as u64);
            let asked = json!({"account": account.name, "password": account.password, "device": device});
            let signed = app.post("/api/v1/session", "", &asked).await;
            assert_eq!(signed.status, StatusCode::OK, "{}", signed.text());
            let session = signed.header("set-cookie").split(';').next().unwrap().to_owned();
            people.push(Person { account: account.name.into(), post: account.post.into(), device, session });
        }
        let mut world = Self { app, pack: Pack::community(), people, held: BTreeMap::new() };
        assert_eq!(world.people.len(), world.pack.posts.len(), "an account of every post");
        for n in 0..world.people.len() {
            let manifest = world.manifest(&world.people[n]).await;
            for (bucket, records) in world.fetched(&world.people[n], &manifest).await {
                world.held.insert(bucket, records);
            }
        }
        let held: BTreeSet<&str> = world.held.keys().map(Bucket::kind).collect();
        let kinds = world.pack.kinds.keys().map(String::as_str).filter(|kind| *kind != "work_report");
        assert_eq!(held, kinds.collect(), "records of every kind, so that each can be found where it must not be");
        world
    }

    fn may(&self, person: &Person, kind: &str, right: Right) -> bool {
        self.pack.allows(&person.post, kind, right)
    }

    async fn manifest(&self, person: &Person) -> Manifest {
        let body = json!({"device": person.device, "schema": 1, "cursor": null, "changes": []});
        let answer = self.app.post("/api/v1/sync", &person.session, &body).await.json();
        serde_json::from_value(answer["blocks"].clone()).unwrap()
    }

    async fn fetched(&self, person: &Person, manifest: &Manifest) -> BTreeMap<Bucket, Vec<Record>> {
        let mut all: BTreeMap<Bucket, Vec<Record>> = BTreeMap::new();
        for block in &manifest.blocks {
            let answer = self.app.post("/api/v1/blocks", &person.session, &json!({"ids": [block.id]})).await;
            assert_eq!(answer.status, StatusCode::OK);
            all.entry(block.bucket.clone()).or_default().extend(block::decode(&answer.bytes[4..]).unwrap());
        }
        all
    }

    /// Runs a check for every post and kind; all that fail are told at once.
    async fn each(&self, check: impl AsyncFn(&Person, &Kind) -> Result<(), String>) {
        let mut wrong = Vec::new();
        for person in &self.people {
            for kind in self.pack.kinds.values() {
                if let Err(what) = check(person, kind).await {
                    wrong.push(format!("{} × {}: {what}", person.post, kind.name));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

fn says(got: &Answer, is_allowed: bool) -> Result<(), String> {
    let is_right = match is_allowed {
        true => got.status == StatusCode::OK,
        false => got.status == StatusCode::FORBIDDEN && got.problem() == "forbidden",
    };
    if is_right { Ok(()) } else { Err(format!("{} where allowed is {is_allowed}: {}", got.status, got.text())) }
}

#[tokio::test]
async fn every_post_gets_exactly_what_the_pack_allows() {
    let world = World::new().await;
    pull(&world).await;
    push(&world).await;
    export(&world).await;
    report(&world).await;
    quarantine(&world).await;
    lists(&world).await;
}

/// Whole buckets, the tail since the beginning, checksums, and blocks whose names are known from elsewhere.
async fn pull(world: &World) {
    for person in &world.people {
        let manifest = world.manifest(person).await;
        let scope: BTreeSet<Bucket> = Bucket::scope(&world.pack, &person.post, &person.account).into_iter().collect();
        assert_eq!(manifest.buckets.iter().cloned().collect::<BTreeSet<_>>(), scope, "{}", person.post);
        for (bucket, records) in world.fetched(person, &manifest).await {
            assert!(records.iter().all(|r| world.may(person, &r.kind, Right::Read) && r.kind == bucket.kind()));
        }
        let mut cursor = json!({"epoch": "", "seq": 0, "schema": 1, "scope": ""});
        let names: Vec<&str> = scope.iter().map(|bucket| bucket.0.as_str()).collect();
        let body = json!({"device": person.device, "schema": 1, "cursor": null, "changes": []});
        cursor["epoch"] = world.app.post("/api/v1/sync", &person.session, &body).await.json()["next"]["epoch"].clone();
        cursor["scope"] = names.join(" ").into();
        cursor["seq"] = world.app.test.head().await.saturating_sub(2000).into();
        let body = json!({"device": person.device, "schema": 1, "cursor": cursor, "changes": []});
        let answer = world.app.post("/api/v1/sync", &person.session, &body).await.json();
        for record in answer["records"].as_array().into_iter().flatten() {
            let kind = record["kind"].as_str().unwrap();
            assert!(world.may(person, kind, Right::Read), "{} is sent a {kind}", person.post);
        }
        let sums: BTreeSet<Bucket> =
            answer["sums"].as_object().into_iter().flat_map(|sums| sums.keys()).map(|b| Bucket(b.clone())).collect();
        assert!(sums.is_subset(&scope), "{}: {sums:?}", person.post);
    }
    let mut blocks = Vec::new();
    for person in &world.people {
        blocks.extend(world.manifest(person).await.blocks);
    }
    for person in &world.people {
        let scope = Bucket::scope(&world.pack, &person.post, &person.account);
        for block in &blocks {
            let answer = world.app.post("/api/v1/blocks", &person.session, &json!({"ids": [block.id]})).await;
            let is_given = answer.status == StatusCode::OK;
            assert_eq!(is_given, scope.contains(&block.bucket), "{} × a block of {}", person.post, block.bucket);
        }
    }
}

/// A new record, and a change to one of someone else's.
async fn push(world: &World) {
    let number = std::cell::Cell::new(0);
    world
        .each(async |person, kind| {
            let other =
                world.held.iter().find(|(bucket, _)| bucket.kind() == kind.name).and_then(|(_, all)| all.first());
            let ids = [Some(uuid::Uuid::now_v7()), other.map(|record| record.id)];
            for id in ids.into_iter().flatten() {
                number.set(number.get() + 1);
                let n = number.get();
                let mut change = set(n, id, &kind.name, &[("unheard_of", "试".into())]);
                change.device = person.device;
                change.clock = Clock::new(NEW_YEAR + n, 0, person.device);
                change.author = person.account.clone();
                let body = json!({"device": person.device, "schema": 1, "cursor": null, "changes": [change]});
                let answer = world.app.post("/api/v1/sync", &person.session, &body).await;
                let answer: SyncResponse = serde_json::from_slice(&answer.bytes).unwrap();
                let receipt = &answer.receipts[0];
                let codes = codes(&receipt.verdict);
                let is_forbidden = codes == ["forbidden"];
                if is_forbidden == world.may(person, &kind.name, Right::Write) {
                    return Err(format!("a change to {id} is answered by {receipt:?}"));
                }
            }
            Ok(())
        })
        .await;
}

/// Ledgers, both forms; none holds a word of a record that its reader may not see.
async fn export(world: &World) {
    let secrets: BTreeSet<String> = world
        .held
        .iter()
        .filter(|(bucket, _)| bucket.0.starts_with("restricted/"))
        .flat_map(|(_, all)| all)
        .filter_map(|r| Some(r.text("note")?.into_owned()))
        .collect();
    assert!(secrets.len() > 5, "{secrets:?}");
    world
        .each(async |person, kind| {
            for form in ["csv", "xlsx"] {
                let path = format!("/api/v1/ledgers/{}.{form}", kind.name);
                let answer = world.app.get(&path, &person.session).await;
                says(&answer, world.may(person, &kind.name, Right::Read))?;
                if form == "csv" && kind.class != records::Class::Restricted {
                    let told = secrets.iter().find(|secret| answer.text().contains(secret.as_str()));
                    told.map_or(Ok(()), |secret| Err(format!("tells {secret}")))?;
                }
            }
            Ok(())
        })
        .await;
}

/// The report in its three forms and the figures; of the ledgers in it, those the reader may see.
async fn report(world: &World) {
    for person in &world.people {
        let sees = world.pack.post(&person.post).unwrap().report;
        for path in ["reports/annual.docx", "reports/annual.html", "reports/annual.xlsx", "figures", "audit", "devices"]
        {
            let answer = world.app.get(&format!("/api/v1/{path}?{YEAR}"), &person.session).await;
            says(&answer, sees).unwrap_or_else(|wrong| panic!("{} × {path}: {wrong}", person.post));
            if sees && path.ends_with("xlsx") {
                let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(answer.bytes.clone())).unwrap();
                let sheets: BTreeSet<String> = book.sheet_names().into_iter().skip(1).collect();
                let kinds = world.pack.kinds.values().filter(|kind| world.may(person, &kind.name, Right::Read));
                let may: BTreeSet<String> = kinds.map(|kind| kind.label.zh.clone()).collect();
                assert!(!sheets.is_empty() && sheets.is_subset(&may), "{sheets:?}");
                assert!(book.worksheet_range(&book.sheet_names()[0].clone()).is_ok());
            }
        }
    }
}

/// What was refused: one's own, and for those who see the report everyone's, without the words of what they may not see.
async fn quarantine(world: &World) {
    for person in &world.people {
        let sees = world.pack.post(&person.post).unwrap().report;
        let all = world.app.get("/api/v1/quarantine", &person.session).await.json();
        for one in all.as_array().unwrap() {
            let is_own = one["account"] == person.account.as_str();
            assert!(is_own || sees, "{} reads of {}", person.post, one["account"]);
            let kind = one["body"]["kind"].as_str();
            let may =
                kind.is_none_or(|kind| world.may(person, kind, Right::Read) && world.pack.assignment(kind).is_none());
            assert!(is_own || may, "{} reads a refused {kind:?}", person.post);
        }
        let told = |one: &&Value| one["account"] != person.account.as_str() && one["body"].is_null();
        assert_eq!(all.as_array().unwrap().iter().any(|one| told(&one)), sees, "of some the words are left out");
    }
}

/// Rosters: for who may read and write buildings, households and people.
async fn lists(world: &World) {
    for person in &world.people {
        let both = |kind: &&str| [Right::Read, Right::Write].iter().all(|right| world.may(person, kind, *right));
        let may = ["building", "household", "person"].iter().all(both);
        let answer = world.app.get("/api/v1/rosters", &person.session).await;
        says(&answer, may).unwrap_or_else(|wrong| panic!("{} × rosters: {wrong}", person.post));
    }
}
