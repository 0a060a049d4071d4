//! How large the community is, as a share of the one in the report.

/// Households of the community in the report, about.
pub const FULL: usize = 3000;

/// So many households of [`FULL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale(pub usize);

impl Scale {
    /// A figure of the report, in proportion: exactly itself at full size.
    pub fn exact(self, figure: usize) -> usize {
        (figure * self.0 + FULL / 2) / FULL
    }

    /// As [`Scale::exact`], but at least one, so that a small community has one of everything.
    pub fn some(self, figure: usize) -> usize {
        self.exact(figure).max(1)
    }

    /// An amount in fen, in proportion, cut.
    pub fn fen(self, amount: i64) -> i64 {
        amount * self.0 as i64 / FULL as i64
    }
}

#[cfg(test)]
mod tests {
    use super::Scale;

    #[test]
    fn full_size_is_the_report_itself() {
        assert_eq!(Scale(3000).exact(2412), 2412);
        assert_eq!(Scale(3000).fen(47_190_600), 47_190_600);
        assert_eq!((Scale(300).exact(2412), Scale(30).exact(2), Scale(30).some(2)), (241, 0, 1));
    }
}
