//! The hybrid clock: forward only, total, readable.

use proptest::prelude::*;
use sync::{
    Clock, DeviceId,
    clock::{MAX_LEAD, MAX_MILLIS, Reception},
    contact::{Contact, DAY, Doubt},
};

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

const NOW: u64 = 1_796_000_000_000;

#[test]
fn a_tick_never_goes_back_at_the_end_of_all_moments_either() {
    for counter in [0, 1, u16::MAX - 1, u16::MAX] {
        for device in [1, u64::MAX] {
            let before = Clock::new(MAX_MILLIS, counter, DeviceId(device));
            for wall in [0, NOW, MAX_MILLIS, u64::MAX] {
                let after = before.tick(wall, DeviceId(7));
                assert!(after >= before, "{before} {wall}");
                assert!(after > before || counter == u16::MAX, "{before} {wall}");
            }
        }
    }
    let end = Clock::new(MAX_MILLIS, u16::MAX, DeviceId(3));
    assert_eq!(end.tick(NOW, DeviceId(7)), Clock::new(MAX_MILLIS, u16::MAX, DeviceId(7)));
}

#[test]
fn a_stamp_that_can_be_true_stays_and_one_that_cannot_goes_to_where_it_was_written() {
    let (a, none) = (DeviceId(1), Clock::default());
    let office = |sent_at| Reception { now: NOW, sent_at, lead: MAX_LEAD };
    let at = |millis| Clock::new(millis, 5, a);
    for millis in [0, NOW - DAY, NOW, NOW + MAX_LEAD] {
        assert_eq!(office(Some(NOW)).stamp(at(millis), None, none), at(millis));
    }
    let year = 366 * DAY;
    // Written three hours ago by a clock a year ahead: three hours ago.
    let earlier = office(Some(NOW + year)).stamp(at(NOW + year - 3 * 3_600_000), None, none);
    assert_eq!((earlier.millis(), earlier.device()), (NOW - 3 * 3_600_000, a));
    // Nobody knows: put right meanwhile, not told, or made up.
    for sent_at in [Some(NOW), Some(NOW - year), None] {
        assert_eq!(office(sent_at).stamp(at(NOW + year), None, none).millis(), NOW);
    }
    let largest = Clock::new(MAX_MILLIS, u16::MAX, a);
    assert_eq!(office(Some(u64::MAX)).stamp(largest, None, none).millis(), NOW);
    // In their order.
    let one = office(None).stamp(at(NOW + year), None, none);
    let two = office(None).stamp(at(NOW + year + 1), None, one);
    assert!(one < two && two.millis() == NOW);
    // A record that an office's own clock once left ahead takes the next edit as it comes, and nothing further.
    let ahead = Clock::new(NOW + year, 9, DeviceId(2));
    let next = ahead.tick(NOW, a);
    assert_eq!(office(Some(NOW)).stamp(next, Some(ahead), none), next);
    assert_eq!(office(Some(NOW)).stamp(at(NOW + year + 1), Some(ahead), none).millis(), NOW);
}

#[test]
fn a_tablet_goes_by_the_offices_time_until_its_clock_was_put_right() {
    let year = 366 * DAY;
    for (device, later, expected, doubt) in [
        // As it should be.
        (NOW, NOW + DAY, NOW + DAY, None),
        // A clock a year ahead, a year behind, two hours off: by what it differs.
        (NOW + year, NOW + year + DAY, NOW + DAY, Some(Doubt::Differs)),
        (NOW - year, NOW - year + DAY, NOW + DAY, Some(Doubt::Differs)),
        (NOW - 7_200_000, NOW - 7_200_000 + DAY, NOW + DAY, Some(Doubt::Differs)),
        // Put right meanwhile.
        (NOW + year, NOW + DAY, NOW + DAY, None),
        (NOW - year, NOW + DAY, NOW + DAY, Some(Doubt::Leapt)),
        // Put back, or the battery was empty: no earlier than what has been.
        (NOW, NOW - year, NOW, Some(Doubt::Behind)),
        (NOW, 0, NOW, Some(Doubt::Behind)),
        // Put ahead: it cannot be known, but be asked.
        (NOW, NOW + 31 * DAY, NOW + 31 * DAY, Some(Doubt::Leapt)),
        (NOW, NOW + year, NOW + year, Some(Doubt::Leapt)),
    ] {
        let contact = Contact::new(NOW, device);
        assert_eq!(contact.now(later), expected, "{device} {later}");
        assert_eq!(contact.doubt(later), doubt, "{device} {later}");
    }
    let used = Contact { used: NOW + 28 * DAY, ..Contact::new(NOW, NOW) };
    assert_eq!(used.doubt(NOW + 31 * DAY), None, "used a few days ago");
}

#[test]
fn two_changes_of_a_device_never_bear_one_moment_even_where_it_forgot_what_it_stamped() {
    let seen = Clock::new(NOW, 7, DeviceId(9));
    let stamps: std::collections::BTreeSet<_> =
        (1..=64).map(|number| seen.tick(NOW, DeviceId(1)).numbered(number)).collect();
    assert_eq!(stamps.len(), 64);
    assert!(stamps.iter().all(|stamp| *stamp > seen && stamp.millis() <= NOW + 1));
    let mut last = Clock::default();
    for number in 1..=100_000 {
        let next = last.tick(NOW, DeviceId(1)).numbered(number);
        assert!(next > last);
        last = next;
    }
    assert!(last.millis() - NOW < 10, "a long act stays where it was done: {}", last.millis() - NOW);
    let end = Clock::new(MAX_MILLIS, u16::MAX, DeviceId(1));
    assert_eq!(end.numbered(3), end);
}
