//! `linli admin kind`: kinds as XLSForm workbooks.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use export::xlsform::{
    Imported, export,
    finding::{Folded, folded},
};
use records::{Pack, pack::Wrong};

use super::Failure;
use crate::office::{Office, audit::By, pack::Unpublished};

#[derive(Debug, Subcommand)]
pub(super) enum Kind {
    /// Write kinds of the pack in force as XLSForm workbooks, which ODK's tools take.
    Export {
        /// The folder they are written to, as KIND.xlsx; made if it is not there.
        folder: PathBuf,
        /// The kinds; all of them if none is named.
        kinds: Vec<String>,
    },
    /// Read an XLSForm workbook (.xlsx, .xls) and say of every cell what was not taken as it stands.
    Import {
        /// The workbook.
        file: PathBuf,
        /// Publish the kind as the pack's next version, as the workshop does: what would harm records is refused. Tablets take
        /// it over at their next sync.
        #[arg(long)]
        publish: bool,
        /// A post that may read and write the kind, beside those that see the report; only of a new kind; may be given
        /// several times.
        #[arg(long = "post", value_name = "POST")]
        posts: Vec<String>,
    },
}

impl Kind {
    pub(super) async fn run(self, office: &Office) -> Result<(), Failure> {
        match self {
            Self::Export { folder, kinds } => write(&office.pack(), &folder, &kinds),
            Self::Import { file, publish, posts } => {
                let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let pack = office.pack();
                let read = office.read_form(pack.clone(), &name, std::fs::read(&file)?).await?;
                let imported = read.map_err(|why| format!("{why}: {}", why.words().en))?;
                say(&imported);
                if publish { put_in_force(office, &pack, &imported, &posts).await } else { Ok(()) }
            }
        }
    }
}

fn write(pack: &Pack, folder: &Path, kinds: &[String]) -> Result<(), Failure> {
    std::fs::create_dir_all(folder)?;
    let all = || pack.kinds.keys().cloned().collect();
    for kind in if kinds.is_empty() { all() } else { kinds.to_vec() } {
        let bytes = export(pack, &kind)?.ok_or_else(|| format!("the pack has no kind `{kind}`"))?;
        std::fs::write(folder.join(format!("{kind}.xlsx")), bytes)?;
    }
    Ok(())
}

/// Places of one kind of finding that are named on its line.
const NAMED: usize = 5;

/// The kind, and a line for each kind of finding, what is lost first: places, what became of it, what is written in the first,
/// why.
fn say(imported: &Imported) {
    let kind = &imported.kind;
    println!("{}\t{} / {}\t{} fields", kind.name, kind.label.zh, kind.label.en, kind.fields.len());
    for Folded { first, places, words } in folded(&imported.findings) {
        let more = places.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let named = places[..places.len().min(NAMED)].join(", ");
        println!("{named}{more}\t{}\t{}\t{}", first.outcome.words().en, first.written, words.en);
    }
}

/// Publishes the kind.
async fn put_in_force(office: &Office, pack: &Pack, imported: &Imported, posts: &[String]) -> Result<(), Failure> {
    let name = &imported.kind.name;
    match (imported.is_new, posts.is_empty()) {
        (true, true) => {
            return Err(format!("`{name}` is a new kind: say with --post who may read and write it").into());
        }
        (false, false) => return Err(format!("`{name}` is in force: who may see it does not change here").into()),
        _ => {}
    }
    if let Some(stranger) = posts.iter().find(|wanted| pack.post(wanted).is_none()) {
        let known = pack.posts.iter().map(|post| post.name.as_str()).collect::<Vec<_>>().join(", ");
        return Err(format!("there is no post `{stranger}`; there are {known}").into());
    }
    let edits = imported.edits(pack, posts);
    if edits.is_empty() {
        println!("{name} is in force as it stands in the workbook");
        return Ok(());
    }
    match office.publish(By::CONSOLE, pack.version, pack.edited(&edits)).await? {
        Ok(version) => println!("{name} is in force, in version {version} of the forms"),
        Err(Unpublished::Overtaken(_)) => return Err("someone else published meanwhile: try again".into()),
        Err(Unpublished::Wrong(all)) => {
            let lines = all.iter().map(line).collect::<Vec<_>>().join("\n");
            return Err(format!("the kind is not put in force:\n{lines}").into());
        }
    }
    Ok(())
}

fn line(wrong: &Wrong) -> String {
    let place = [wrong.kind.as_deref(), wrong.field.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", ");
    format!("  {place}: {}", wrong.message.en)
}
