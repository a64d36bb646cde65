//! Whom an alarm tells when it goes off: through actions of its own, or through a composite alarm that goes by it.

use super::super::truth::{any, every, unless};
use super::super::world::Region;
use crate::snapshot::{Alarm, Cause, Collection, CompositeAlarm, Observed, Reason, Unit};

/// How deep composite alarms are followed: each step looks at all of them.
const DEPTH: usize = 3;

/// Whether anybody is told when the alarm goes off.
pub fn tells(alarm: &Alarm, region: &Region) -> Observed<bool> {
    let own = every([enabled(alarm), acts(&alarm.alarm_actions)]);
    any([own, told_by_composite(alarm, region)])
}

/// Whether anybody is told when the alarm's metric has no data.
pub fn tells_of_no_data(alarm: &Alarm) -> Observed<bool> {
    every([enabled(alarm), acts(&alarm.insufficient_data_actions)])
}

pub fn enabled(alarm: &Alarm) -> Observed<bool> {
    alarm.actions_enabled.clone().required("ActionsEnabled")
}

pub fn acts(actions: &Observed<Vec<String>>) -> Observed<bool> {
    actions.as_ref().map(|actions| !actions.is_empty()).absent_is(false)
}

/// Whether a composite alarm goes off with this one and tells somebody; one that was not listed may.
pub fn told_by_composite(alarm: &Alarm, region: &Region) -> Observed<bool> {
    let seen = above(&alarm.alarm_name, alarm.alarm_arn.known().map(String::as_str), region.unit, DEPTH);
    any([seen, unless(region.sight.gaps(Collection::CompositeAlarms))])
}

fn above(name: &str, arn: Option<&str>, unit: &Unit, depth: usize) -> Observed<bool> {
    if depth == 0 {
        return Observed::unknown(Reason::new(Cause::Undetermined, format!("too many composite alarms stand above '{name}'")));
    }
    any(unit
        .composite_alarms
        .iter()
        .filter(|composite| composite.alarm_name != name)
        .map(|composite| every([goes_off_with(composite, name, arn), composite_tells(composite, unit, depth)])))
}

fn composite_tells(composite: &CompositeAlarm, unit: &Unit, depth: usize) -> Observed<bool> {
    let suppressed = composite.actions_suppressor.as_ref().and_then(|by| {
        let detail = format!("alarm '{by}' may silence the composite alarm '{}'", composite.alarm_name);
        Observed::unknown(Reason::new(Cause::Undetermined, detail))
    });
    let own =
        every([composite.actions_enabled.clone().required("ActionsEnabled"), acts(&composite.alarm_actions), suppressed.absent_is(true)]);
    any([own, above(&composite.alarm_name, composite.alarm_arn.known().map(String::as_str), unit, depth - 1)])
}

/// Whether the composite goes off whenever the alarm does. Only a rule that is nothing but `ALARM(...) OR ALARM(...)` tells.
fn goes_off_with(composite: &CompositeAlarm, name: &str, arn: Option<&str>) -> Observed<bool> {
    composite.alarm_rule.clone().required("AlarmRule").and_then(|rule| {
        if !rule.contains(name) {
            return Observed::Known(false);
        }
        match any_of(&rule) {
            Some(named) => Observed::Known(named.iter().any(|one| *one == name || Some(*one) == arn)),
            None => {
                let detail = format!("the composite alarm '{}' goes by a rule that is not evaluated", composite.alarm_name);
                Observed::unknown(Reason::new(Cause::Undetermined, detail))
            }
        }
    })
}

/// The alarms of a rule that any one of them fulfils.
fn any_of(rule: &str) -> Option<Vec<&str>> {
    let mut named = Vec::new();
    let mut rest = rule.trim();
    loop {
        let inside = rest.strip_prefix("ALARM")?.trim_start().strip_prefix('(')?.trim_start();
        let (name, after) = match inside.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').and_then(|(name, after)| Some((name, after.trim_start().strip_prefix(')')?)))?,
            None => inside.split_once(')').map(|(name, after)| (name.trim_end(), after))?,
        };
        named.push(name);
        rest = after.trim_start();
        if rest.is_empty() {
            return Some(named);
        }
        rest = rest.strip_prefix("OR")?.trim_start();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_rule_of_alternatives_is_read_and_any_other_is_not() {
        assert_eq!(any_of("ALARM(\"one (a)\") OR ALARM(two)\n OR ALARM( three )"), Some(vec!["one (a)", "two", "three"]));
        for odd in ["ALARM(one) AND ALARM(two)", "NOT ALARM(one)", "OK(one)", "(ALARM(one))", "", "ALARM(one"] {
            assert_eq!(any_of(odd), None, "{odd}");
        }
    }

    #[test]
    fn an_alarm_without_actions_tells_through_a_composite_alarm() {
        let told_where = |complete: &[&str], composites: serde_json::Value| {
            let unit = json!({
                "Account": "111122223333", "Region": "us-east-1", "Source": "aws", "Complete": complete, "CompositeAlarms": composites,
                "Alarms": [{"AlarmName": "one", "ActionsEnabled": true, "AlarmActions": []}],
            });
            let unit: Unit = serde_json::from_value(unit).unwrap();
            tells(&unit.alarms[0], &Region::of(&unit))
        };
        let told = |composites: serde_json::Value| told_where(&["CompositeAlarms"], composites);
        let composite = |name: &str, rule: &str, actions: &[&str]| json!({"AlarmName": name, "AlarmRule": rule, "ActionsEnabled": true, "AlarmActions": actions});
        assert_eq!(told(json!([])), Observed::Known(false));
        assert!(told_where(&[], json!([])).is_unknown(), "one that was not listed may tell");
        assert_eq!(told(json!([composite("c", "ALARM(one)", &["arn:x"])])), Observed::Known(true));
        assert_eq!(told(json!([composite("c", "ALARM(one)", &[])])), Observed::Known(false));
        assert_eq!(told(json!([composite("c", "ALARM(one)", &[]), composite("d", "ALARM(c)", &["arn:x"])])), Observed::Known(true));
        assert!(told(json!([composite("c", "ALARM(one) AND ALARM(two)", &["arn:x"])])).is_unknown());
        assert_eq!(told(json!([composite("c", "ALARM(oneself)", &["arn:x"])])), Observed::Known(false));
        let mut silenced = composite("c", "ALARM(one)", &["arn:x"]);
        silenced["ActionsSuppressor"] = json!("maintenance");
        assert!(told(json!([silenced])).is_unknown());
        let itself = [composite("c", "ALARM(one) OR ALARM(d)", &[]), composite("d", "ALARM(c)", &[])];
        assert!(!told(json!(itself)).is_absent());
    }
}
