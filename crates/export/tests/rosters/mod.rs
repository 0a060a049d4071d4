//! A desk with a register in memory, as the office has it.
#![allow(dead_code)]

use std::collections::BTreeMap;

use export::roster::{Choices, Guess, Plan, Register, Roles, Sheet, address, guess, plan, read};
use jiff::civil::{Date, date};
use records::{Fields, Pack, RecordId, User, identity::check_digit};

pub const TODAY: Date = date(2026, 11, 23);

/// The `n`-th ID number, of an area code that was never assigned: nobody's.
pub fn id(n: u32) -> String {
    let first17 =
        format!("999999{}{:02}{:02}{:03}", 1940 + n / 336 % 60, n / 28 % 12 + 1, n % 28 + 1, n / 20_160 * 2 + 1);
    format!("{first17}{}", check_digit(&first17).unwrap())
}

/// A file, read and guessed.
pub struct Book {
    pub sheet: Sheet,
    pub guess: Guess,
}

impl Book {
    pub fn read(pack: &Pack, bytes: &[u8]) -> Self {
        let sheet = read("名册.csv", bytes).unwrap().remove(0);
        let guess = guess(&Roles::of(pack).unwrap(), &sheet);
        Self { sheet, guess }
    }

    pub fn choices(&self) -> Choices {
        let columns = self.guess.columns.iter().filter_map(|c| Some((c.index, c.target.clone()?))).collect();
        Choices { heading_row: self.guess.heading_row, columns, ..Choices::default() }
    }
}

/// A register that plans are carried out on.
pub struct Desk {
    pub pack: Pack,
    pub records: BTreeMap<RecordId, (String, Fields)>,
    last: u128,
}

impl Desk {
    pub fn new() -> Self {
        Self { pack: Pack::community(), records: BTreeMap::new(), last: 0 }
    }

    pub fn plan(&mut self, book: &Book, choose: impl FnOnce(&mut Choices)) -> Plan {
        let mut register = Register::new(Roles::of(&self.pack).unwrap());
        for (id, (kind, fields)) in &self.records {
            register.put(*id, kind, fields.clone());
        }
        let mut choices = book.choices();
        choose(&mut choices);
        let user = User { name: "zhuren", post: "director" };
        plan(register, &book.sheet, &choices, TODAY, user, &mut || {
            self.last += 1;
            RecordId::from_u128(self.last)
        })
    }

    /// Plans and does it.
    pub fn run(&mut self, book: &Book, choose: impl FnOnce(&mut Choices)) -> Plan {
        let plan = self.plan(book, choose);
        for planned in &plan.planned {
            let before = self.records.get(&planned.record).map(|(_, fields)| fields.clone());
            assert_eq!((before.is_none(), before.unwrap_or_default()), (planned.is_new, planned.was.clone()));
            self.records.insert(planned.record, (planned.kind.clone(), planned.now.clone()));
        }
        plan
    }

    /// Imports a CSV text, making buildings.
    pub fn import(&mut self, csv: &str) -> Plan {
        let book = Book::read(&self.pack, csv.as_bytes());
        self.run(&book, |c| c.create_buildings = true)
    }

    /// The people called so.
    pub fn people(&self, name: &str) -> Vec<&Fields> {
        let of = |(kind, fields): &&(String, Fields)| kind == "person" && fields.get("name") == Some(&name.into());
        self.records.values().filter(of).map(|(_, fields)| fields).collect()
    }

    pub fn count(&self, kind: &str) -> usize {
        self.records.values().filter(|(of, _)| of == kind).count()
    }

    /// Kind, made, changed.
    pub fn counted<'p>(&self, plan: &'p Plan) -> Vec<(&'p str, usize, usize)> {
        let of = |map: &BTreeMap<String, usize>, kind: &str| map.get(kind).copied().unwrap_or(0);
        let (create, update) = (&plan.counts.create, &plan.counts.update);
        let mut kinds: Vec<&str> = create.keys().chain(update.keys()).map(String::as_str).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds.into_iter().map(|kind| (kind, of(create, kind), of(update, kind))).collect()
    }

    /// Address, code and whether it holds, of each problem.
    pub fn told(&self, plan: &Plan) -> Vec<(String, String, bool)> {
        let one =
            |p: &export::roster::RowProblem| (address(p.row, p.column.unwrap_or(0)), p.problem.code.clone(), p.holds);
        plan.problems.iter().map(one).collect()
    }
}
