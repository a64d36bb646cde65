//! What a request comes to: an answer from the world, an error of AWS's, or whatever fault was ordered.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::dialect::Dialect;
use super::faults::Kind;
use super::http::{Request, Response};
use super::paging::{Content, Items, page, page_of_names};
use super::route::{Route, route};
use super::stats::End;
use super::{
    Seen, Shared, account, backup, cloudtrail, cloudwatch, dynamodb, events, iam, inventory, kms, organizations, sns, sts, vaults,
};

/// What an operation says, before a protocol words it.
pub enum Said<'a> {
    Object(Value),
    /// All items; the page that was asked for is cut out of them.
    List {
        items: Items<'a>,
        member: &'static str,
        token: &'static str,
    },
    /// AWS's code and message.
    Error(u16, &'static str, String),
}

impl Said<'_> {
    pub fn denied(action: &str) -> Self {
        Said::Error(403, "AccessDeniedException", format!("User is not authorized to perform: {action}"))
    }

    pub fn unknown(route: &Route) -> Self {
        Said::Error(400, "UnknownOperationException", format!("This server does not know '{}'", route.action()))
    }
}

pub fn answer(shared: &Shared, request: &Request) -> Response {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    if request.target == "/__stats" {
        return Dialect::RestJson.ok("", &shared.stats.report(), "stats".to_owned());
    }
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let id = format!("00000000-0000-4000-8000-{number:012}");
    let Some(route) = route(&shared.world, request) else { return Dialect::html(404) };
    shared.seen.lock().unwrap().push(Seen {
        access_key: route.access_key.clone(),
        account: route.account.clone(),
        region: route.region.clone(),
        service: route.service.to_owned(),
        operation: route.operation.clone(),
        subject: route.subject.clone(),
        target: request.target.clone(),
    });
    let kind = shared.faults.strike(&route);
    let response = kind.and_then(|kind| refusal(kind, &route, request, &id)).unwrap_or_else(|| {
        let mut response = spoken(shared, &route, kind, &id, number);
        match kind {
            Some(Kind::TruncatedBody) => response.body.truncate(response.body.len() / 2),
            Some(Kind::Cut) => response.cut = true,
            _ => {}
        }
        response
    });
    let end = match kind {
        Some(Kind::Throttled | Kind::Limited(_)) => End::Throttled,
        None | Some(Kind::RepeatedToken | Kind::Endless) if response.status == 200 => End::Answered,
        _ => End::Failed,
    };
    shared.stats.count(&route, end);
    // Held back last, so that the next request of another connection is not.
    std::thread::sleep(shared.options.latency);
    response
}

fn spoken(shared: &Shared, route: &Route, kind: Option<Kind>, id: &str, number: usize) -> Response {
    let id = id.to_owned();
    match say(shared, route) {
        Said::Error(status, code, message) => route.dialect.error(route.service, status, code, &message, id),
        Said::Object(object) => route.dialect.ok(&route.operation, &object, id),
        Said::List { items, member, token } => {
            let cut = if token == "LastEvaluatedTableName" { page_of_names } else { page };
            let Some(page) = cut(&items, route.page_size, shared.options.page_size, route.token.as_deref()) else {
                return route.dialect.error(route.service, 400, "InvalidParameterValueException", "Invalid NextToken", id);
            };
            let (content, next) = match kind {
                Some(Kind::RepeatedToken) => (page.content, Some("page-1".to_owned())),
                Some(Kind::Endless) => (items.nothing(), Some(format!("page-{}", 1_000_000 + number))),
                _ => (page.content, page.next),
            };
            let mut body = json!({});
            // AWS writes the last page's token as null, as an empty text, or not at all, service by service.
            match (&next, token) {
                (Some(next), _) => body[token] = next.as_str().into(),
                (None, "PaginationToken") => body[token] = "".into(),
                (None, "NextToken") if route.dialect != Dialect::Cbor => body[token] = Value::Null,
                (None, _) => {}
            }
            match route.service {
                "kms" => body["Truncated"] = next.is_some().into(),
                "iam" => body["IsTruncated"] = next.is_some().into(),
                _ => {}
            }
            match content {
                Content::Text(list) => {
                    let body = body.to_string();
                    return route.dialect.ready(format!("{{\"{member}\":{list},{}", &body[1..]), id);
                }
                Content::Items(items) if route.operation == "DescribeAlarms" => cloudwatch::sort(&mut body, items),
                Content::Items(items) => body[member] = items,
            }
            route.dialect.ok(&route.operation, &body, id)
        }
    }
}

fn say<'a>(shared: &'a Shared, route: &'a Route) -> Said<'a> {
    const NOTHING: &Value = &Value::Null;
    let world = &shared.world;
    let unrecognized =
        || Said::Error(403, "UnrecognizedClientException", "The security token included in the request is invalid.".to_owned());
    // These belong to no Region.
    match route.service {
        "sts" => return sts::say(world, route),
        "account" | "iam" | "organizations" if world.units_of(&route.account).next().is_none() => return unrecognized(),
        "account" => return account::say(world, route),
        "iam" => return iam::say(world, route),
        "organizations" => return organizations::say(world, route),
        _ => {}
    }
    let unit = world.unit(&route.account, &route.region).map(|place| world.at(place)).or_else(|| {
        let is_served = match route.service {
            "kms" => kms::serves(world, route),
            "sns" => sns::serves(world, route),
            "backup" => vaults::serves(world, route),
            _ => false,
        };
        is_served.then_some(NOTHING)
    });
    let Some(unit) = unit else { return unrecognized() };
    match route.service {
        "kms" => kms::say(world, route),
        "sns" => sns::say(world, unit, route),
        "dynamodb" => dynamodb::say(unit, route),
        "cloudwatch" => cloudwatch::say(unit, route),
        "events" => events::say(unit, route),
        "cloudtrail" => cloudtrail::say(world, unit, route),
        "backup" | "tag" => backup::say(world, unit, route),
        _ => inventory::say(world, unit, route),
    }
}

/// A fault that needs nothing of the world.
fn refusal(kind: Kind, route: &Route, request: &Request, id: &str) -> Option<Response> {
    let error = |status, code: &str, message: &str| Some(route.dialect.error(route.service, status, code, message, id.to_owned()));
    match kind {
        Kind::Denied => {
            let message = format!("User: arn:aws:iam::{}:user/auditor is not authorized to perform: {}", route.account, route.action());
            error(403, "AccessDeniedException", &message)
        }
        Kind::Throttled | Kind::Limited(_) => error(429, "ThrottlingException", "Rate exceeded"),
        Kind::Error500 => error(500, "InternalServerException", "An internal error occurred"),
        Kind::ExpiredToken => error(403, "ExpiredTokenException", "The security token included in the request is expired"),
        Kind::UnrecognizedClient => error(403, "UnrecognizedClientException", "The security token included in the request is invalid."),
        Kind::NotFound => error(400, "ResourceNotFoundException", "It does not exist"),
        Kind::BadSignature => {
            let token = request.header("x-amz-security-token").unwrap_or_default();
            let message = format!(
                "The request signature we calculated does not match; security token {token}; The Canonical String for this request should have been\n'GET\nx-amz-security-token:{token}\n{}'",
                request.header("authorization").unwrap_or_default()
            );
            error(403, "InvalidSignatureException", &message)
        }
        Kind::Html503 => Some(Dialect::html(503)),
        Kind::Html200 => Some(Dialect::html(200)),
        Kind::Empty => Some(route.dialect.ok(&route.operation, &json!({}), id.to_owned())),
        Kind::TruncatedBody | Kind::Cut | Kind::RepeatedToken | Kind::Endless => None,
    }
}
