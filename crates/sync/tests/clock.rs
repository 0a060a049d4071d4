//! The hybrid clock: forward only, total, readable.

use proptest::prelude::*;
use sync::{Clock, DeviceId, clock::MAX_MILLIS};

proptest! {
    #[test]
    fn a_tick_is_always_later_whatever_the_wall_says(millis in 0u64..MAX_MILLIS, counter: u16, device: u64, wall: u64) {
        let before = Clock::new(millis, counter, DeviceId(device));
        let after = before.tick(wall, DeviceId(device ^ 1));
        prop_assert!(after > before);
        prop_assert_eq!(after.device(), DeviceId(device ^ 1));
    }

    #[test]
    fn text_and_bytes_keep_the_order(a: (u64, u16, u64), b: (u64, u16, u64)) {
        let [a, b] = [a, b].map(|(m, c, d)| Clock::new(m, c, DeviceId(d)));
        prop_assert_eq!(a.to_string().cmp(&b.to_string()), a.cmp(&b));
        prop_assert_eq!(a.to_bytes().cmp(&b.to_bytes()), a.cmp(&b));
        prop_assert_eq!(a.to_string().parse::<Clock>(), Ok(a));
        prop_assert_eq!(Clock::from_bytes(a.to_bytes()), a);
    }
}

#[test]
fn only_the_exact_form_is_read() {
    for text in [
        "",
        "0",
        "0197A5B01111700080000000000000001",
        "+197a5b0111170008000000000000000",
        "g197a5b0111170008000000000000000",
    ] {
        assert!(text.parse::<Clock>().is_err(), "{text}");
    }
    let wrong = "xyz".parse::<DeviceId>().unwrap_err().to_string();
    assert_eq!(wrong, "expected 16 lower-case hexadecimal digits, found \"xyz\"");
}
