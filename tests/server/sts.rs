//! STS: who is asking, and roles of other accounts. The keys that it hands out say whose they are, so that nothing is kept: key
//! ids begin with `ASIA` and the account's number, session tokens hold the names of the role and of the session.

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{Duration, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::answer::Said;
use super::route::Route;
use super::world::{World, arn};

const TOKEN: &str = "IQoJb3JpZ2luX2VjEXAMPLE";

pub fn say<'a>(world: &World, route: &Route) -> Said<'a> {
    match route.operation.as_str() {
        "GetCallerIdentity" => Said::Object(caller(world, route)),
        "AssumeRole" => assume(world, route),
        _ => Said::unknown(route),
    }
}

fn caller(world: &World, route: &Route) -> Value {
    let account = &route.account;
    if account == world.home() {
        return world.caller();
    }
    let token = route.session_token.as_deref().unwrap_or_default();
    let mut parts = token.split('/').skip(1);
    let (role, session) = (parts.next().unwrap_or("unknown"), parts.next().unwrap_or("unknown"));
    let arn = format!("arn:aws:sts::{account}:assumed-role/{role}/{session}");
    json!({"UserId": format!("AROAEXAMPLE:{session}"), "Account": account, "Arn": arn})
}

fn assume<'a>(world: &World, route: &Route) -> Said<'a> {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let (role_arn, session) = (route.text("RoleArn"), route.text("RoleSessionName"));
    let account = arn(role_arn, 4).unwrap_or_default();
    let role = role_arn.split_once(":role/").map_or("", |(_, path)| path.rsplit('/').next().unwrap_or_default());
    if session.is_empty() || role.is_empty() {
        return Said::Error(400, "ValidationError", "RoleArn and RoleSessionName are wanted".to_owned());
    }
    let is_trusted = world.external_id.as_deref().is_none_or(|id| route.text("ExternalId") == id);
    if !is_trusted || world.units_of(account).next().is_none() {
        let message = format!(
            "User: arn:aws:iam::{}:user/auditor is not authorized to perform: sts:AssumeRole on resource: {role_arn}",
            route.account
        );
        return Said::Error(403, "AccessDeniedException", message);
    }
    // The last digits differ from session to session.
    let number = COUNT.fetch_add(1, Ordering::Relaxed) % 10_000;
    Said::Object(json!({
        "Credentials": {
            "AccessKeyId": format!("ASIA{account}{number:04}"),
            "SecretAccessKey": format!("wJalrXUtnFEMIK7MDENGbPxRfiCY{account}"),
            "SessionToken": format!("{TOKEN}/{role}/{session}/{number:04}"),
            "Expiration": (Utc::now() + Duration::hours(1)).to_rfc3339_opts(SecondsFormat::Secs, true),
        },
        "AssumedRoleUser": {
            "AssumedRoleId": format!("AROAEXAMPLE:{session}"),
            "Arn": format!("arn:aws:sts::{account}:assumed-role/{role}/{session}"),
        },
    }))
}
