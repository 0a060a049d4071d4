//! Every way by which what is known of residents leaves the office leaves its row in the trail: a route that is added must say
//! here what it leaves.

use std::collections::BTreeSet;

use crate::{
    contract::files::{begin, hash, photo, place, tus},
    support::{Tablet, TestApp, TestOffice, record},
};
use axum::http::{Method, StatusCode};
use linli_server::http::Cookie;
use records::Pack;
use serde_json::{Value, json};
use sync::{DeviceId, Draft};

/// What a route leaves, and why one leaves nothing.
enum Leaves {
    /// Rows called so.
    Row(&'static str),
    /// It tells of no resident.
    Nobody,
    /// It takes nothing out that was not given in with the same request, or is the asker's own.
    Own,
    /// Counts.
    Counts,
}
use Leaves::{Counts, Nobody, Own, Row};

/// By method and path, as the description has them.
const ROUTES: &[(&str, &str, Leaves)] = &[
    ("get", "/audit", Row("audit")),
    ("post", "/blocks", Row("read")),
    ("get", "/devices", Nobody),
    ("post", "/devices/{id}/revoke", Nobody),
    ("get", "/events", Nobody),
    ("get", "/figures", Counts),
    ("options", "/files", Nobody),
    ("post", "/files", Nobody),
    ("get", "/ledgers/{file}", Row("ledger")),
    ("get", "/pack", Nobody),
    ("put", "/pack", Nobody),
    ("get", "/pack/kinds/{file}", Nobody),
    ("post", "/pack/xlsform", Nobody),
    ("post", "/parcels", Own),
    ("get", "/posters/{kind}", Nobody),
    ("get", "/quarantine", Row("quarantine")),
    ("post", "/quarantine/taken", Own),
    ("get", "/records/{id}/changes", Row("read")),
    ("get", "/records/{id}/erasure", Counts),
    ("post", "/records/{id}/erasure", Counts),
    ("get", "/records/{id}/files/{hash}", Row("read")),
    ("head", "/records/{id}/files/{hash}", Nobody),
    ("patch", "/records/{id}/files/{hash}", Own),
    ("get", "/reports/{file}", Row("report")),
    ("get", "/rosters", Nobody),
    ("post", "/rosters", Own),
    ("delete", "/rosters/{id}", Nobody),
    ("get", "/rosters/{id}", Nobody),
    // It shows what the register has of those whom the file names, none of it restricted.
    ("post", "/rosters/{id}/plan", Own),
    ("post", "/rosters/{id}/run", Own),
    ("delete", "/session", Nobody),
    ("get", "/session", Nobody),
    ("post", "/session", Nobody),
    ("post", "/sync", Row("read")),
    ("get", "/usage", Nobody),
];

#[tokio::test]
async fn every_way_out_leaves_its_row() {
    let description = serde_json::to_value(linli_server::http::openapi()).unwrap();
    let routes = description["paths"].as_object().unwrap().iter().flat_map(|(path, methods)| {
        let path = path.strip_prefix("/api/v1").unwrap().to_owned();
        methods.as_object().unwrap().keys().map(move |method| (method.clone(), path.clone()))
    });
    let there: BTreeSet<_> = routes.filter(|(method, _)| method != "parameters").collect();
    let told: BTreeSet<_> = ROUTES.iter().map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned())).collect();
    assert_eq!(there, told, "each route says what it leaves in the trail");

    // A visit under restriction, with a photo.
    let mut pack = serde_json::to_value(Pack::community()).unwrap();
    let photos = pack["kinds"]["service"]["fields"].as_array().unwrap();
    let photos = photos.iter().find(|field| field["name"] == "photos").unwrap().clone();
    pack["kinds"]["planning"]["fields"].as_array_mut().unwrap().push(photos);
    let test = TestOffice::with(serde_json::from_value(pack).unwrap()).await;
    let app = TestApp::staffed(test, Cookie::Plain, &[("zhu", "director"), ("ji", "family_planning")]).await;
    let bytes = photo(1000);
    let hash = hash(&bytes);
    let mut tablet = Tablet::new(&app, "ji", 1).await;
    let fields =
        json!({"person": record(1), "sort": "other", "date": "2025-12-01", "photos": [format!("{hash}/楼道.jpg")]});
    tablet.write(&app, Draft::new(record(4), "planning", fields.as_object().unwrap().clone().into_iter().collect()));
    assert_eq!((tablet.sync(&app).await, &tablet.refused), (None, &Default::default()));
    let (ji, zhu) = (app.sign_in_on("ji", DeviceId(1)).await, app.sign_in_on("zhu", DeviceId(3)).await);
    begin(&app, &ji, 4, &hash, bytes.len()).await;
    let headers = [("upload-offset", "0"), ("content-type", "application/offset+octet-stream")];
    assert_eq!(tus(&app, &ji, Method::PATCH, &place(4, &hash), &headers, &bytes).await.status, StatusCode::NO_CONTENT);
    let sync =
        |device: u64, cursor: &Value| json!({"device": DeviceId(device), "schema": 1, "cursor": cursor, "changes": []});
    let other = app.sign_in_on("ji", DeviceId(2)).await;
    let first = app.post("/api/v1/sync", &other, &sync(2, &Value::Null)).await.json();
    let mut old = first["next"].clone();
    old["seq"] = json!(0);
    let blocks: Vec<&Value> = first["blocks"]["blocks"].as_array().unwrap().iter().map(|block| &block["id"]).collect();
    let year = "from=2025-01-01&to=2025-12-31";
    let changes = format!("/api/v1/records/{}/changes", record(4));
    for (method, path, leaves) in ROUTES {
        let Row(row) = leaves else { continue };
        let known = app.test.office.audit(u64::MAX, 1000).await.unwrap().len();
        let answer = match *path {
            "/audit" => app.get("/api/v1/audit", &zhu).await,
            "/blocks" => app.post("/api/v1/blocks", &other, &json!({"ids": blocks})).await,
            "/ledgers/{file}" => app.get(&format!("/api/v1/ledgers/planning.csv?{year}"), &ji).await,
            "/quarantine" => app.get("/api/v1/quarantine", &zhu).await,
            "/records/{id}/changes" => app.get(&changes, &ji).await,
            "/records/{id}/files/{hash}" => app.get(&place(4, &hash), &ji).await,
            "/reports/{file}" => app.get(&format!("/api/v1/reports/annual.html?{year}"), &zhu).await,
            "/sync" => app.post("/api/v1/sync", &other, &sync(2, &old)).await,
            other => panic!("{method} {other} says that it leaves a row: try it here"),
        };
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
        let all = app.test.office.audit(u64::MAX, 1000).await.unwrap();
        let new: Vec<_> =
            all[..all.len() - known].iter().map(|entry| (entry.what.as_str(), entry.account.as_str())).collect();
        let by = if matches!(*row, "audit" | "quarantine" | "report") { "zhu" } else { "ji" };
        assert_eq!(new, [(*row, by)], "{method} {path}");
    }
}
