//! How each protocol words an answer and an error.

use serde_json::{Value, json};

use super::http::Response;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// AWS Backup and Account Management.
    RestJson,
    /// KMS and the tagging API.
    Json11,
    /// STS.
    Query,
}

pub const REQUEST_ID: &str = "x-amzn-requestid";

impl Dialect {
    pub fn ok(self, body: &Value, request_id: String) -> Response {
        let content_type = if self == Dialect::RestJson { "application/json" } else { "application/x-amz-json-1.1" };
        let headers = vec![("content-type", content_type.to_owned()), (REQUEST_ID, request_id)];
        Response { status: 200, headers, body: body.to_string().into_bytes(), cut: false }
    }

    pub fn caller(caller: &Value, request_id: String) -> Response {
        let member = |name: &str| format!("<{name}>{}</{name}>", caller[name].as_str().unwrap_or_default());
        let body = format!(
            "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>{}{}{}</GetCallerIdentityResult>\
             <ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></GetCallerIdentityResponse>",
            member("Arn"),
            member("UserId"),
            member("Account"),
        );
        Response {
            status: 200,
            headers: vec![("content-type", "text/xml".to_owned()), (REQUEST_ID, request_id)],
            body: body.into_bytes(),
            cut: false,
        }
    }

    /// `code` as the JSON services spell it; query services drop its `Exception`.
    pub fn error(self, status: u16, code: &str, message: &str, request_id: String) -> Response {
        let mut headers = vec![(REQUEST_ID, request_id.clone())];
        let body = match self {
            Dialect::RestJson => {
                headers.push(("content-type", "application/json".to_owned()));
                headers.push(("x-amzn-ErrorType", format!("{code}:http://internal.amazon.com/coral/com.amazonaws.cryo/")));
                json!({ "Message": message }).to_string()
            }
            Dialect::Json11 => {
                headers.push(("content-type", "application/x-amz-json-1.1".to_owned()));
                json!({ "__type": code, "message": message }).to_string()
            }
            Dialect::Query => {
                headers.push(("content-type", "text/xml".to_owned()));
                let code = code.strip_suffix("Exception").unwrap_or(code);
                format!(
                    "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type><Code>{code}</Code>\
                     <Message>{message}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>"
                )
            }
        };
        // The JSON protocols over POST know one status for all that the client did.
        let status = if self == Dialect::Json11 && status < 500 { 400 } else { status };
        Response { status, headers, body: body.into_bytes(), cut: false }
    }

    pub fn html(status: u16) -> Response {
        let body = "<!DOCTYPE html><html><body><h1>Service Unavailable</h1></body></html>".to_owned();
        Response { status, headers: vec![("content-type", "text/html".to_owned())], body: body.into_bytes(), cut: false }
    }
}
