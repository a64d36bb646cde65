//! IAM: the roles of an account, whichever of its units names them, and what they may do. Policy documents go URL-encoded.

use std::fmt::Write;

use serde_json::{Value, json};

use super::answer::Said;
use super::paging::Items;
use super::route::Route;
use super::world::{Member, World, document, list, member, on_the_wire, seen, text};

const OF_A_ROLE: [&str; 2] = ["AttachedPolicies", "InlinePolicies"];
/// All policies are served in their first version.
const VERSION: &str = "v1";

/// The ledger calls a role by its ARN, of which the request holds only the name.
pub fn name(world: &World, route: &mut Route) {
    let name = route.text("RoleName").to_owned();
    if name.is_empty() {
        return;
    }
    let known = role(world, &route.account, &name).map(|role| text(role, "Arn").to_owned());
    let arn = known.unwrap_or_else(|| format!("arn:aws:iam::{}:role/{name}", route.account));
    (route.subject, route.aliases) = match route.text("PolicyName") {
        "" => (Some(arn), vec![name]),
        policy => (Some(format!("{arn}/{policy}")), vec![format!("{name}/{policy}"), arn, name]),
    };
}

fn role<'a>(world: &'a World, account: &'a str, name: &str) -> Option<&'a Value> {
    let mut roles = world.units_of(account).flat_map(|unit| list(unit, "Roles"));
    // A world that holds no names holds ARNs.
    roles.find(|role| text(role, "RoleName") == name || text(role, "Arn").rsplit('/').next() == Some(name))
}

pub fn say<'a>(world: &'a World, route: &'a Route) -> Said<'a> {
    let denied = || Said::denied(&route.action());
    if world.units_of(&route.account).all(|unit| matches!(member(unit, "Roles"), Member::Hidden)) {
        return denied();
    }
    if route.input["PolicyArn"].is_string() {
        return of_policy(world, route);
    }
    let name = route.text("RoleName");
    let Some(role) = role(world, &route.account, name) else {
        return no_such(format!("The role with name {name} cannot be found."));
    };
    match route.operation.as_str() {
        "GetRole" => match member(role, "AssumeRolePolicyDocument") {
            Member::Hidden => denied(),
            _ => {
                let mut sent = on_the_wire(role, &OF_A_ROLE);
                if !role["AssumeRolePolicyDocument"].is_null() {
                    sent["AssumeRolePolicyDocument"] = encoded(&role["AssumeRolePolicyDocument"]).into();
                }
                Said::Object(json!({ "Role": sent }))
            }
        },
        "ListAttachedRolePolicies" => match seen(role, "AttachedPolicies") {
            Some(policies) => {
                let items = Items::Of(policies, Box::new(|policy| on_the_wire(policy, &["PolicyDocument"])));
                Said::List { items, member: "AttachedPolicies", token: "Marker" }
            }
            None => denied(),
        },
        "ListRolePolicies" => match seen(role, "InlinePolicies") {
            Some(policies) => {
                let items = Items::Of(policies, Box::new(|policy| policy["PolicyName"].clone()));
                Said::List { items, member: "PolicyNames", token: "Marker" }
            }
            None => denied(),
        },
        "GetRolePolicy" => {
            let wanted = route.text("PolicyName");
            let policy = list(role, "InlinePolicies").iter().find(|policy| text(policy, "PolicyName") == wanted);
            match policy.map(|policy| member(policy, "PolicyDocument")) {
                Some(Member::Known(document)) => {
                    Said::Object(json!({"RoleName": name, "PolicyName": wanted, "PolicyDocument": encoded(document)}))
                }
                Some(Member::Hidden) => denied(),
                _ => no_such(format!("The role policy with name {wanted} cannot be found.")),
            }
        }
        _ => Said::unknown(route),
    }
}

/// GetPolicy and GetPolicyVersion, of a policy that is attached to any role.
fn of_policy<'a>(world: &World, route: &Route) -> Said<'a> {
    let arn = route.text("PolicyArn");
    let mut policies = world.units_of(&route.account).flat_map(|unit| list(unit, "Roles")).flat_map(|role| list(role, "AttachedPolicies"));
    let absent = || no_such(format!("Policy {arn} does not exist or is not attachable."));
    let Some(policy) = policies.find(|policy| text(policy, "PolicyArn") == arn) else { return absent() };
    match (route.operation.as_str(), member(policy, "PolicyDocument")) {
        (_, Member::None) => absent(),
        ("GetPolicy", _) => {
            let path = arn.split_once(":policy").and_then(|(_, path)| Some(&path[..=path.rfind('/')?])).unwrap_or("/");
            Said::Object(json!({"Policy": {
                "PolicyName": policy["PolicyName"],
                "PolicyId": "ANPAEXAMPLE",
                "Arn": arn,
                "Path": path,
                "DefaultVersionId": VERSION,
                "AttachmentCount": 1,
                "IsAttachable": true,
                "CreateDate": "2023-11-14T22:13:20Z",
                "UpdateDate": "2023-11-14T22:13:20Z",
            }}))
        }
        ("GetPolicyVersion", Member::Known(document)) if route.text("VersionId") == VERSION => Said::Object(json!({"PolicyVersion": {
            "Document": encoded(document),
            "VersionId": VERSION,
            "IsDefaultVersion": true,
            "CreateDate": "2023-11-14T22:13:20Z",
        }})),
        ("GetPolicyVersion", Member::Known(_)) => no_such(format!("Policy {arn} version {} does not exist.", route.text("VersionId"))),
        ("GetPolicyVersion", Member::Hidden) => Said::denied(&route.action()),
        _ => Said::unknown(route),
    }
}

fn no_such<'a>(message: String) -> Said<'a> {
    Said::Error(404, "NoSuchEntity", message)
}

/// As RFC 3986 encodes a text.
fn encoded(policy: &Value) -> String {
    let mut out = String::new();
    for byte in document(policy).bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(byte as char),
            other => write!(out, "%{other:02X}").expect("it is written to memory"),
        }
    }
    out
}
