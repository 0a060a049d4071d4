//! Backups: a whole copy of the office's memory, taken while the server runs, and put back.
//!
//! Beside a backup stands its slip, `<file>.json`: when it was taken, of which history, how many rows each table has, and the
//! SHA-256 of the file. A backup counts as taken when it has been read again and its slip is written. Photos and papers go
//! into a folder beside it, `<file>.files`, each under its record and its own hash, by which it is known when it is put back.
//!
//! Putting back begins a new history (epoch): every tablet then reads anew and gives back what the backup lacked.

use std::{
    collections::HashSet,
    fs,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Office, WallClock, audit, files::Files, hex};
use crate::{
    db::{self, Contents, Fault, Place},
    private,
};

/// Why there is no backup, or nothing was put back. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// There is such a file already; backups are never overwritten.
    #[error("{0} is there already; give the backup another name")]
    Exists(PathBuf),
    /// The place has no community to be saved.
    #[error("there is no community here to back up")]
    Nothing,
    /// The file is not what its slip says.
    #[error("the backup is not what its slip {0} says it is: it was damaged or changed")]
    Slip(PathBuf),
    /// The place holds a community already.
    #[error("there is a community here already; to put the backup in its place say --replace")]
    Taken,
    /// A server works on the place.
    #[error("the database is in use; stop the server first ({0})")]
    InUse(Fault),
    /// The database said no.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// A file could not be read or written.
    #[error("{0}")]
    File(#[from] io::Error),
}

/// Photos and papers that were copied.
#[derive(Debug, Default)]
pub struct Copied {
    /// How many.
    pub files: u64,
    /// Those that were not.
    pub bad: Vec<Bad>,
    /// Record and hash of all that were there.
    pub seen: HashSet<(String, String)>,
}

/// A photo or paper that was not copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bad {
    /// Its record.
    pub record: String,
    /// Its hash, by which it is called.
    pub hash: String,
    /// Why.
    pub why: Why,
}

/// Why a photo or paper was not copied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// Its hash is another.
    #[error("damaged")]
    Damaged,
    /// It is not there.
    #[error("gone")]
    Gone,
    /// It is not to be read.
    #[error("not readable: {0}")]
    Unread(String),
}

/// A backup that was taken or put back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// The community.
    pub community: String,
    /// Its last sequence number in the backup.
    pub head: u64,
    /// Rows by table.
    pub rows: Vec<(String, u64)>,
    /// Photos and papers in it.
    pub files: u64,
    /// Those that are not in it, or were not put back.
    pub bad: Vec<Bad>,
    /// Whether there was a slip to hold it against.
    pub has_slip: bool,
    /// Where what stood in its place was put.
    pub replaced: Option<PathBuf>,
}

/// Takes a backup of `place` into the new file `file`, also while a server works on it. Of one that fails nothing stays, for
/// what it lacked may be room.
pub async fn back_up(place: &Place, files: &Files, file: &Path, clock: WallClock) -> Result<Backup, Failed> {
    if file.exists() {
        return Err(Failed::Exists(file.to_owned()));
    }
    let Some(office) = Office::open(place.clone(), clock).await? else { return Err(Failed::Nothing) };
    let done = save(&office, place, files, file).await;
    office.close().await;
    if done.is_err() {
        for left in [beside(file, "part"), slip_of(file)] {
            let _ = fs::remove_file(left);
        }
        let _ = fs::remove_dir_all(files_of(file));
    }
    done
}

async fn save(office: &Office, place: &Place, files: &Files, file: &Path) -> Result<Backup, Failed> {
    let unfinished = beside(file, "part");
    let _ = fs::remove_file(&unfinished);
    office.note_one(audit::By::CONSOLE, audit::What::Backup, "", 1).await?;
    // Empty, so that nobody else can read what is written into it.
    private::reserve(&unfinished)?;
    let Contents { community: row, rows } = office.store.back_up(place, &unfinished).await?;
    // After the records: all that they mention was there by then.
    // What lies there is of a backup that was not finished.
    let _ = fs::remove_dir_all(files_of(file));
    let mut copied = files.copy_out(&files_of(file)).await?;
    copied.bad.extend(office.gone(&copied.seen).await?);
    office.forgive_erased(&mut copied.bad).await?;
    let lacking = |bad: &Bad| json!({"record": bad.record, "sha256": bad.hash, "why": bad.why.to_string()});
    let slip = json!({
        "sha256": hash(&unfinished)?,
        "bytes": fs::metadata(&unfinished)?.len(),
        "at": office.now(),
        "community": row.name,
        "epoch": row.epoch,
        "head": row.head,
        "files": copied.files,
        "lacking": copied.bad.iter().map(lacking).collect::<Vec<_>>(),
        "rows": rows.iter().cloned().collect::<std::collections::BTreeMap<String, u64>>(),
    });
    write_through(&slip_of(file), format!("{slip:#}\n").as_bytes())?;
    fs::rename(&unfinished, file)?;
    on_the_disk(folder_of(file))?;
    let Copied { files, bad, .. } = copied;
    Ok(Backup { community: row.name, head: row.head, rows, files, bad, has_slip: true, replaced: None })
}

/// Puts a backup into `place`, and in place of what is there if `replace`: what was there is kept beside it (SQLite) or
/// gone (PostgreSQL). Everyone has to sign in again.
pub async fn restore(
    place: &Place,
    files: &Files,
    file: &Path,
    replace: bool,
    clock: WallClock,
) -> Result<Backup, Failed> {
    let slip = slip_of(file);
    let known: Option<Value> = match fs::read(&slip) {
        Ok(json) => Some(serde_json::from_slice(&json).map_err(|_| Failed::Slip(slip.clone()))?),
        Err(_) => None,
    };
    if let Some(known) = &known
        && known["sha256"] != hash(file)?
    {
        return Err(Failed::Slip(slip));
    }
    let agrees = |rows: &[(String, u64)]| {
        known.as_ref().is_none_or(|known| rows.iter().all(|(table, count)| known["rows"][table] == *count))
    };
    let (office, contents, replaced) = match place {
        Place::Folder(folder) => {
            let contents = db::contents_of_file(file).await?;
            if !agrees(&contents.rows) {
                return Err(Failed::Slip(slip));
            }
            let (office, replaced) = match into_folder(folder, file, replace, clock).await {
                Ok(done) => done,
                Err(failed) => {
                    let _ = fs::remove_dir_all(workshop(folder));
                    return Err(failed);
                }
            };
            (office, contents, replaced)
        }
        Place::Postgres(url) => {
            db::read_through(file).await?;
            if !replace && let Some(office) = Office::open(place.clone(), clock.clone()).await? {
                office.close().await;
                return Err(Failed::Taken);
            }
            let contents = db::restore_postgres(url, file).await?;
            let Some(office) = Office::open(place.clone(), clock).await? else { return Err(Failed::Nothing) };
            office.begin_anew().await?;
            (office, contents, None)
        }
    };
    office.close().await;
    // Last: the records are there even when the bucket is not to be reached, and putting them back again brings the rest.
    let Copied { files, bad, .. } = files.copy_in(&files_of(file)).await?;
    let Contents { community: row, rows } = contents;
    Ok(Backup { community: row.name, head: row.head, rows, files, bad, has_slip: known.is_some(), replaced })
}

/// Made ready beside its place and put there whole, so that an interrupted restore leaves what was there.
async fn into_folder(
    folder: &Path,
    file: &Path,
    replace: bool,
    clock: WallClock,
) -> Result<(Office, Option<PathBuf>), Failed> {
    let (target, workshop) = (folder.join(FILE), workshop(folder));
    if target.exists() {
        if !replace {
            return Err(Failed::Taken);
        }
        // Any other fault is one of the file's, which may be why the backup is put back.
        if let Err(fault) = db::release_file(&target).await
            && fault.is_in_use()
        {
            return Err(Failed::InUse(fault));
        }
    }
    let _ = fs::remove_dir_all(&workshop);
    private::folder(&workshop)?;
    io::copy(&mut fs::File::open(file)?, &mut private::new_file(&workshop.join(FILE))?)?;
    let Some(office) = Office::open(&workshop, clock.clone()).await? else { return Err(Failed::Nothing) };
    office.begin_anew().await?;
    office.close().await;
    fs::File::open(workshop.join(FILE))?.sync_all()?;
    let mut replaced = None;
    if target.exists() {
        let aside = folder.join(format!("{FILE}.before-{}", clock()));
        fs::rename(&target, &aside)?;
        // Left behind only by a file that could not be opened; beside another file they would be taken for its own.
        for ending in ["-wal", "-shm"] {
            let _ = fs::rename(folder.join(format!("{FILE}{ending}")), folder.join(format!("{FILE}.before{ending}")));
        }
        replaced = Some(aside);
    }
    fs::rename(workshop.join(FILE), &target)?;
    on_the_disk(folder)?;
    let _ = fs::remove_dir_all(&workshop);
    let office = Office::open(folder, clock).await?.ok_or(Failed::Nothing)?;
    Ok((office, replaced))
}

const FILE: &str = "linli.db";

/// Where a restore is made ready.
fn workshop(folder: &Path) -> PathBuf {
    folder.join("restore-unfinished")
}

impl Office {
    /// Files that the office once had whole and are not among those that were there.
    async fn gone(&self, seen: &HashSet<(String, String)>) -> Result<Vec<Bad>, Fault> {
        let whole = self.store.whole_files(self.community).await?.into_iter();
        let whole = whole.map(|(record, hash)| (record.to_string(), hash)).filter(|file| !seen.contains(file));
        Ok(whole.map(|(record, hash)| Bad { record, hash, why: Why::Gone }).collect())
    }

    /// Leaves out those that went because their record was erased while they were copied.
    async fn forgive_erased(&self, bad: &mut Vec<Bad>) -> Result<(), Fault> {
        for one in std::mem::take(bad) {
            let id = records::link(&one.record).filter(|_| one.why == Why::Gone);
            let record = match id {
                Some(id) => self.store.begin_read(self.community).await?.record(id).await?,
                None => None,
            };
            if !record.is_some_and(|record| record.is_erased()) {
                bad.push(one);
            }
        }
        Ok(())
    }

    /// After a restore: a new history, and nobody signed in, for who was locked out since is not known here.
    async fn begin_anew(&self) -> Result<(), Fault> {
        self.renew_epoch().await?;
        self.store.end_all_sessions(self.community).await
    }
}

/// Where the slip of a backup is.
pub fn slip_of(file: &Path) -> PathBuf {
    beside(file, "json")
}

/// Where its photos and papers are.
fn files_of(file: &Path) -> PathBuf {
    beside(file, "files")
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

fn hash(file: &Path) -> io::Result<String> {
    let (mut file, mut hash, mut some) = (fs::File::open(file)?, Sha256::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut some)? {
            0 => return Ok(hex(&hash.finalize())),
            length => hash.update(&some[..length]),
        }
    }
}

/// Writes a new file for the server's own account alone, and waits for the disk.
pub(super) fn write_through(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = private::new_file(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// That the folder's files have their names is on the disk too, where the system can say so.
pub(super) fn on_the_disk(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    fs::File::open(folder)?.sync_all()?;
    let _ = folder;
    Ok(())
}
