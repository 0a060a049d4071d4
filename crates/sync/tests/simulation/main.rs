//! The real engine under fire: several tablets and an office, with messages lost, doubled, late and cut, power going at any
//! point, disks failing, clocks off by years, apps of several ages, rights changing, people changing tablets, servers put
//! back to old backups.
//!
//! A *story* is a list of acts made from a seed; the same seed is the same story. One that breaks a promise is made
//! shorter by leaving out acts while it still breaks one, then printed with its seed. `LINLI_SIM_STEPS` plays more,
//! `LINLI_SIM_SEED` begins at another seed (or plays one story again, with `LINLI_SIM_STEPS=1`).

mod act;
mod model;
mod promise;
mod shorten;
mod story;
#[path = "../world/mod.rs"]
mod world;

use std::{env, sync::Mutex, thread, time::Instant};

use act::{Dice, acts};
use story::{Played, play};

/// Acts in all stories together, unless the environment says otherwise.
const STEPS: u64 = 2_000_000;
/// Acts in one story.
const LENGTH: usize = 400;

/// Both tests use every core; side by side each would take as long as both.
static CORES: Mutex<()> = Mutex::new(());

fn number(name: &str) -> Option<u64> {
    env::var(name).ok()?.parse().ok()
}

#[test]
fn whatever_happens_nothing_is_lost_nothing_doubled_and_everyone_agrees() {
    let steps = number("LINLI_SIM_STEPS").unwrap_or(STEPS);
    let first = number("LINLI_SIM_SEED").unwrap_or(1);
    let _cores = CORES.lock().unwrap_or_else(|broken| broken.into_inner());
    let stories = steps.div_ceil(LENGTH as u64);
    let began = Instant::now();
    // Each thread has every second, third … story; which one runs where changes nothing.
    let threads = thread::available_parallelism().map_or(1, |n| n.get() as u64);
    let played = thread::scope(|scope| {
        let running: Vec<_> = (0..threads)
            .map(|place| (first + place..first + stories).step_by(threads as usize))
            .map(|seeds| scope.spawn(move || seeds.map(one).sum::<Result<Played, String>>()))
            .collect();
        running.into_iter().map(|thread| thread.join().expect("a thread")).sum::<Result<Played, String>>()
    });
    let played = played.unwrap_or_else(|broken| panic!("{broken}"));
    println!("{stories} stories from seed {first}: {played:?} in {:.1?}", began.elapsed());
    assert!(played.acts >= steps);
    if stories >= 100 {
        // A simulation in which nothing goes wrong shows nothing.
        assert!(played.restores > 0 && played.given_back > 0 && played.refused > 0 && played.excused > 0);
    }
}

/// Plays the story of one seed; its shortest form when it breaks a promise.
fn one(seed: u64) -> Result<Played, String> {
    let acts = acts(Dice::new(seed), LENGTH);
    play(&acts).map_err(|broken| {
        let (shortest, broken) = shorten::shorten(acts, broken);
        let lines: Vec<String> = shortest.iter().map(|act| format!("  {act:?}")).collect();
        format!("seed {seed}: {broken}\n{} acts are enough:\n{}", lines.len(), lines.join("\n"))
    })
}
