//! How long an officer waits for a roster of 10,000 people: reading the Excel file, the plan, the import, the plan of the
//! same file again, and taking it back. `cargo bench -p linli-server --bench roster`.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use linli_server::office::{Author, Office, wall_clock};
use records::identity::check_digit;
use rust_xlsxwriter::Workbook;
use sync::wire::{RosterChoices, RosterState};

/// People in the file.
const ROWS: u32 = 10_000;
/// Longest wait for an import, as turns of [`TURN`].
const TURNS: u32 = 12_000;
const TURN: Duration = Duration::from_millis(5);

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(run());
}

async fn run() {
    let folder = tempfile::tempdir().unwrap();
    let office = Office::found(folder.path(), "bench", records::Pack::community(), wall_clock()).await.unwrap();
    let office = Arc::new(office);
    let who = Author { account: "zhuren".into(), post: "director".into() };
    let file = book();
    println!("{ROWS} people, {} KiB of Excel", file.len() / 1024);
    let mut done = None;
    for what in ["a new register", "the same again"] {
        let began = Instant::now();
        let upload = office.upload_roster(&who, "名册.xlsx", file.clone()).await.unwrap().unwrap();
        println!("{what}: read and guessed   {:6.0} ms", ms(began));
        let sheet = &upload.sheets[0];
        let choices = RosterChoices {
            heading_row: sheet.heading_row,
            columns: sheet.columns.iter().filter_map(|c| Some((c.index, c.target.clone()?))).collect(),
            create_buildings: true,
            ..RosterChoices::default()
        };
        let began = Instant::now();
        let plan = office.plan_roster(&who, upload.roster.id, &choices).await.unwrap().unwrap();
        println!("{what}: planned            {:6.0} ms  {:?}", ms(began), plan.counts.outcomes);
        assert_eq!(plan.problems, []);
        let began = Instant::now();
        office.run_roster(&who, upload.roster.id).await.unwrap().unwrap();
        let roster = rested(&office, &who, upload.roster.id).await;
        println!("{what}: imported           {:6.0} ms  {} records", ms(began), roster.total);
        assert_eq!((roster.state, roster.refused), (RosterState::Done, 0));
        done = done.or(Some(roster.id));
    }
    let began = Instant::now();
    let id = done.unwrap();
    office.end_roster(&who, id).await.unwrap().unwrap();
    let roster = rested(&office, &who, id).await;
    println!("taken back                         {:6.0} ms  {} records", ms(began), roster.total);
    assert_eq!((roster.state, roster.kept.len()), (RosterState::Undone, 0));
}

async fn rested(office: &Office, who: &Author, id: uuid::Uuid) -> sync::wire::Roster {
    for _ in 0..TURNS {
        let roster = office.roster(who, id).await.unwrap().unwrap();
        if !matches!(roster.state, RosterState::Running | RosterState::Undoing) {
            return roster;
        }
        tokio::time::sleep(TURN).await;
    }
    panic!("the roster never came to rest");
}

/// 10,000 people in 3,000 households of 63 buildings, as a police station's list has them.
fn book() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "社区居民花名册").unwrap();
    let headings = ["序号", "姓名", "性别", "身份证号码", "电话", "地址", "与户主关系", "户籍情况", "标签", "备注"];
    for (column, heading) in headings.iter().enumerate() {
        sheet.write(1, column as u16, *heading).unwrap();
    }
    for n in 0..ROWS {
        let (row, door) = (n + 2, n * 3 / 10);
        let (building, of_building) = (door / 48 + 1, door % 48);
        let (stairwell, floor, flat) = (of_building / 12 + 1, of_building / 2 % 6 + 1, of_building % 2 + 1);
        let days = (1940 + n / 336 % 60, n / 28 % 12 + 1, n % 28 + 1);
        let first17 = format!("999999{}{:02}{:02}{:03}", days.0, days.1, days.2, n / 20_160 * 2 + n % 2 + 1);
        let sex = if (n / 20_160 * 2 + n % 2 + 1) % 2 == 1 { "男" } else { "女" };
        sheet.write(row, 0, n + 1).unwrap();
        sheet.write(row, 1, format!("王{n}")).unwrap();
        sheet.write(row, 2, sex).unwrap();
        sheet.write(row, 3, format!("{first17}{}", check_digit(&first17).unwrap())).unwrap();
        sheet.write(row, 4, format!("139{:08}", n)).unwrap();
        sheet.write(row, 5, format!("桂花路12号{building}幢{stairwell}单元{floor}0{flat}室")).unwrap();
        sheet.write(row, 6, if n % 3 == 0 { "户主" } else { "子" }).unwrap();
        sheet.write(row, 7, "人户一致").unwrap();
        sheet.write(row, 8, if n % 7 == 0 { "退休、低保" } else { "" }).unwrap();
        sheet.write(row, 9, "").unwrap();
    }
    book.save_to_buffer().unwrap()
}

fn ms(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}
