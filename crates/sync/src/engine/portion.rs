//! How much goes into one request: half as much after one that did not get through, twice as much after some that did. So
//! work gets through slow lines, lines that break, and whatever on the way lets no large request pass.

/// A size that finds its way; of what, whoever has one knows.
#[derive(Clone, Copy, Debug)]
pub struct Portion {
    most: usize,
    now: usize,
}

impl Portion {
    /// One of at most so much, which it begins with.
    pub fn of_at_most(most: usize) -> Self {
        Self { most, now: most }
    }

    /// What the next request may have. The least there is of it goes even if it is more.
    pub fn size(self) -> usize {
        self.now
    }

    /// A request with `sent` of it did not get through.
    pub fn shrink(&mut self, sent: usize) {
        self.now = (sent / 2).clamp(1, self.now);
    }

    /// It got through.
    pub fn grow(&mut self) {
        self.now = self.now.saturating_mul(2).min(self.most);
    }
}

#[cfg(test)]
mod tests {
    use super::Portion;

    #[test]
    fn it_shrinks_below_what_failed_and_grows_to_its_most() {
        let mut portion = Portion::of_at_most(1000);
        portion.shrink(300);
        assert_eq!(portion.size(), 150, "half of what was sent, not of what might have been");
        portion.shrink(900);
        assert_eq!(portion.size(), 150, "a single piece that is larger does not make it grow");
        (0..20).for_each(|_| portion.shrink(1));
        assert_eq!(portion.size(), 1);
        (0..20).for_each(|_| portion.grow());
        assert_eq!(portion.size(), 1000);
    }
}
