//! `linli admin`.

use std::{
    io::{BufRead, IsTerminal},
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use records::Pack;

use super::{Data, Failure};
use crate::office::{Office, audit::By, wall_clock};

/// Look after the community and its accounts.
#[derive(Args, Debug)]
pub struct Admin {
    #[command(flatten)]
    data: Data,
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Make the community of a new data folder.
    Community {
        /// What people call it, such as 湖滨社区.
        name: String,
    },
    /// Put a pack in force: a folder with pack.toml, kinds and reports. Tablets take it over at their next sync; a pack with
    /// anything wrong in it is refused whole, with every place.
    Pack {
        /// The folder.
        folder: PathBuf,
    },
    /// Kinds as XLSForm workbooks, out and in.
    #[command(subcommand)]
    Kind(super::kind::Kind),
    /// Accounts.
    #[command(subcommand)]
    Account(Account),
    /// Take a device's revocation back: it may be used again, and fetches anew what its account may see.
    AllowDevice {
        /// The device's id, as in the audit trail: 16 hexadecimal digits.
        device: String,
    },
    /// Take in a file that a tablet saved of its unsynced work, with its photos. What the tablet syncs of it later counts once.
    Parcel {
        /// The file.
        file: PathBuf,
    },
    /// Count what is older than its kind is kept (`keep_years` in the pack), and erase it when told to. Figures stay.
    Expired {
        /// Erase it, for good.
        #[arg(long)]
        erase: bool,
    },
    /// After a restore from a backup: every tablet reads everything anew and pushes back what the backup lacks.
    Restored,
}

#[derive(Debug, Subcommand)]
enum Account {
    /// Add an account. The password is read from standard input, so that it is in no history and no process list.
    Add {
        /// Sign-in name.
        account: String,
        /// Post in the pack, such as civil_affairs.
        #[arg(long)]
        post: String,
        /// The person's name.
        #[arg(long, default_value = "")]
        name: String,
    },
    /// Give an account a new password, read from standard input, and end its sessions.
    Passwd {
        /// Sign-in name.
        account: String,
    },
    /// Give an account another post. Its tablets get and give up records at their next sync.
    Post {
        /// Sign-in name.
        account: String,
        /// Post in the pack.
        post: String,
    },
    /// Hand everything that is assigned to one account alone to another, such as when an officer leaves.
    HandOver {
        /// Whose it is; the account may be gone.
        from: String,
        /// Whose it becomes.
        to: String,
    },
    /// List accounts with their posts.
    List,
}

impl Admin {
    pub(super) async fn run(self) -> Result<(), Failure> {
        if let Task::Community { name } = &self.task {
            if Office::open(self.data.place(), wall_clock()).await?.is_some() {
                return Err(format!("there is a community in {} already", self.data.spoken()).into());
            }
            Office::found(self.data.place(), name, Pack::community(), wall_clock()).await?.close().await;
            return Ok(());
        }
        let office = self.data.office().await?;
        match self.task {
            Task::Account(Account::Add { account, post, name }) => {
                let person = if name.is_empty() { account.as_str() } else { &name };
                office.add_account(&account, person, &post, &password()?).await??;
            }
            Task::Account(Account::Passwd { account }) => office.set_password(&account, &password()?).await??,
            Task::Account(Account::Post { account, post }) => office.set_post(&account, &post).await??,
            Task::Account(Account::HandOver { from, to }) => {
                let handed = office.hand_over(By::CONSOLE, &from, &to).await??;
                println!("{} handed over, {} refused", handed.over, handed.refused);
            }
            Task::Account(Account::List) => {
                for (account, person, post) in office.accounts().await? {
                    println!("{account}\t{post}\t{person}");
                }
            }
            Task::Pack { folder } => {
                if let Err(in_force) = office.set_newer_pack(read_pack(&folder)?).await? {
                    return Err(format!(
                        "version {in_force} is in force; give this one a higher `version` in pack.toml, so that tablets take it"
                    )
                    .into());
                }
            }
            Task::Kind(kind) => kind.run(&office).await?,
            Task::AllowDevice { device } => {
                let id = serde_json::from_value(device.into())?;
                if !office.allow_device(By::CONSOLE, id).await? {
                    return Err("there is no such device".into());
                }
            }
            Task::Parcel { file } => match office.open_parcel(By::CONSOLE, &std::fs::read(&file)?).await? {
                Ok(handed) => println!(
                    "{}: {} changes taken in, {} known already, {} refused and kept; {} photos and papers, {} not taken",
                    handed.account, handed.accepted, handed.known, handed.refused, handed.files, handed.files_refused
                ),
                Err(bad) => return Err(bad.reason().en.into()),
            },
            Task::Expired { erase: false } => {
                for (kind, ids) in office.expired(office.today()).await? {
                    println!("{kind}\t{}", ids.len());
                }
            }
            Task::Expired { erase: true } => {
                println!("{} erased", office.erase_expired(By::CONSOLE, office.today()).await?);
            }
            Task::Restored => office.renew_epoch().await?,
            Task::Community { .. } => {}
        }
        office.close().await;
        Ok(())
    }
}

/// The pack of a folder.
fn read_pack(folder: &Path) -> Result<Pack, Failure> {
    let mut files = Vec::new();
    for place in ["", "kinds", "reports"] {
        let Ok(entries) = std::fs::read_dir(folder.join(place)) else { continue };
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_some_and(|ending| ending == "toml") {
                let name = path.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
                files.push((name, std::fs::read_to_string(&path)?));
            }
        }
    }
    files.sort();
    Pack::load(&files).map_err(|problems| {
        let place = |p: &records::pack::PackProblem| {
            [Some(p.file.as_str()), p.field.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", ")
        };
        let lines: Vec<String> = problems.iter().map(|p| format!("  {}: {}", place(p), p.message)).collect();
        format!("the pack is not put in force:\n{}", lines.join("\n")).into()
    })
}

/// One line of standard input.
fn password() -> Result<String, Failure> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        eprintln!("Password (it shows as you type; press Enter):");
    }
    let mut line = String::new();
    stdin.lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
