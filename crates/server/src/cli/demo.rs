//! `linli demo`.

use std::{io::IsTerminal, time::Instant};

use clap::Args;
use records::Pack;

use super::{Data, Failure};
use crate::{
    demo::{self, Progress, dice::Dice},
    office::{Office, wall_clock},
};

/// Make a community to try: generated people, a year's visits and payments, an account for every post.
///
/// Everything goes in through the validation and the push that a tablet's changes go through. The same seed makes the
/// same community.
#[derive(Args, Debug)]
pub struct Demo {
    #[command(flatten)]
    data: Data,
    /// Chance's number.
    #[arg(long, value_name = "N", default_value_t = demo::Options::default().seed)]
    seed: u64,
    /// How many households. With the 3,000 of the default, the figures are those of the 2009 work report.
    #[arg(long, value_name = "N", default_value_t = demo::Options::default().households,
          value_parser = households)]
    households: usize,
    /// How many years of work, from 2009 on. Those after the first are 2009 again, on the same days, to the same people:
    /// for trying what years of records weigh.
    #[arg(long, value_name = "N", default_value_t = demo::Options::default().years, value_parser = years)]
    years: usize,
}

fn years(text: &str) -> Result<usize, String> {
    let most = demo::years::MOST;
    text.parse().ok().filter(|n| (1..=most).contains(n)).ok_or_else(|| format!("a number from 1 to {most}"))
}

fn households(text: &str) -> Result<usize, String> {
    let most = 20_000;
    text.parse().ok().filter(|n| (1..=most).contains(n)).ok_or_else(|| format!("a number from 1 to {most}"))
}

impl Demo {
    pub(super) async fn run(self) -> Result<(), Failure> {
        if self.data.database.is_some() {
            return Err("the demo is made in a folder: leave out --database (LINLI_DATABASE)".into());
        }
        let folder = &self.data.data;
        if let Some(office) = Office::open(folder, wall_clock()).await? {
            println!("{} has a community already: {}", folder.display(), office.name());
            let is_demo = office.name() == demo::COMMUNITY;
            let known = if is_demo { demo::accounts::all(&Dice::new(self.seed)) } else { Vec::new() };
            for (account, person, post) in office.accounts().await? {
                let of_seed = known.iter().find(|known| known.name == account && known.person == person);
                line(&account, of_seed.map_or("", |known| &known.password), &post, &person);
            }
            office.close().await;
            return Ok(());
        }
        // Made beside its place and put there when it is whole: an interrupted demo leaves no half community.
        let workshop = folder.join("demo-unfinished");
        let _ = std::fs::remove_dir_all(&workshop);
        let office = Office::found(&workshop, demo::COMMUNITY, Pack::community(), wall_clock()).await?;
        let began = Instant::now();
        let options = demo::Options { seed: self.seed, households: self.households, years: self.years };
        let made = demo::build(&office, options, show).await?;
        office.close().await;
        for file in ["linli.db", "linli.db-wal", "linli.db-shm"] {
            let _ = std::fs::remove_file(folder.join(file));
        }
        std::fs::rename(workshop.join("linli.db"), folder.join("linli.db"))?;
        let _ = std::fs::remove_dir_all(&workshop);
        println!("{} in {:.1} s: {} changes", demo::COMMUNITY, began.elapsed().as_secs_f64(), made.changes);
        for (kind, count) in &made.records {
            println!("{count:>8}  {kind}");
        }
        println!();
        for account in &made.accounts {
            line(account.name, &account.password, account.post, &account.person);
        }
        Ok(())
    }
}

/// An account and, while it is the one the demo gave out, its password.
fn line(account: &str, password: &str, post: &str, person: &str) {
    println!("{account:<12} {password:<24} {post:<18} {person}");
}

/// One line that moves, on a terminal; nothing in a log.
fn show(progress: Progress) {
    if std::io::stderr().is_terminal() {
        let end = if progress.done == progress.total { "\n" } else { "\r" };
        eprint!("{:>8} of {}{end}", progress.done, progress.total);
    }
}
