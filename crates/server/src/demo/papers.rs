//! Papers and telephones that belong to nobody.
//!
//! Resident ID numbers are well formed (GB 11643-1999: real dates, right check digit) but begin with 999999. No division
//! of GB/T 2260 begins with 9, and in the numbers of foreigners' permanent residence cards, which do, the next two digits
//! are a province's and 99 is none: so no one holds such a number. Mobile numbers begin with 154, one of the few blocks
//! never given to an operator; fixed ones are 0512 with 9 as first digit, which subscribers' numbers do not have.

use std::collections::HashSet;

use jiff::civil::Date;
use records::identity::check_digit;

use super::{dice::Dice, names::Sex};

/// The area code of every ID number here: assigned to no place.
pub const AREA: &str = "999999";
/// How every mobile number here begins: given to no operator.
pub const MOBILE: &str = "154";
/// How every fixed line's number here begins.
pub const FIXED: &str = "0512-9";

/// Gives out numbers, each once.
#[derive(Debug)]
pub struct Papers {
    dice: Dice,
    people: HashSet<(Date, i64)>,
    phones: HashSet<i64>,
    others: u32,
}

impl Papers {
    /// Nothing given out yet.
    pub fn new(dice: Dice) -> Self {
        Self { dice, people: HashSet::new(), phones: HashSet::new(), others: 0 }
    }

    /// An 18-digit resident ID number.
    pub fn resident_id(&mut self, born: Date, sex: Sex) -> String {
        let order = self.order(born, sex);
        let first17 = format!("{AREA}{:04}{:02}{:02}{order:03}", born.year(), born.month(), born.day());
        let check = check_digit(&first17).unwrap_or_default();
        format!("{first17}{check}")
    }

    /// A 15-digit one, as old people still hold who never changed their card; births of the 1900s only.
    pub fn old_resident_id(&mut self, born: Date, sex: Sex) -> String {
        let order = self.order(born, sex);
        format!("{AREA}{:02}{:02}{:02}{order:03}", born.year() % 100, born.month(), born.day())
    }

    /// The order code: three digits, the last odd for a man. No two people of a birthday share one, in either form.
    fn order(&mut self, born: Date, sex: Sex) -> i64 {
        loop {
            let order = self.dice.between(0..=499) * 2 + i64::from(sex == Sex::Male);
            if self.people.insert((born, order)) {
                return order;
            }
        }
    }

    /// Number of other papers: `H…` for Hong Kong and Macao, eight digits for Taiwan, a letter and eight for a passport.
    pub fn other(&mut self, paper: &str) -> String {
        self.others += 1;
        let serial = self.others * 37 + self.dice.below(37) as u32;
        match paper {
            "hk_macao" => format!("H{:08}", 99_000_000 + serial),
            "taiwan" => format!("{:08}", 99_000_000 + serial),
            _ => format!("{}{:08}", self.dice.pick(&['A', 'C', 'E', 'K', 'M', 'P', 'T']), 99_000_000 + serial),
        }
    }

    /// A mobile number.
    pub fn mobile(&mut self) -> String {
        let rest = self.fresh(0..=99_999_999);
        format!("{MOBILE}{rest:08}")
    }

    /// A fixed line of the town.
    pub fn fixed(&mut self) -> String {
        let rest = self.fresh(100_000_000..=109_999_999) % 10_000_000;
        format!("{FIXED}{rest:07}")
    }

    fn fresh(&mut self, range: std::ops::RangeInclusive<i64>) -> i64 {
        loop {
            let number = self.dice.between(range.clone());
            if self.phones.insert(number) {
                return number;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use jiff::civil::date;
    use records::identity::{born, is_valid, sex};

    use super::{AREA, Papers};
    use crate::demo::{dice::Dice, names::Sex};

    #[test]
    fn numbers_are_valid_unassigned_and_never_given_twice() {
        let mut papers = Papers::new(Dice::new(3));
        let day = date(1944, 2, 29);
        let mut given = HashSet::new();
        for n in 0..200 {
            let number = if n % 2 == 0 {
                papers.resident_id(day, Sex::Female)
            } else {
                papers.old_resident_id(day, Sex::Female)
            };
            assert!(is_valid(&number) && number.starts_with(AREA), "{number}");
            assert_eq!(born(&number), Some(day));
            assert_eq!(sex(&number), Some(records::identity::Sex::Female));
            let order = if number.len() == 18 { number[14..17].to_owned() } else { number[12..].to_owned() };
            assert!(given.insert(order), "{number}");
        }
        assert!(papers.mobile().starts_with("154"));
        assert_eq!(papers.fixed().len(), "0512-90000000".len());
    }
}
