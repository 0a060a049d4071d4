//! What each post did in 2009: how often, when in the year, about what, for whom. The counts are those of the seed's work
//! report (FIGURES, rows 1 to 3).

use super::{
    accounts::{CIVIL_AFFAIRS, FAMILY_PLANNING, RETIREES, SOCIAL_SECURITY},
    names::Sex,
    people::Person,
};

/// Whom a topic concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    /// Any adult.
    Adult,
    /// Anyone with this label at the end of the year.
    With(&'static str),
    /// Of working age.
    Working,
    /// Near a pension or with one.
    Pension,
    /// Women from elsewhere between 18 and 49.
    MigrantWoman,
    /// Young married women.
    YoungWife,
    /// Retired or elderly.
    Elder,
}

impl Who {
    /// Whether a person is meant.
    pub fn is(self, person: &Person, labels: &std::collections::BTreeSet<&'static str>) -> bool {
        let age = person.age();
        match self {
            Self::Adult => age >= 18,
            Self::With(label) => labels.contains(label),
            Self::Working => (18..58).contains(&age) && !labels.contains("retired"),
            Self::Pension => labels.contains("retired") || (48..62).contains(&age) && !person.migrant,
            Self::MigrantWoman => person.migrant && person.sex == Sex::Female && (18..50).contains(&age),
            Self::YoungWife => person.sex == Sex::Female && person.married && (20..40).contains(&age),
            Self::Elder => age >= 70,
        }
    }
}

/// A topic, how often it comes up, and whom it concerns.
pub type Topic = (&'static str, u32, Who);

/// The work of one post over one channel.
#[derive(Clone, Copy, Debug)]
pub struct Duty {
    /// Who does it.
    pub account: &'static str,
    /// The post in the pack.
    pub post: &'static str,
    /// `window` or `visit`.
    pub channel: &'static str,
    /// How often in 2009, in a community of 3,000 households.
    pub count: usize,
    /// Busy months: weights from January to December.
    pub months: [u32; 12],
    /// What about.
    pub topics: &'static [Topic],
}

/// The whole year's work. The civil-affairs officer's 3,088 receptions and visits are split between the two channels.
pub const DUTIES: &[Duty] = &[
    Duty {
        account: RETIREES,
        post: "retirees",
        channel: "window",
        count: 2412,
        // Yearly confirmations from March to June.
        months: [9, 7, 14, 14, 12, 11, 8, 7, 9, 7, 9, 10],
        topics: &[
            ("retiree_review", 32, Who::With("retired")),
            ("pension", 26, Who::Pension),
            ("medical_insurance", 18, Who::With("retired")),
            ("certificate", 8, Who::With("retired")),
            ("elder_care", 5, Who::Elder),
            ("bereavement", 3, Who::With("retired")),
            ("routine", 4, Who::With("retired")),
            ("other", 4, Who::With("retired")),
        ],
    },
    Duty {
        account: RETIREES,
        post: "retirees",
        channel: "visit",
        count: 2266,
        // New Year, the double ninth (重阳), cold and heat.
        months: [14, 8, 8, 9, 8, 8, 10, 9, 9, 13, 8, 10],
        topics: &[
            ("routine", 46, Who::With("retired")),
            ("elder_care", 16, Who::Elder),
            ("hospital", 14, Who::With("retired")),
            ("retiree_review", 11, Who::Elder),
            ("pension", 4, Who::With("retired")),
            ("bereavement", 3, Who::With("retired")),
            ("repair", 3, Who::With("retired")),
            ("neighbours", 3, Who::With("retired")),
        ],
    },
    Duty {
        account: SOCIAL_SECURITY,
        post: "social_security",
        channel: "window",
        count: 2525,
        // Insurance of residents is paid for in spring and at the year's end; graduates come in July.
        months: [8, 8, 10, 9, 8, 8, 11, 8, 10, 9, 11, 13],
        topics: &[
            ("medical_insurance", 34, Who::Adult),
            ("jobless", 22, Who::With("jobless")),
            ("job", 14, Who::Working),
            ("pension", 14, Who::Pension),
            ("training", 8, Who::Working),
            ("certificate", 4, Who::Adult),
            ("bereavement", 2, Who::With("retired")),
            ("other", 2, Who::Adult),
        ],
    },
    Duty {
        account: SOCIAL_SECURITY,
        post: "social_security",
        channel: "visit",
        count: 1216,
        months: [11, 7, 9, 9, 9, 8, 9, 8, 9, 8, 9, 10],
        topics: &[
            ("jobless", 38, Who::With("jobless")),
            ("job", 22, Who::With("jobless")),
            ("medical_insurance", 14, Who::Elder),
            ("routine", 12, Who::Working),
            ("training", 8, Who::Working),
            ("repair", 3, Who::Adult),
            ("neighbours", 3, Who::Adult),
        ],
    },
    Duty {
        account: FAMILY_PLANNING,
        post: "family_planning",
        channel: "window",
        count: 1552,
        months: [8, 7, 10, 9, 9, 9, 9, 8, 9, 8, 9, 10],
        topics: &[
            ("one_child", 26, Who::With("childbearing")),
            ("reproductive_health", 24, Who::With("childbearing")),
            ("birth_permit", 20, Who::YoungWife),
            ("migrant_women", 20, Who::MigrantWoman),
            ("certificate", 6, Who::YoungWife),
            ("other", 4, Who::Adult),
        ],
    },
    Duty {
        account: FAMILY_PLANNING,
        post: "family_planning",
        channel: "visit",
        count: 1223,
        months: [8, 7, 11, 9, 9, 9, 9, 7, 10, 8, 10, 9],
        topics: &[
            ("reproductive_health", 30, Who::With("childbearing")),
            ("migrant_women", 28, Who::MigrantWoman),
            ("birth_permit", 20, Who::YoungWife),
            ("routine", 14, Who::YoungWife),
            ("one_child", 8, Who::With("childbearing")),
        ],
    },
    Duty {
        account: CIVIL_AFFAIRS,
        post: "civil_affairs",
        channel: "window",
        count: 1705,
        months: [13, 7, 9, 8, 8, 8, 11, 8, 8, 8, 8, 12],
        topics: &[
            ("low_income", 32, Who::With("low_income")),
            ("disability", 22, Who::With("disabled")),
            ("hardship", 14, Who::With("hardship")),
            ("elder_care", 12, Who::Elder),
            ("veteran", 9, Who::With("veteran")),
            ("certificate", 5, Who::Adult),
            ("neighbours", 3, Who::Adult),
            ("other", 3, Who::Adult),
        ],
    },
    Duty {
        account: CIVIL_AFFAIRS,
        post: "civil_affairs",
        channel: "visit",
        count: 1383,
        months: [16, 7, 8, 8, 9, 8, 10, 8, 8, 9, 8, 13],
        topics: &[
            ("low_income", 26, Who::With("low_income")),
            ("routine", 20, Who::With("elder_alone")),
            ("disability", 18, Who::With("disabled")),
            ("hardship", 14, Who::With("hardship")),
            ("elder_care", 10, Who::Elder),
            ("veteran", 6, Who::With("veteran")),
            ("hospital", 6, Who::Elder),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::DUTIES;

    #[test]
    fn the_year_s_work_is_that_of_the_report() {
        let of = |post: &str, channel: &str| -> usize {
            DUTIES.iter().filter(|d| d.post == post && d.channel == channel).map(|d| d.count).sum()
        };
        assert_eq!((of("retirees", "window"), of("retirees", "visit")), (2412, 2266));
        assert_eq!((of("social_security", "window"), of("social_security", "visit")), (2525, 1216));
        assert_eq!((of("family_planning", "window"), of("family_planning", "visit")), (1552, 1223));
        assert_eq!(of("civil_affairs", "window") + of("civil_affairs", "visit"), 3088);
    }
}
