//! A second, slow and obvious reading of small random policies, and what must hold of the first one beside it. What is not known of
//! a request is tried out, value by value: a definite answer must be the answer of every trial.

use serde_json::{Value as Json, json};

use super::{Caller, Policy, Request, Target, Truth, Value};
use crate::snapshot::PolicyDocument;

const ROLES: [&str; 2] = ["arn:aws:iam::111122223333:role/a", "arn:aws:iam::444455556666:role/b"];
const ACTIONS: [&str; 3] = ["s:Get", "s:GetAll", "s:Put"];
const KEYS: [&str; 2] = ["x:one", "x:two"];
/// Every value that a key can have here; nothing stands for its absence.
const VALUES: [Option<&str>; 4] = [None, Some("true"), Some("tree"), Some("false")];

/// Repeatable chance (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }
}

fn statement(chance: &mut Chance) -> Json {
    let principals = [
        json!("*"),
        json!({ "AWS": "*" }),
        json!({ "AWS": ROLES[0] }),
        json!({ "AWS": ["444455556666"] }),
        json!({ "Service": "s.amazonaws.com" }),
    ];
    let actions = [json!("s:*"), json!("S:get"), json!(["s:Put", "s:Get?ll"]), json!("s:Get*"), json!("t:Get")];
    let resources = [json!("*"), json!("arn:r:1"), json!(["arn:r:*"]), json!("arn:?:2")];
    let mut made = json!({ "Effect": chance.pick(&["Allow", "Deny"]), "Principal": chance.pick(&principals) });
    made[chance.pick(&["Action", "Action", "NotAction"])] = chance.pick(&actions);
    made[chance.pick(&["Resource", "Resource", "NotResource"])] = chance.pick(&resources);
    for _ in 0..chance.below(3) {
        let operators = ["StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "Bool", "StringEqualsIgnoreCase", "Null"];
        let operator = chance.pick(&operators);
        let values = match operator {
            "Bool" | "Null" => chance.pick(&[json!("true"), json!(false)]),
            _ => chance.pick(&[json!("true"), json!(["tree", "false"]), json!("tr*"), json!("TREE"), json!(["t??e", "x"])]),
        };
        let ending = if operator != "Null" && chance.below(3) == 0 { "IfExists" } else { "" };
        let set = if operator != "Null" { chance.pick(&["", "", "ForAnyValue:", "ForAllValues:"]) } else { "" };
        let key = chance.pick(&["x:one", "X:Two", "x:two"]);
        made["Condition"][format!("{set}{operator}{ending}")][key] = values;
    }
    made
}

fn statements(chance: &mut Chance) -> Vec<Json> {
    (0..chance.below(4) + 1).map(|_| statement(chance)).collect()
}

fn parsed(statements: &[Json]) -> Policy {
    Policy::of_resource(&PolicyDocument(json!({ "Version": "2012-10-17", "Statement": statements }))).expect("a policy")
}

/// A request of which everything is known.
#[derive(Clone)]
struct Whole {
    role: &'static str,
    action: &'static str,
    resource: &'static str,
    values: [Option<&'static str>; 2],
}

fn whole(chance: &mut Chance) -> Whole {
    let resource = chance.pick(&["arn:r:1", "arn:q:2", "arn:r:2"]);
    Whole { role: chance.pick(&ROLES), action: chance.pick(&ACTIONS), resource, values: [chance.pick(&VALUES), chance.pick(&VALUES)] }
}

/// The request as far as it is known.
fn seen(whole: &Whole, known: [bool; 2]) -> Request {
    let request = Request::new(Caller::named(whole.role), whole.action).on(Target::Arn(whole.resource.to_owned()));
    (0..2)
        .filter(|&at| known[at])
        .fold(request, |request, at| request.with(KEYS[at], whole.values[at].map_or(Value::Absent, |value| Value::One(value.to_owned()))))
}

// The slow reading: two-valued, and straight from the document.

fn list(value: &Json) -> Vec<String> {
    let text = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    value.as_array().map_or_else(|| vec![text(value)], |items| items.iter().map(text).collect())
}

fn glob(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern.first(), text.first()) {
        (None, None) => true,
        (Some(b'*'), _) => glob(&pattern[1..], text) || (!text.is_empty() && glob(pattern, &text[1..])),
        (Some(b'?'), Some(_)) => glob(&pattern[1..], &text[1..]),
        (Some(p), Some(t)) if p == t => glob(&pattern[1..], &text[1..]),
        _ => false,
    }
}

fn any(patterns: &Json, text: &str) -> bool {
    list(patterns).iter().any(|pattern| glob(pattern.as_bytes(), text.as_bytes()))
}

fn means(statement: &Json, role: &str) -> bool {
    let principal = &statement["Principal"];
    let is_account = |name: &String| name.len() == 12 && role.contains(name.as_str()) && statement["Effect"] == "Deny";
    principal == "*" || list(&principal["AWS"]).iter().any(|name| name == "*" || name == role || is_account(name))
}

fn holds(operator: &str, wanted: &Json, value: Option<&str>) -> bool {
    let any_value = operator.starts_with("ForAnyValue:");
    let all_values = operator.starts_with("ForAllValues:");
    let bare = operator.rsplit(':').next().expect("an operator");
    let bare_operator = bare.trim_end_matches("IfExists");
    let wanted = list(wanted);
    if bare_operator == "Null" {
        return wanted.contains(&value.is_none().to_string());
    }
    let negated = bare_operator.contains("Not");
    let Some(value) = value else { return bare.ends_with("IfExists") || all_values || (negated && !any_value) };
    let one = wanted.iter().any(|wanted| match bare_operator {
        "StringEquals" | "StringNotEquals" => wanted == value,
        "StringLike" | "StringNotLike" => glob(wanted.as_bytes(), value.as_bytes()),
        "StringEqualsIgnoreCase" => wanted.eq_ignore_ascii_case(value),
        _ => wanted == value,
    });
    one != negated
}

fn concerns(statement: &Json, whole: &Whole) -> bool {
    let action = whole.action.to_lowercase();
    let small = |patterns: &Json| json!(list(patterns).iter().map(|pattern| pattern.to_lowercase()).collect::<Vec<_>>());
    let acts = match statement.get("Action") {
        Some(patterns) => any(&small(patterns), &action),
        None => !any(&small(&statement["NotAction"]), &action),
    };
    let reaches = match statement.get("Resource") {
        Some(patterns) => any(patterns, whole.resource),
        None => !any(&statement["NotResource"], whole.resource),
    };
    let conditions = statement.get("Condition").and_then(Json::as_object).into_iter().flatten().all(|(operator, keys)| {
        keys.as_object().expect("keys").iter().all(|(key, wanted)| {
            let at = KEYS.iter().position(|known| known.eq_ignore_ascii_case(key)).expect("a key");
            holds(operator, wanted, whole.values[at])
        })
    });
    means(statement, whole.role) && acts && reaches && conditions
}

fn slow(statements: &[Json], whole: &Whole) -> bool {
    let says = |effect: &str| statements.iter().any(|statement| statement["Effect"] == effect && concerns(statement, whole));
    says("Allow") && !says("Deny")
}

fn for_each(count: usize, mut check: impl FnMut(&mut Chance, Vec<Json>, Whole)) {
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    for _ in 0..count {
        let (statements, whole) = (statements(&mut chance), whole(&mut chance));
        check(&mut chance, statements, whole);
    }
}

// `Bool` compares what is no truth value with nothing, and says so; AWS says nothing of it.
fn is_odd(truth: &Truth) -> bool {
    matches!(truth, Truth::Undecided(doubts) if doubts.iter().any(|doubt| matches!(doubt, super::Doubt::Odd(_))))
}

#[test]
fn a_request_of_which_everything_is_known_is_decided_as_the_slow_reading_decides_it() {
    let mut decided = [0, 0];
    for_each(4_000, |_, statements, whole| {
        let truth = parsed(&statements).lets(&seen(&whole, [true, true]));
        if !is_odd(&truth) {
            let expected = slow(&statements, &whole);
            assert_eq!(truth, Truth::of(expected), "{statements:?}");
            decided[usize::from(expected)] += 1;
        }
    });
    assert!(decided[0] > 2_000 && decided[1] > 200, "both answers were tried: {decided:?}");
}

#[test]
fn an_answer_never_rests_on_what_is_not_known() {
    let mut undecided = 0;
    for_each(4_000, |chance, statements, whole| {
        let known = [chance.below(2) == 0, chance.below(2) == 0];
        let truth = parsed(&statements).lets(&seen(&whole, known));
        if let Truth::Undecided(_) = truth {
            undecided += 1;
            return;
        }
        for one in VALUES {
            for two in VALUES {
                let values = [if known[0] { whole.values[0] } else { one }, if known[1] { whole.values[1] } else { two }];
                let trial = Whole { values, ..whole.clone() };
                assert_eq!(truth, Truth::of(slow(&statements, &trial)), "{statements:?}");
            }
        }
    });
    assert!(undecided > 100, "{undecided}");
}

#[test]
fn a_further_deny_never_lets_anybody_in() {
    for_each(2_000, |chance, mut statements, whole| {
        let request = seen(&whole, [chance.below(2) == 0, true]);
        let before = parsed(&statements).lets(&request);
        let mut deny = statement(chance);
        deny["Effect"] = json!("Deny");
        statements.push(deny);
        let after = parsed(&statements).lets(&request);
        assert!(before.is_yes() || !after.is_yes(), "{before:?} {after:?} {statements:?}");
        assert!(after.is_no() || !before.is_no(), "{before:?} {after:?} {statements:?}");
    });
}

#[test]
fn the_order_of_statements_does_not_matter() {
    for_each(2_000, |chance, mut statements, whole| {
        let request = seen(&whole, [chance.below(2) == 0, chance.below(2) == 0]);
        let before = parsed(&statements).lets(&request);
        statements.reverse();
        assert_eq!(before, parsed(&statements).lets(&request), "{statements:?}");
    });
}
