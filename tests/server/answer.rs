//! What a request comes to: an answer from the world, an error of AWS's, or whatever fault was ordered.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::dialect::Dialect;
use super::faults::Kind;
use super::http::{Request, Response};
use super::route::{Route, route};
use super::{Seen, Shared, account, backup, kms, paging};

/// What an operation says, before a protocol words it.
pub enum Said {
    Object(Value),
    /// All items; the page that was asked for is cut out of them.
    List {
        items: Value,
        member: &'static str,
        token: &'static str,
    },
    /// AWS's code and message.
    Error(u16, &'static str, String),
}

impl Said {
    pub fn denied(operation: &str) -> Said {
        Said::Error(403, "AccessDeniedException", format!("User is not authorized to perform: {operation}"))
    }
}

pub fn answer(shared: &Shared, request: &Request) -> Response {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let id = format!("00000000-0000-4000-8000-{:012}", COUNT.fetch_add(1, Ordering::Relaxed));
    let Some(route) = route(request) else { return Dialect::html(404) };
    let seen = Seen {
        access_key: route.access_key.clone(),
        region: route.region.clone(),
        operation: route.operation.clone(),
        subject: route.subject.clone(),
        target: request.target.clone(),
    };
    shared.seen.lock().unwrap().push(seen);
    let kind = shared.faults.strike(&route.region, &route.operation, route.subject.as_deref());
    if let Some(response) = kind.and_then(|kind| refusal(kind, &route, request, &id)) {
        return response;
    }
    if route.operation == "GetCallerIdentity" {
        return Dialect::caller(&shared.world.caller(), id);
    }
    let mut response = match say(shared, &route) {
        Said::Error(status, code, message) => return route.dialect.error(status, code, &message, id),
        Said::Object(object) => route.dialect.ok(&object, id),
        Said::List { items, member, token } => match paging::page(&items, route.page_size, shared.page_size, route.token.as_deref()) {
            Some(page) => {
                let mut body = json!({ member: page.items });
                // AWS writes the last page's token as null, as an empty text, or not at all, service by service.
                match (page.next, token) {
                    (Some(next), _) => body[token] = next.into(),
                    (None, "PaginationToken") => body[token] = "".into(),
                    (None, "NextToken") => body[token] = Value::Null,
                    (None, _) => {}
                }
                match kind {
                    Some(Kind::RepeatedToken) => body[token] = "page-1".into(),
                    Some(Kind::Endless) => {
                        let empty = if items.is_object() { json!({}) } else { json!([]) };
                        body = json!({ member: empty, token: format!("page-{}", 1_000_000 + id_number(&id)) });
                    }
                    _ => {}
                }
                if token == "NextMarker" {
                    body["Truncated"] = body.get(token).is_some().into();
                }
                route.dialect.ok(&body, id)
            }
            None => return route.dialect.error(400, "InvalidParameterValueException", "Invalid NextToken", id),
        },
    };
    match kind {
        Some(Kind::TruncatedBody) => response.body.truncate(response.body.len() / 2),
        Some(Kind::Cut) => response.cut = true,
        _ => {}
    }
    response
}

fn id_number(id: &str) -> u64 {
    id.rsplit('-').next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

fn say(shared: &Shared, route: &Route) -> Said {
    if route.operation == "ListRegions" {
        return account::say(shared);
    }
    let Some(unit) = shared.world.unit(&route.region).or_else(|| kms::serves(shared, route).then_some(&Value::Null)) else {
        return Said::Error(403, "UnrecognizedClientException", "The security token included in the request is invalid.".to_owned());
    };
    match route.operation.as_str() {
        "DescribeKey" | "GetKeyRotationStatus" | "GetKeyPolicy" | "ListAliases" => kms::say(shared, route),
        _ => backup::say(unit, route),
    }
}

/// A fault that needs nothing of the world.
fn refusal(kind: Kind, route: &Route, request: &Request, id: &str) -> Option<Response> {
    let error = |status, code: &str, message: &str| Some(route.dialect.error(status, code, message, id.to_owned()));
    match kind {
        Kind::Denied => {
            let message = format!("User: arn:aws:iam::111122223333:user/auditor is not authorized to perform: {}", route.operation);
            error(403, "AccessDeniedException", &message)
        }
        Kind::Throttled | Kind::Limited(_) => error(429, "ThrottlingException", "Rate exceeded"),
        Kind::Error500 => error(500, "InternalServerException", "An internal error occurred"),
        Kind::ExpiredToken => error(403, "ExpiredTokenException", "The security token included in the request is expired"),
        Kind::UnrecognizedClient => error(403, "UnrecognizedClientException", "The security token included in the request is invalid."),
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
        Kind::Empty => Some(route.dialect.ok(&json!({}), id.to_owned())),
        Kind::TruncatedBody | Kind::Cut | Kind::RepeatedToken | Kind::Endless => None,
    }
}
