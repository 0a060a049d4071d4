//! A database that goes away in the middle of a push, at each of its statements: nothing of it happened, and the next
//! request works.

use std::collections::BTreeMap;

use crate::support::{DEVICE, TestApp, backend::Backend, backend::backend, change, record, seq, set};
use axum::http::StatusCode;
use linli_server::office::Place;
use serde_json::json;
use sqlx::{Connection, PgConnection, SqliteConnection};
use sync::wire::Receipt;

/// Another hand at the database.
enum Hand {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Hand {
    async fn at(place: &Place) -> Self {
        match place {
            Place::Folder(folder) => {
                let url = format!("sqlite://{}", folder.join("linli.db").display());
                Self::Sqlite(SqliteConnection::connect(&url).await.unwrap())
            }
            Place::Postgres(url) => Self::Postgres(PgConnection::connect(url).await.unwrap()),
        }
    }

    async fn run(&mut self, sql: String) {
        let sql = sqlx::raw_sql(sqlx::AssertSqlSafe(sql));
        match self {
            Self::Sqlite(db) => drop(sql.execute(db).await.unwrap()),
            Self::Postgres(db) => drop(sql.execute(db).await.unwrap()),
        }
    }

    /// The database ends the transaction of whoever does this to the table: as SQLite does when the disk fails it, and as
    /// PostgreSQL does when somebody ends the connection.
    async fn set_trap(&mut self, event: &str, table: &str) {
        self.run(match self {
            Self::Sqlite(_) => {
                format!("CREATE TRIGGER trap BEFORE {event} ON {table} BEGIN SELECT RAISE(ROLLBACK, 'gone'); END")
            }
            Self::Postgres(_) => format!(
                "CREATE OR REPLACE FUNCTION go() RETURNS trigger LANGUAGE plpgsql AS
                 $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$;
                 CREATE TRIGGER trap BEFORE {event} ON \"{table}\" FOR EACH ROW EXECUTE FUNCTION go()"
            ),
        })
        .await;
    }

    async fn clear(&mut self, table: &str) {
        let of = if matches!(self, Self::Postgres(_)) { format!(" ON \"{table}\"") } else { String::new() };
        self.run(format!("DROP TRIGGER trap{of}")).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_goes_away_in_the_middle_of_a_push_loses_nothing_and_the_next_request_works() {
    let app = TestApp::new().await;
    let session = app.sign_in("wang").await;
    let mut hand = Hand::at(&app.test.place).await;
    let mut acknowledged = BTreeMap::new();
    let mut next = 1;
    let push = async |numbers: std::ops::Range<u64>| {
        let good = numbers.clone().map(|n| change(n, record(n.into()), "字"));
        let wrong = set(numbers.end, record(9000), "note", &[("b", 1000.into())]);
        let changes: Vec<_> = good.chain([wrong]).collect();
        let body = json!({"device": DEVICE, "schema": 1, "cursor": null, "changes": changes});
        app.post("/api/v1/sync", &session, &body).await
    };
    for (event, table) in [
        ("INSERT", "change"),
        ("INSERT", "record"),
        ("INSERT", "bucket"),
        ("INSERT", "quarantine"),
        ("INSERT", "audit"),
        ("UPDATE", "device"),
        ("UPDATE", "community"),
    ] {
        hand.set_trap(event, table).await;
        let answer = push(next..next + 3).await;
        match backend() {
            // What raises it there is a trigger, which no office has.
            Backend::Sqlite => assert!(answer.status.is_server_error(), "{table}: {}", answer.text()),
            Backend::Postgres => {
                assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{table}: {}", answer.text());
                assert_eq!(answer.problem(), "database-away");
                assert!(!answer.header("retry-after").is_empty());
            }
        }
        hand.clear(table).await;
        let answer = push(next..next + 3).await;
        assert_eq!(answer.status, StatusCode::OK, "after {table}: {}", answer.text());
        let receipts: Vec<Receipt> = serde_json::from_value(answer.json()["receipts"].clone()).unwrap();
        acknowledged.extend(receipts[..3].iter().map(|receipt| (receipt.number, seq(receipt))));
        assert_eq!(app.get("/ready", "").await.status, StatusCode::OK, "after {table}");
        next += 4;
    }
    let seqs: Vec<u64> = acknowledged.values().copied().collect();
    assert_eq!(seqs, (1..=21).collect::<Vec<_>>(), "each once, in its order, no number left out");
    let refused = app.get("/api/v1/quarantine", &session).await.json();
    assert_eq!(refused.as_array().unwrap().len(), 7);
    assert!(app.test.office.verify_audit(None).await.unwrap().is_ok());
}
