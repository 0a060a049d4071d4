//! The commands of `linli` and all their settings: this is the manual, `linli help` prints it.

mod admin;
mod audit;
mod backup;
mod demo;
mod kind;
mod quota;
mod report;
mod serve;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};

use crate::{
    db::reach,
    office::{Office, Place, files::Files, wall_clock},
};

/// 邻里 Linli: field records of a residents' community, kept where the work is done.
#[derive(Debug, Parser)]
#[command(name = "linli", version, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the app and its API.
    Serve(Box<serve::Serve>),
    /// Make a community to try, with generated people.
    Demo(demo::Demo),
    /// Print the figures of the work report, out of the records.
    Report(report::Report),
    /// Look after accounts.
    Admin(admin::Admin),
    /// Copy everything into a file, also while the server runs.
    Backup(backup::Backup),
    /// Put a backup back.
    Restore(backup::Restore),
    /// Look at who did and read what.
    Audit(audit::Audit),
}

/// Where the office's memory is.
#[derive(Args, Clone, Debug)]
pub struct Data {
    /// Folder of the database `linli.db`; made if it is not there.
    #[arg(long, value_name = "DIR", env = "LINLI_DATA", default_value = "data")]
    pub data: PathBuf,
    /// PostgreSQL database to use instead of `linli.db`, such as postgres://user:password@host/linli. Better given by
    /// the environment than on the command line, where every process can read the password.
    #[arg(long, value_name = "URL", env = "LINLI_DATABASE", hide_env_values = true, value_parser = postgres_url)]
    pub database: Option<String>,
    /// Bucket for photos and papers instead of the data folder, such as s3://linli/photos; where it is and who may use it is
    /// said in the environment by AWS_ENDPOINT, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY.
    #[arg(long, value_name = "URL", env = "LINLI_FILES", value_parser = bucket_url)]
    pub files: Option<String>,
}

/// An address of a bucket.
fn bucket_url(typed: &str) -> Result<String, String> {
    if typed.starts_with("s3://") { Ok(typed.to_owned()) } else { Err("must begin with s3://".to_owned()) }
}

/// An address of PostgreSQL, told from a path or another database's address.
fn postgres_url(typed: &str) -> Result<String, String> {
    let Some(rest) = typed.strip_prefix("postgres://").or_else(|| typed.strip_prefix("postgresql://")) else {
        return Err("must begin with postgres://; for SQLite leave it out and give --data".to_owned());
    };
    // In an address these end the part that a password stands in.
    match rest.rsplit_once('@') {
        Some((secret, _)) if secret.contains(['/', '#', '?', '@']) => Err(
            "the password has one of / # ? @ in it, which mean something else there: write %2F for /, %23 for #, %3F for ?, %40 for @ \
             (and %25 for %)"
                .to_owned(),
        ),
        _ => Ok(typed.to_owned()),
    }
}

/// What is said to the person at the terminal when a command cannot do its work.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

impl Data {
    /// Where the office's memory is.
    pub fn place(&self) -> Place {
        self.database.clone().map_or_else(|| Place::Folder(self.data.clone()), Place::Postgres)
    }

    /// Where photos and papers are.
    pub fn files(&self) -> Result<Files, Failure> {
        Ok(match &self.files {
            Some(url) => Files::bucket(url)?,
            None => Files::folder(&self.data.join("files"))?,
        })
    }

    /// The same for a person to read: never the address of a database, which may hold a password.
    pub fn spoken(&self) -> String {
        if self.database.is_some() { "the database".to_owned() } else { self.data.display().to_string() }
    }

    /// Where the database is, for the log: whose it is and the password are left out.
    pub fn told(&self) -> String {
        match &self.database {
            Some(url) => {
                let bare = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
                let place = bare.rsplit_once('@').map_or(bare, |(_, place)| place);
                format!("PostgreSQL at {}", place.split('?').next().unwrap_or_default())
            }
            None => format!("SQLite in {}", self.data.join("linli.db").display()),
        }
    }

    /// The office of the folder; an error that says what to do when there is none.
    pub async fn office(&self) -> Result<Office, Failure> {
        if let Some(url) = &self.database {
            reach(url).await.map_err(|why| format!("{} does not answer: {why}", self.told()))?;
        }
        let built = env!("LINLI_BUILT").parse::<u64>().unwrap_or(0) * 1000;
        let office = Office::open(self.place(), wall_clock()).await?.map(|office| office.no_earlier_than(built));
        let office = office.ok_or_else(|| self.nothing_there())?;
        Ok(office.with_files(self.files()?))
    }

    fn nothing_there(&self) -> Failure {
        let folder = self.spoken();
        format!(
            "there is no community in {folder} yet: make one with `linli admin community NAME`, or try the demo with `linli demo`"
        )
        .into()
    }
}

/// Runs the command given on the command line.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    // Whatever a command makes holds what the office knows.
    crate::private::by_default();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("linli: {error}");
            return ExitCode::FAILURE;
        }
    };
    let done = runtime.block_on(async {
        match cli.command {
            Command::Serve(serve) => serve.run().await,
            Command::Demo(demo) => demo.run().await,
            Command::Report(report) => report.run().await,
            Command::Admin(admin) => admin.run().await,
            Command::Backup(backup) => backup.run().await,
            Command::Restore(restore) => restore.run().await,
            Command::Audit(audit) => audit.run().await,
        }
    });
    // Work that nobody waits for any more is not waited for here either.
    runtime.shutdown_background();
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("linli: {failure}");
            ExitCode::FAILURE
        }
    }
}
