//! What is written again and again: today's dance, the nightly round. Which of them are offered to whom, as they were the
//! last time, and what the next one begins with.

use std::{borrow::Cow, collections::HashMap};

use jiff::civil::Date;
use records::{Context, FieldType, Fields, Kind, Pack, RecordId, Right, User, Value, days, form::Form, pack::Again};
use sync::{Record, book::Book};

use super::when::when;

/// Something that is written again and again.
#[derive(Clone, Debug, PartialEq)]
pub struct Round {
    /// The kind of its records.
    pub kind: String,
    /// What tells it from the others of its kind: the team, the route.
    pub per: Value,
    /// The last record of it before today; none for one that its keeper has yet to begin.
    pub last: Option<RecordId>,
    /// The record of today, when there is one already.
    pub today: Option<RecordId>,
    /// Days since the last one before today.
    pub since: i32,
}

/// Days after which one is no more offered to who wrote the last: it has ended, or someone else does it now.
const FORGOTTEN: i32 = 45;

/// What is offered to an account, the latest done before today first. Doing one today moves none of them: the next must not
/// slide under a finger that taps again.
pub fn rounds(pack: &Pack, book: &Book, today: Date, user: User<'_>) -> Vec<Round> {
    let mut all: Vec<Round> = Vec::new();
    for kind in pack.kinds.values().filter(|kind| pack.allows(user.post, &kind.name, Right::Write)) {
        if let Some(again) = &kind.again {
            all.extend(of_kind(pack, book, today, user, kind, again));
        }
    }
    all.sort_by(|a, b| (a.since, &a.kind, a.per.as_str()).cmp(&(b.since, &b.kind, b.per.as_str())));
    all
}

fn of_kind(pack: &Pack, book: &Book, today: Date, user: User<'_>, kind: &Kind, again: &Again) -> Vec<Round> {
    let mut found: HashMap<Cow<'_, str>, Latest<'_>> = HashMap::new();
    for record in book.of_kind(&kind.name).filter(|record| !record.is_void()) {
        if let Some(per) = record.text(&again.per) {
            found.entry(per).or_default().see(kind, record, today);
        }
    }
    let kept = kept_by(pack, book, user, kind, again);
    let begun: Vec<String> = kept.iter().filter(|per| !found.contains_key(per.as_str())).cloned().collect();
    let offered = found.into_iter().filter_map(|(per, latest)| {
        let round = latest.round(kind, &per, today);
        let is_own = |id: Option<RecordId>| id.and_then(|id| book.get(id)).is_some_and(|r| *r.by == *user.name);
        // A team may have ended or found another keeper; a route is a route.
        let is_recent = again.keeper.is_none() || round.since <= FORGOTTEN || round.today.is_some();
        let is_mine = is_recent && (is_own(round.today) || round.today.is_none() && is_own(round.last));
        (is_mine || kept.iter().any(|own| *own == *per)).then_some(round)
    });
    offered.chain(begun.iter().map(|per| Latest::default().round(kind, per, today))).collect()
}

/// The last records of one round: of today, and before.
#[derive(Default)]
struct Latest<'b> {
    before: Option<&'b Record>,
    today: Option<&'b Record>,
}

impl<'b> Latest<'b> {
    fn see(&mut self, kind: &Kind, record: &'b Record, today: Date) {
        let is_today = days::parse(&when(kind, record).0) == Some(today);
        let place = if is_today { &mut self.today } else { &mut self.before };
        if place.is_none_or(|other| when(kind, record) >= when(kind, other)) {
            *place = Some(record);
        }
    }

    fn round(&self, kind: &Kind, per: &str, today: Date) -> Round {
        let day = self.before.and_then(|last| days::parse(&when(kind, last).0));
        Round {
            kind: kind.name.clone(),
            per: per.into(),
            last: self.before.map(|record| record.id),
            today: self.today.map(|record| record.id),
            since: day.map_or(i32::MAX, |day| days::number(today) - days::number(day)),
        }
    }
}

/// What is kept by the account: the records that `per` points at which name it, and have not ended.
fn kept_by(pack: &Pack, book: &Book, user: User<'_>, kind: &Kind, again: &Again) -> Vec<String> {
    let Some(keeper) = &again.keeper else { return Vec::new() };
    let Some(FieldType::Record(of)) = kind.field(&again.per).map(|field| &field.r#type) else { return Vec::new() };
    if pack.kind(of).is_none() || user.name.is_empty() {
        return Vec::new();
    }
    let own = book.of_kind(of).filter(|record| !record.is_void() && record.text(keeper).as_deref() == Some(user.name));
    own.map(|record| record.id.to_string()).collect()
}

/// The round that a record is one of: for writing it again from its own page.
pub fn round_of(pack: &Pack, book: &Book, today: Date, id: RecordId) -> Option<Round> {
    let record = book.get(id)?;
    let kind = pack.kind(&record.kind)?;
    let again = kind.again.as_ref()?;
    let per = record.text(&again.per)?;
    let mut latest = Latest::default();
    for other in book.of_kind(&kind.name).filter(|r| !r.is_void() && r.text(&again.per).as_ref() == Some(&per)) {
        latest.see(kind, other, today);
    }
    Some(latest.round(kind, &per, today))
}

/// What the next one begins with: what is kept of the last and what is asked for, all else as a new form has it.
pub fn begun(pack: &Pack, kind: &Kind, again: &Again, last: &Fields, context: &Context<'_>) -> Fields {
    let names = again.keep.iter().chain(&again.ask).chain([&again.per]);
    let is_dated = |name: &&String| kind.date.as_ref() != Some(*name);
    let kept = names.filter(is_dated).filter_map(|name| Some((name.clone(), last.get(name)?.clone()))).collect();
    Form::new(pack, &kind.name, kept, true, context).fields().clone()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::made::{Made, at, today};

    const LEADER: User<'_> = User { name: "chen", post: "team_leader" };

    fn dance(made: &mut Made, team: RecordId, date: &str, heads: i64) -> RecordId {
        let fields = json!({"team": team, "circle": "culture", "sort": "practice", "heads": heads, "place": "广场",
            "note": "换了新曲子", "date": date});
        made.record("activity", fields)
    }

    fn team(made: &mut Made, leader: &str) -> RecordId {
        made.record("team", json!({"name": "交谊舞协会", "sort": "dance", "rhythm": "daily", "leader": leader}))
    }

    #[test]
    fn what_i_wrote_last_is_offered_as_it_was_and_the_latest_of_it() {
        let mut made = Made::default();
        let team = team(&mut made, "");
        dance(&mut made, team, "2026-11-20", 40);
        let last = dance(&mut made, team, "2026-11-22", 46);
        dance(&mut made, team, "2026-11-21", 43);
        let rounds = rounds(&Pack::community(), &made.book, today(), LEADER);
        assert_eq!(rounds.len(), 1);
        assert_eq!((rounds[0].last, rounds[0].today, rounds[0].since), (Some(last), None, 1));
    }

    #[test]
    fn what_is_written_today_is_not_offered_to_be_doubled_and_a_void_one_does_not_count() {
        let mut made = Made::default();
        let team = team(&mut made, "");
        dance(&mut made, team, "2026-11-22", 46);
        let done = dance(&mut made, team, "2026-11-23", 46);
        let pack = Pack::community();
        assert_eq!(rounds(&pack, &made.book, today(), LEADER)[0].today, Some(done));
        made.set(done, "_void", "点错了".into(), at(60));
        assert_eq!(rounds(&pack, &made.book, today(), LEADER)[0].today, None);
    }

    #[test]
    fn doing_one_today_moves_none_of_the_cards() {
        let mut made = Made::default();
        let (one, other) = (team(&mut made, ""), team(&mut made, ""));
        dance(&mut made, one, "2026-11-22", 46);
        dance(&mut made, other, "2026-11-20", 12);
        let order = |made: &Made| {
            let all = rounds(&Pack::community(), &made.book, today(), LEADER);
            all.into_iter().map(|round| round.per).collect::<Vec<_>>()
        };
        let before = order(&made);
        dance(&mut made, one, "2026-11-23", 46);
        assert_eq!(order(&made), before);
    }

    #[test]
    fn the_keeper_named_on_the_team_is_offered_it_whoever_wrote_the_last_or_when_nobody_has() {
        let mut made = Made::default();
        let (old, new, other) = (team(&mut made, "wudui"), team(&mut made, "wudui"), team(&mut made, "someone"));
        dance(&mut made, old, "2026-08-01", 46);
        dance(&mut made, other, "2026-11-22", 12);
        let keeper = User { name: "wudui", post: "team_leader" };
        let offered = rounds(&Pack::community(), &made.book, today(), keeper);
        let per: Vec<_> =
            offered.iter().map(|round| (round.per.as_str().map(str::to_owned), round.last.is_some())).collect();
        assert_eq!(per, [(Some(old.to_string()), true), (Some(new.to_string()), false)]);
    }

    #[test]
    fn what_ended_months_ago_is_no_more_offered_to_who_wrote_it() {
        let mut made = Made::default();
        let team = team(&mut made, "");
        dance(&mut made, team, "2026-08-01", 46);
        assert_eq!(rounds(&Pack::community(), &made.book, today(), LEADER), []);
    }

    #[test]
    fn a_route_walked_long_ago_is_still_offered_to_who_walked_it() {
        let mut made = Made::default();
        made.record("patrol", json!({"route": "east", "people": 2, "minutes": 40, "date": "2026-02-01"}));
        let offered = rounds(&Pack::community(), &made.book, today(), User { name: "chen", post: "volunteer" });
        assert_eq!(offered.iter().map(|round| round.per.as_str()).collect::<Vec<_>>(), [Some("east")]);
        assert_eq!(rounds(&Pack::community(), &made.book, today(), User { name: "li", post: "volunteer" }), []);
    }

    #[test]
    fn a_post_that_may_not_write_it_is_offered_nothing() {
        let mut made = Made::default();
        let team = team(&mut made, "");
        dance(&mut made, team, "2026-11-22", 46);
        assert_eq!(rounds(&Pack::community(), &made.book, today(), User { name: "chen", post: "volunteer" }), []);
    }

    #[test]
    fn the_next_one_keeps_place_and_heads_and_is_of_today_without_yesterday_s_note() {
        let mut made = Made::default();
        let team = team(&mut made, "");
        let last = dance(&mut made, team, "2026-11-22", 46);
        let pack = Pack::community();
        let kind = pack.kind("activity").expect("activities");
        let again = kind.again.as_ref().expect("again");
        let fields = made.book.get(last).expect("here").values();
        let next = made.context(|context| begun(&pack, kind, again, &fields, context));
        assert_eq!((next["heads"].as_i64(), next["place"].as_str()), (Some(46), Some("广场")));
        assert_eq!((next["date"].as_str(), next.get("note")), (Some("2026-11-23"), None));
        assert_eq!(made.context(|context| records::check(&pack, "activity", &next, context)), []);
    }
}
