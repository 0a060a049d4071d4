//! The rest of the year: teams, activities and tours, works, mediation, incidents, migrants, corrections, family planning,
//! referrals, things given out, the directory and the tasks.

mod activities;
mod care;
mod corrections;
mod migrants;
mod order;
mod planning;
mod tasks;
mod teams;
mod tours;
mod works;

use super::{act::Act, town::Town};

/// All of it; `before` is what others made up already, for tasks to come from.
pub fn rest(town: &Town<'_>, before: &[Act]) -> Vec<Act> {
    if town.people.is_empty() {
        return Vec::new();
    }
    let mut acts = teams::year(town);
    acts.extend(activities::year(town));
    acts.extend(tours::year(town));
    acts.extend(works::year(town));
    acts.extend(order::year(town));
    acts.extend(migrants::year(town));
    acts.extend(corrections::year(town));
    acts.extend(planning::year(town));
    acts.extend(care::year(town));
    acts.extend(tasks::year(town, before.iter().chain(&acts)));
    acts
}
