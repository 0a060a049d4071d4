//! `linli backup` and `linli restore`.

use std::path::PathBuf;

use clap::Args;

use super::{Data, Failure};
use crate::office::{backup, wall_clock};

/// Copy everything into a file, also while the server runs.
///
/// The file is read again before it counts; beside it stands FILE.json with its hash and how many rows it has. Everything
/// the office knows is in it: keep it as you keep the office's keys, and on another machine. Photos and papers that are damaged
/// or gone at the office are listed; the backup of the rest is whole, and the command ends with 1.
#[derive(Args, Debug)]
pub struct Backup {
    #[command(flatten)]
    data: Data,
    /// The file to make; it must not be there.
    file: PathBuf,
}

/// Put a backup back. Stop the server first.
///
/// Tablets give back what the backup lacks, as far as they saved it in the last two weeks. Passwords, posts and devices
/// are as they were when it was taken; rosters that were imported since are not in it. Everyone signs in again.
#[derive(Args, Debug)]
pub struct Restore {
    #[command(flatten)]
    data: Data,
    /// The backup.
    file: PathBuf,
    /// Put it in the place of what is there. A data folder keeps that beside it; a PostgreSQL database does not.
    #[arg(long)]
    replace: bool,
}

impl Backup {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let taken = backup::back_up(&self.data.place(), &self.data.files()?, &self.file, wall_clock()).await?;
        println!("{}: up to number {}, read again and whole", taken.community, taken.head);
        rows(&taken);
        println!("{}\n{}", self.file.display(), backup::slip_of(&self.file).display());
        match taken.bad.len() {
            0 => Ok(()),
            lacking => {
                list(&taken);
                let said = "photos and papers were not saved, for they are damaged or gone at the office. All the rest is saved \
                            and can be put back";
                Err(format!("{lacking} {said}").into())
            }
        }
    }
}

impl Restore {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let back =
            backup::restore(&self.data.place(), &self.data.files()?, &self.file, self.replace, wall_clock()).await?;
        println!("{}: up to number {}", back.community, back.head);
        rows(&back);
        if !back.has_slip {
            println!("there was no slip beside the backup to hold it against; it is whole in itself");
        }
        if let Some(place) = &back.replaced {
            println!("what was there before: {}", place.display());
        }
        println!("Tablets give back what is missing at their next sync; everyone signs in again.");
        if !back.bad.is_empty() {
            list(&back);
            let said = "photos and papers of the backup are damaged and were not put back. All the rest was";
            eprintln!("linli: {} {said}", back.bad.len());
        }
        Ok(())
    }
}

fn rows(of: &backup::Backup) {
    for (table, count) in &of.rows {
        println!("{count:>8}  {table}");
    }
    println!("{:>8}  photos and papers", of.files);
}

fn list(of: &backup::Backup) {
    for bad in &of.bad {
        eprintln!("record {}: {} is {}", bad.record, bad.hash, bad.why);
    }
}
