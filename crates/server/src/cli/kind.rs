//! `linli admin kind`: kinds as XLSForm workbooks.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use export::xlsform::{Imported, export};
use records::Pack;

use super::Failure;
use crate::office::Office;

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
        /// Put the kind in force, as the pack's next version. Tablets take it over at their next sync.
        #[arg(long)]
        publish: bool,
        /// A post that may read and write the kind, if it is a new one; may be given several times.
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
                let read = office.read_form(&name, std::fs::read(&file)?).await?;
                let imported = read.map_err(|why| format!("{why}: {}", why.words().en))?;
                say(&imported);
                if publish {
                    office.set_pack(published(&office.pack(), &imported, &posts)?).await?;
                }
                Ok(())
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

/// The kind, and a line a cell: place, what became of it, what is written, why.
fn say(imported: &Imported) {
    let kind = &imported.kind;
    println!("{}\t{} / {}\t{} fields", kind.name, kind.label.zh, kind.label.en, kind.fields.len());
    for finding in &imported.findings {
        println!("{}\t{}\t{}\t{}", finding.place(), finding.outcome.words().en, finding.written, finding.words.en);
    }
}

/// The pack's next version with the kind in it.
fn published(pack: &Pack, imported: &Imported, posts: &[String]) -> Result<Pack, Failure> {
    let name = &imported.kind.name;
    let mut next = imported.within(pack);
    next.version += 1;
    if imported.is_new && posts.is_empty() {
        return Err(format!("`{name}` is a new kind: say with --post who may read and write it").into());
    }
    for wanted in posts {
        let known = next.posts.iter().map(|post| post.name.clone()).collect::<Vec<_>>().join(", ");
        let post = next.posts.iter_mut().find(|post| post.name == *wanted);
        let post = post.ok_or_else(|| format!("there is no post `{wanted}`; there are {known}"))?;
        for kinds in [&mut post.read, &mut post.write] {
            if !kinds.contains(name) {
                kinds.push(name.clone());
            }
        }
    }
    let problems = next.problems();
    if problems.is_empty() {
        return Ok(next);
    }
    let line = |p: &records::pack::PackProblem| {
        let place = [p.kind.as_deref(), p.field.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", ");
        format!("  {place}: {}", p.message)
    };
    let lines: Vec<String> = problems.iter().map(line).collect();
    Err(format!("the kind is not put in force:\n{}", lines.join("\n")).into())
}
