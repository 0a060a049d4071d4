//! `linli audit`.

use clap::{Args, Subcommand};

use super::{Data, Failure};

/// Look at who did and read what.
#[derive(Args, Debug)]
pub struct Audit {
    #[command(flatten)]
    data: Data,
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Hold the trail against itself and against the changes it speaks of; name the first row that does not fit. Also while
    /// the server runs.
    Verify {
        /// A hash that this command printed earlier and that was noted elsewhere: it must still be in the trail. Only this
        /// shows that the trail's end was not cut off, or all of it written anew.
        #[arg(long, value_name = "HASH")]
        noted: Option<String>,
    },
}

impl Audit {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let Task::Verify { noted } = self.task;
        let office = self.data.office().await?;
        let found = office.verify_audit(noted.as_deref()).await?;
        office.close().await;
        let sound = found.map_err(|broken| format!("row {} does not fit: {}", broken.n, broken.why))?;
        if !sound.holds {
            return Err(
                "the trail fits together, but the hash that was noted is not in it: its end was cut off, or it was \
                        written anew"
                    .into(),
            );
        }
        println!("{} rows, all of which fit\nto be noted elsewhere: {}", sound.rows, sound.last);
        Ok(())
    }
}
