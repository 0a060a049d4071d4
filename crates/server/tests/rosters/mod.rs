//! A desk at the office: the real app over the community's own pack, with rosters to import.
#![allow(dead_code)]

use std::{collections::BTreeMap, time::Duration};

use axum::{
    body::Body,
    http::{Request, header},
};
use linli_server::http::Cookie;
use records::{Fields, Pack, identity::check_digit};
use serde_json::{Value, json};
use sync::{Record, wire::*};

use super::support::{Answer, NEW_YEAR, Tablet, TestApp, TestOffice};

/// The `n`-th ID number, of an area code that was never assigned: nobody's.
pub fn id(n: u32) -> String {
    let first17 =
        format!("999999{}{:02}{:02}{:03}", 1940 + n / 336 % 60, n / 28 % 12 + 1, n % 28 + 1, n / 20_160 * 2 + 1);
    format!("{first17}{}", check_digit(&first17).unwrap())
}

pub struct Desk {
    pub app: TestApp,
    /// The director's session.
    pub session: String,
}

impl Desk {
    /// An office of the community's own pack: a director `zhu`, a committee member `wei`, an officer `min` who writes no
    /// buildings, and a volunteer `xun`.
    pub async fn new() -> Self {
        let test = TestOffice::with(Pack::community()).await;
        let accounts = [("zhu", "director"), ("wei", "committee"), ("min", "civil_affairs"), ("xun", "volunteer")];
        let app = TestApp::staffed(test, Cookie::Plain, &accounts).await;
        let session = app.sign_in("zhu").await;
        Self { app, session }
    }

    pub async fn post_file(&self, session: &str, file: &str, bytes: impl Into<Body>) -> Answer {
        let name: String = file.bytes().map(|b| format!("%{b:02X}")).collect();
        let request = Request::post(format!("/api/v1/rosters?file={name}"))
            .header(header::COOKIE, session)
            .header(header::CONTENT_TYPE, "application/octet-stream");
        self.app.send(request.body(bytes.into()).unwrap()).await
    }

    pub async fn upload(&self, file: &str, bytes: impl Into<Body>) -> RosterUpload {
        let answer = self.post_file(&self.session, file, bytes).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        serde_json::from_slice(&answer.bytes).unwrap()
    }

    /// The choices as they were guessed, making buildings.
    pub fn guessed(upload: &RosterUpload) -> RosterChoices {
        let sheet = &upload.sheets[upload.best as usize];
        RosterChoices {
            sheet: upload.best,
            heading_row: sheet.heading_row,
            columns: sheet.columns.iter().filter_map(|c| Some((c.index, c.target.clone()?))).collect(),
            create_buildings: true,
            prefer_file: false,
        }
    }

    pub async fn plan(&self, upload: &RosterUpload, choices: &RosterChoices) -> RosterPlan {
        let path = format!("/api/v1/rosters/{}/plan", upload.roster.id);
        let answer = self.app.post(&path, &self.session, &serde_json::to_value(choices).unwrap()).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        serde_json::from_slice(&answer.bytes).unwrap()
    }

    pub async fn run(&self, upload: &RosterUpload) -> Roster {
        let answer =
            self.app.post(&format!("/api/v1/rosters/{}/run", upload.roster.id), &self.session, &json!({})).await;
        assert_eq!(answer.status, 202, "{}", answer.text());
        self.rested(upload.roster.id).await
    }

    pub async fn take_back(&self, roster: &Roster) -> Roster {
        let answer = self.delete(roster).await;
        assert_eq!(answer.status, 202, "{}", answer.text());
        self.rested(roster.id).await
    }

    pub async fn delete(&self, roster: &Roster) -> Answer {
        self.app.ask(axum::http::Method::DELETE, &format!("/api/v1/rosters/{}", roster.id), &self.session, None).await
    }

    pub async fn state(&self, id: uuid::Uuid) -> Roster {
        let answer = self.app.get(&format!("/api/v1/rosters/{id}"), &self.session).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        serde_json::from_slice(&answer.bytes).unwrap()
    }

    /// Waits until nothing is under way for it.
    pub async fn rested(&self, id: uuid::Uuid) -> Roster {
        for _ in 0..1200 {
            let roster = self.state(id).await;
            if !matches!(roster.state, RosterState::Running | RosterState::Undoing) {
                return roster;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the roster never came to rest");
    }

    /// Uploads, plans as guessed and imports.
    pub async fn import(&self, csv: &str) -> (RosterPlan, Roster) {
        let upload = self.upload("名册.csv", csv.to_owned()).await;
        let plan = self.plan(&upload, &Self::guessed(&upload)).await;
        (plan, self.run(&upload).await)
    }

    /// What an officer's tablet holds after a sync: records that are not void, as JSON by kind and id.
    pub async fn seen(&self) -> BTreeMap<(String, String), String> {
        let mut tablet = Tablet::new(&self.app, "wei", 0xe0).await;
        assert_eq!(tablet.sync(&self.app).await, None);
        let shown = tablet.book.all().filter(|record| !record.is_void());
        shown.map(|r| ((r.kind.to_string(), r.id.to_string()), serde_json::to_string(&r.values()).unwrap())).collect()
    }

    /// The values of the people called so, as a tablet has them.
    pub async fn people(&self, name: &str) -> Vec<Fields> {
        let all = self.seen().await.into_iter().filter(|((kind, _), _)| kind == "person");
        let values = all.map(|(_, json)| serde_json::from_str::<Fields>(&json).unwrap());
        values.filter(|fields| fields.get("name") == Some(&Value::from(name))).collect()
    }
}

/// A tablet's record of that name.
pub fn called<'t>(tablet: &'t Tablet, kind: &str, field: &str, text: &str) -> &'t Record {
    tablet.book.of_kind(kind).find(|record| record.text(field).as_deref() == Some(text)).unwrap()
}

/// A first millisecond of the tests' clock, so that nobody needs to know it.
pub const NOW: u64 = NEW_YEAR;
