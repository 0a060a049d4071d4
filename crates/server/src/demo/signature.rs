//! Signatures as a finger draws them: a few connected strokes a character, whole points on the pad, a few hundred bytes.
//! Whole numbers only, so every machine draws the same.

use records::Value;
use serde_json::json;

use super::dice::Dice;

/// The pad, in its own points.
const WIDTH: i64 = 600;
/// Its height.
const HEIGHT: i64 = 240;

/// A signature of so many characters.
pub fn sign(dice: &mut Dice, characters: usize) -> Value {
    let count = characters.clamp(1, 4) as i64;
    let cell = (WIDTH - 80) / count.max(3);
    let mut strokes: Vec<Vec<[i64; 2]>> = Vec::new();
    for place in 0..count {
        let left = 40 + place * cell;
        let top = 50 + dice.between(-14..=14);
        for _ in 0..dice.between(2..=4) {
            strokes.push(stroke(dice, left, top, cell - 20));
        }
    }
    json!({ "w": WIDTH, "h": HEIGHT, "strokes": strokes })
}

/// One stroke: a quadratic curve through the character's cell, with the small shake of a hand.
fn stroke(dice: &mut Dice, left: i64, top: i64, size: i64) -> Vec<[i64; 2]> {
    let mut point = || [left + dice.between(0..=size), top + dice.between(0..=130)];
    let (from, bend, to) = (point(), point(), point());
    let steps = dice.between(4..=8);
    (0..=steps)
        .map(|step| {
            let rest = steps - step;
            let at = |axis: usize, shake: i64| {
                let curve = rest * rest * from[axis] + 2 * rest * step * bend[axis] + step * step * to[axis];
                curve / (steps * steps) + shake
            };
            let (x, y) = (dice.between(-2..=2), dice.between(-2..=2));
            [at(0, x).clamp(0, WIDTH), at(1, y).clamp(0, HEIGHT)]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::sign;
    use crate::demo::dice::Dice;

    #[test]
    fn a_signature_is_a_few_strokes_on_the_pad_and_a_few_hundred_bytes() {
        let mut dice = Dice::new(5);
        for characters in 1..=4 {
            let signature = sign(&mut dice, characters);
            let strokes = signature["strokes"].as_array().expect("strokes");
            assert!(strokes.len() >= characters * 2);
            let bytes = signature.to_string().len();
            assert!((80..1600).contains(&bytes), "{bytes} bytes");
        }
    }
}
