//! Many tablets, much chance: whatever is lost or doubled on the way, all hold the same in the end.

use crate::support::{Tablet, TestApp, record, tablet::Line};

/// Small, seeded, ours: SplitMix64 (Steele, Lea, Flood, 2014).
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }
}

#[tokio::test]
async fn whatever_the_line_does_all_tablets_end_with_the_same() {
    for seed in 1..=6 {
        let app = TestApp::new().await;
        let mut chance = Chance(seed);
        let mut tablets = Vec::new();
        for (id, account) in [(1, "wang"), (2, "li"), (3, "zhu"), (4, "ye")] {
            tablets.push(Tablet::new(&app, account, id).await);
        }
        let mut written = 0;
        for _ in 0..60 {
            let tablet = &mut tablets[chance.below(4) as usize];
            for _ in 0..chance.below(4) {
                let (n, field) = (chance.below(9), ["a", "b", "b"][chance.below(3) as usize]);
                // Some values are out of bounds, and refused.
                let value = if field == "a" { format!("{seed}/{written}").into() } else { chance.below(120).into() };
                written += usize::from(tablet.shows(record(n.into()), field).as_ref() != Some(&value));
                tablet.try_save(&app, record(n.into()), "note", field, value);
            }
            tablet.line = if chance.below(3) == 0 { Line::LostAnswer } else { Line::Good };
            if chance.below(2) == 0 {
                tablet.sync(&app).await;
            }
        }
        for tablet in &mut tablets {
            tablet.line = Line::Good;
        }
        for _ in 0..2 {
            for tablet in &mut tablets {
                assert_eq!(tablet.sync(&app).await, None, "seed {seed}");
            }
        }
        let sum = tablets[0].book.sum("note");
        let refused: usize = tablets.iter().map(|t| t.refused.len()).sum();
        for tablet in &tablets {
            assert_eq!(tablet.book.sum("note"), sum, "seed {seed}");
            assert!(tablet.log.is_empty(), "seed {seed}: nothing waits");
            assert_eq!(tablet.alarms, 0, "seed {seed}");
        }
        assert!(refused > 0, "seed {seed}: some of it was out of bounds");
        let effects = app.test.head().await;
        assert_eq!(effects as usize, written - refused, "seed {seed}: each change had one effect or one reason");
    }
}
