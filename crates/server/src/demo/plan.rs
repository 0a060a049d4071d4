//! All that is to be pushed, in order, before any of it is: a pure function of the options and the pack.

use std::collections::{BTreeMap, HashMap};

use records::{Pack, RecordId};
use sync::{Change, wire::MAX_CHANGES};

use super::{
    accounts::{self, Account},
    act::Act,
    aid, buildings,
    dice::Dice,
    patrols, people, register,
    scale::{FULL, Scale},
    services,
    tablet::{Shelf, Tablet, Unsaved, day_of},
    town::Town,
    year, years,
};

/// Party members of the branch (FIGURES, row 15).
const MEMBERS: usize = 137;

/// What community is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The same seed makes the same community, byte for byte.
    pub seed: u64,
    /// How many households. With 3,000 the figures are the report's; with another number they are in proportion.
    pub households: usize,
    /// How many years of work. Those after 2009 are 2009 again: see [`years`].
    pub years: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { seed: 2009, households: FULL, years: 1 }
    }
}

/// What one tablet sends in one request.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// Place of the account in [`Plan::accounts`].
    pub account: usize,
    /// At most [`MAX_CHANGES`], in the order of their numbers.
    pub changes: Vec<Change>,
}

/// Everything to push.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Who writes.
    pub accounts: Vec<Account>,
    /// What is sent, in order.
    pub batches: Vec<Batch>,
    /// How many records of each kind that leads to.
    pub records: BTreeMap<String, usize>,
}

/// Makes up the community.
///
/// # Errors
/// When a record would not be saved on a tablet: the pack was changed and the generators do not know.
pub fn plan(pack: &Pack, options: Options) -> Result<Plan, Unsaved> {
    let (dice, scale) = (Dice::new(options.seed), Scale(options.households));
    let accounts = accounts::all(&dice);
    let (houses, doors) = buildings::build(dice.of("buildings"), options.households);
    let (households, people) = people::settle(&dice, doors, scale.exact(MEMBERS));
    let mut register = register::write(&dice, &houses, &households, &people);
    let mut acts = std::mem::take(&mut register.acts);
    acts.extend(services::year(&dice, scale, &households, &people, &register));
    acts.extend(aid::year(&dice, scale, &households, &people, &register));
    acts.extend(patrols::year(&dice, scale, &register.buildings));
    acts.extend(year::rest(&Town { dice: &dice, scale, people: &people, register: &register }, &acts));
    acts.extend(years::later(&dice, &acts, options.years));
    acts.sort_by_key(|act| act.at);
    let (batches, shelf) = write(pack, &accounts, acts)?;
    let mut records = BTreeMap::new();
    for record in shelf.values() {
        *records.entry(record.kind.to_string()).or_default() += 1;
    }
    Ok(Plan { accounts, batches, records })
}

/// Writes the acts on their writers' tablets. Each tablet comes to the office at least at the end of every month.
fn write(pack: &Pack, accounts: &[Account], acts: Vec<Act>) -> Result<(Vec<Batch>, Shelf), Unsaved> {
    let mut tablets: Vec<(Tablet<'_>, Vec<Change>)> = accounts.iter().map(|a| (Tablet::new(a), Vec::new())).collect();
    let (mut batches, mut shelf, mut month) = (Vec::new(), Shelf::new(), None);
    // Who wrote a record last: another one who changes it has seen it, so it has been at the office by then.
    let mut last: HashMap<RecordId, usize> = HashMap::new();
    for act in acts {
        let now = day_of(act.at).first_of_month();
        if month.replace(now).is_some_and(|before| before != now) {
            send(&mut tablets, 0, &mut batches);
        }
        let Some(account) = accounts.iter().position(|a| a.name == act.account) else { continue };
        if let Some(other) = last.insert(act.record, account).filter(|other| *other != account) {
            send(&mut tablets[other..=other], other, &mut batches);
        }
        let (tablet, waiting) = &mut tablets[account];
        waiting.push(tablet.write(pack, &mut shelf, act)?);
        if waiting.len() == MAX_CHANGES {
            batches.push(Batch { account, changes: std::mem::take(waiting) });
        }
    }
    send(&mut tablets, 0, &mut batches);
    Ok((batches, shelf))
}

/// Sends what waits on some tablets, the first of which is the account numbered `first`.
fn send(tablets: &mut [(Tablet<'_>, Vec<Change>)], first: usize, batches: &mut Vec<Batch>) {
    for (place, (_, waiting)) in tablets.iter_mut().enumerate().filter(|(_, (_, waiting))| !waiting.is_empty()) {
        batches.push(Batch { account: first + place, changes: std::mem::take(waiting) });
    }
}
