//! A round while it is walked: what its half-filled form says of where it stands.

use records::{Fields, Value, pack::Walk};
use serde_json::json;

/// Whether it has been begun.
pub fn is_begun(walk: &Walk, answers: &Fields) -> bool {
    answers.get(&walk.start).is_some_and(|start| !start.is_null())
}

/// Whole minutes from setting out to now, both milliseconds since 1970 UTC; one at least. A clock that was put back says one.
pub fn minutes(began: u64, now: u64) -> i64 {
    i64::try_from(now.saturating_sub(began) / 60_000).unwrap_or(i64::MAX).clamp(1, 600)
}

/// A trace with one more step: when, at which point, and the position where one was taken.
pub fn stepped(trace: &Value, at: &str, point: Option<&str>, position: Option<&Value>) -> Value {
    let mut steps = trace.as_array().cloned().unwrap_or_default();
    let mut step = json!({ "at": at });
    if let Some(point) = point {
        step["point"] = point.into();
    }
    for name in ["lat", "lon", "accuracy"] {
        if let Some(number) = position.and_then(|position| position.get(name)).filter(|number| !number.is_null()) {
            step[name] = number.clone();
        }
    }
    steps.push(step);
    Value::Array(steps)
}

/// A trace with the position that was found for the step taken at a moment; one that is gone meanwhile stays gone.
pub fn placed(trace: &Value, at: &str, position: &Value) -> Value {
    let mut steps = trace.as_array().cloned().unwrap_or_default();
    for step in steps.iter_mut().filter(|step| step["at"] == at) {
        for name in ["lat", "lon", "accuracy"] {
            if let Some(number) = position.get(name).filter(|number| !number.is_null()) {
                step[name] = number.clone();
            }
        }
    }
    Value::Array(steps)
}

/// A trace without a point that was ticked by mistake.
pub fn without(trace: &Value, point: &str) -> Value {
    let steps = trace.as_array().cloned().unwrap_or_default();
    steps.into_iter().filter(|step| step["point"] != point).collect()
}

/// Places of a trace on a plain plan, `x` to the right and `y` downwards, both 0 to 1, north up and the sides' ratio kept; none
/// where fewer than two positions were taken.
pub fn plan(trace: &Value) -> Vec<(f64, f64)> {
    let position = |step: &Value| Some((step.get("lat")?.as_f64()?, step.get("lon")?.as_f64()?));
    let places: Vec<(f64, f64)> = trace.as_array().into_iter().flatten().filter_map(position).collect();
    if places.len() < 2 {
        return Vec::new();
    }
    // Over a community the earth is flat, and a degree of longitude as long as here.
    let narrow = places[0].0.to_radians().cos();
    let flat: Vec<(f64, f64)> = places.iter().map(|(lat, lon)| (lon * narrow, -lat)).collect();
    let least = |of: fn(&(f64, f64)) -> f64| flat.iter().map(of).fold(f64::INFINITY, f64::min);
    let most = |of: fn(&(f64, f64)) -> f64| flat.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
    let (left, top) = (least(|p| p.0), least(|p| p.1));
    // Ten metres at least, so that standing still is a dot and not a scrawl.
    let side = (most(|p| p.0) - left).max(most(|p| p.1) - top).max(0.0001);
    flat.into_iter().map(|(x, y)| ((x - left) / side, (y - top) / side)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_counts_whole_minutes_and_one_at_least() {
        assert_eq!(minutes(0, 38 * 60_000 + 59_000), 38);
        assert_eq!((minutes(5, 5), minutes(9_000_000, 0)), (1, 1));
        assert_eq!(minutes(0, u64::MAX), 600);
    }

    #[test]
    fn steps_are_added_placed_and_taken_back() {
        let one = stepped(&Value::Null, "2026-11-24T22:31:00+08:00", Some("east_gate"), None);
        let two = stepped(&one, "2026-11-24T22:40:00+08:00", Some("west_gate"), None);
        let position = json!({"lat": 31.2, "lon": 121.4, "accuracy": 12.0, "at": "x"});
        let found = placed(&two, "2026-11-24T22:40:00+08:00", &position);
        assert_eq!(
            found[1],
            json!({"at": "2026-11-24T22:40:00+08:00", "point": "west_gate", "lat": 31.2, "lon": 121.4, "accuracy": 12.0})
        );
        assert_eq!(found[0], one[0]);
        assert_eq!(without(&found, "west_gate"), one);
    }

    #[test]
    fn a_plan_has_north_up_and_keeps_its_shape() {
        let at = |lat: f64, lon: f64| json!({"at": "x", "lat": lat, "lon": lon});
        let plan = plan(&json!([at(31.0, 121.0), at(31.002, 121.0), {"at": "no position"}, at(31.002, 121.001)]));
        assert_eq!(plan.len(), 3);
        let near = |(x, y): (f64, f64), (a, b): (f64, f64)| (x - a).abs() < 0.01 && (y - b).abs() < 0.01;
        assert!(near(plan[0], (0.0, 1.0)) && near(plan[1], (0.0, 0.0)) && near(plan[2], (0.43, 0.0)), "{plan:?}");
        assert!(super::plan(&json!([at(31.0, 121.0)])).is_empty());
        let still = super::plan(&json!([at(31.0, 121.0), at(31.0, 121.0)]));
        assert!(still.iter().all(|p| near(*p, (0.0, 0.0))), "standing still is a dot");
    }
}
