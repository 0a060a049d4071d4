//! Houses of a Suzhou new village (新村): long slabs of four to six floors with several stairwells of two flats a floor,
//! and a few later towers.

use super::dice::Dice;

/// A building as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Building {
    /// `3幢`
    pub name: String,
    /// Road and house number.
    pub address: String,
    /// 单元
    pub stairwells: i64,
    /// Floors.
    pub floors: i64,
    /// Flats on a floor of a stairwell.
    pub flats: i64,
    /// For those who come the first time.
    pub note: Option<&'static str>,
}

/// A door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Door {
    /// Place of its building in the list.
    pub building: usize,
    /// Stairwell, from 1.
    pub stairwell: i64,
    /// Floor, from 1.
    pub floor: i64,
    /// As on the door, such as `501`.
    pub flat: String,
}

/// Lanes of a village that is on no map, with the first house number used in each.
const ROADS: &[(&str, i64)] =
    &[("玉兰路", 8), ("南塘弄", 1), ("杏秀里", 3), ("桂香弄", 2), ("学前弄", 15), ("北庄河沿", 6)];

const NOTES: &[&str] = &[
    "底层是车库，从二楼数起",
    "单元门禁坏了，可直接上楼",
    "门禁要按房号，楼下老人多会开门",
    "楼道灯是声控的，三楼那只不亮",
    "南面墙在修，从北门进",
    "电梯早晚高峰要等",
];

/// Every fifteenth building is a tower.
const TOWER_EVERY: usize = 15;

/// Buildings with room for `doors` doors, and the doors of flats in which a household is registered: exactly so many,
/// filling the buildings in order.
pub fn build(mut dice: Dice, doors: usize) -> (Vec<Building>, Vec<Door>) {
    let mut buildings: Vec<Building> = Vec::new();
    let mut all: Vec<Door> = Vec::new();
    while all.len() < doors {
        let number = buildings.len() + 1;
        let left = doors - all.len();
        let building = if number.is_multiple_of(TOWER_EVERY) && left > 60 {
            tower(&mut dice, number)
        } else {
            slab(&mut dice, number, left)
        };
        all.extend(doors_of(&building, buildings.len()));
        buildings.push(building);
    }
    all.truncate(doors);
    (buildings, all)
}

fn slab(dice: &mut Dice, number: usize, left: usize) -> Building {
    let floors = dice.weighted(&[(4, 1), (5, 3), (6, 6)]);
    let stairwells = dice.weighted(&[(2, 2), (3, 4), (4, 4), (5, 2)]);
    // The last house is only as long as it needs to be.
    let needed = (left as i64 + floors * 2 - 1) / (floors * 2);
    plan(dice, number, stairwells.min(needed), floors, 2)
}

fn tower(dice: &mut Dice, number: usize) -> Building {
    let (stairwells, floors) = dice.weighted(&[((1, 18), 2), ((2, 11), 3), ((1, 16), 1), ((2, 12), 1)]);
    plan(dice, number, stairwells, floors, 4)
}

fn plan(dice: &mut Dice, number: usize, stairwells: i64, floors: i64, flats: i64) -> Building {
    // Houses beside each other stand in the same lane and count on in even numbers.
    let (road, first) = ROADS[(number - 1) / 12 % ROADS.len()];
    let along = (number - 1) % 12 + (number - 1) / (12 * ROADS.len()) * 12;
    let address = format!("{road}{}号", first + 2 * along as i64);
    let note = dice.chance(180).then(|| if flats > 2 { NOTES[5] } else { dice.pick(&NOTES[..5]) });
    Building { name: format!("{number}幢"), address, stairwells, floors, flats, note }
}

/// All doors of a building: `501` is the first flat on the fifth floor; in a house with several stairwells the numbers
/// begin anew in each.
fn doors_of(building: &Building, place: usize) -> impl Iterator<Item = Door> {
    let Building { stairwells, floors, flats, .. } = *building;
    (1..=stairwells).flat_map(move |stairwell| {
        (1..=floors).flat_map(move |floor| {
            (1..=flats).map(move |flat| Door { building: place, stairwell, floor, flat: format!("{floor}{flat:02}") })
        })
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::build;
    use crate::demo::dice::Dice;

    #[test]
    fn three_thousand_doors_are_in_some_seventy_houses_and_no_door_is_twice() {
        let (buildings, doors) = build(Dice::new(2009), 3000);
        assert_eq!(doors.len(), 3000);
        assert!((55..=90).contains(&buildings.len()), "{} buildings", buildings.len());
        let distinct: HashSet<_> = doors.iter().map(|d| (d.building, d.stairwell, &d.flat)).collect();
        assert_eq!(distinct.len(), 3000);
        let addresses: HashSet<_> = buildings.iter().map(|b| &b.address).collect();
        assert_eq!(addresses.len(), buildings.len(), "one address, one house");
        assert!(buildings.iter().filter(|b| b.floors > 10).count() >= 3, "a few towers");
        assert!(buildings.iter().all(|b| (1..=5).contains(&b.stairwells)));
    }

    #[test]
    fn a_hamlet_is_possible_too() {
        let (buildings, doors) = build(Dice::new(1), 5);
        assert_eq!((buildings.len(), doors.len()), (1, 5));
        assert!(build(Dice::new(1), 0).0.is_empty());
    }
}
