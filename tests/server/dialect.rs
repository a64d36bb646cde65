//! How each protocol words an answer and an error.

use serde_json::{Value, json};

use super::http::Response;
use super::xml::{element, escaped, members};
use super::{cbor, xml};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// AWS Backup, Account Management and EFS.
    RestJson,
    /// DynamoDB.
    Json10,
    /// KMS, the tagging API, EventBridge, CloudTrail, Organizations and FSx.
    Json11,
    /// STS, IAM, SNS and RDS, each with its namespace.
    Query(&'static str),
    Ec2,
    /// S3.
    RestXml,
    /// CloudWatch: rpc-v2-cbor.
    Cbor,
}

pub const REQUEST_ID: &str = "x-amzn-requestid";
const EC2: &str = "http://ec2.amazonaws.com/doc/2016-11-15/";
const S3: &str = "http://s3.amazonaws.com/doc/2006-03-01/";

/// Codes as the JSON services spell them, as the query services do, EC2, and S3 with its status. What does not stand here
/// is spelled alike everywhere.
const CODES: [(&str, &str, &str, (&str, u16)); 7] = [
    ("AccessDeniedException", "AccessDenied", "UnauthorizedOperation", ("AccessDenied", 403)),
    ("ThrottlingException", "Throttling", "RequestLimitExceeded", ("SlowDown", 503)),
    ("InternalServerException", "InternalFailure", "InternalError", ("InternalError", 500)),
    ("ExpiredTokenException", "ExpiredToken", "RequestExpired", ("ExpiredToken", 400)),
    ("UnrecognizedClientException", "InvalidClientTokenId", "AuthFailure", ("InvalidAccessKeyId", 403)),
    ("InvalidSignatureException", "SignatureDoesNotMatch", "SignatureDoesNotMatch", ("SignatureDoesNotMatch", 403)),
    ("InvalidParameterValueException", "InvalidParameterValue", "InvalidParameterValue", ("InvalidArgument", 400)),
];

impl Dialect {
    pub fn ok(self, operation: &str, body: &Value, request_id: String) -> Response {
        let body = match self {
            Dialect::RestJson | Dialect::Json10 | Dialect::Json11 => body.to_string().into_bytes(),
            Dialect::Cbor => cbor::encode(body),
            Dialect::Query(namespace) => {
                let members = members(body, None);
                format!(
                    "<{operation}Response xmlns=\"{namespace}\"><{operation}Result>{members}</{operation}Result>\
                     <ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{operation}Response>"
                )
                .into_bytes()
            }
            Dialect::Ec2 => {
                let members = members(body, Some("item"));
                format!("<{operation}Response xmlns=\"{EC2}\"><requestId>{request_id}</requestId>{members}</{operation}Response>")
                    .into_bytes()
            }
            Dialect::RestXml => {
                format!("<ListAllMyBucketsResult xmlns=\"{S3}\">{}</ListAllMyBucketsResult>", xml::members(body, None)).into_bytes()
            }
        };
        self.response(200, body, request_id)
    }

    /// A body that is JSON already.
    pub fn ready(self, body: String, request_id: String) -> Response {
        self.response(200, body.into_bytes(), request_id)
    }

    /// `code` as the JSON services spell it.
    pub fn error(self, service: &str, status: u16, code: &str, message: &str, request_id: String) -> Response {
        let words = CODES.iter().find(|(json, ..)| *json == code);
        let (in_query, in_ec2, (in_s3, s3_status)) = words.map_or((code, code, (code, status)), |(_, query, ec2, s3)| (*query, *ec2, *s3));
        // SNS is older than the name that the others agreed on.
        let in_query = if service == "sns" && in_query == "AccessDenied" { "AuthorizationError" } else { in_query };
        // The JSON protocols over POST know one status for all that the client did.
        let one_status = if status < 500 { 400 } else { status };
        let fault = if status < 500 { "Sender" } else { "Receiver" };
        let json = |code: &str| json!({ "__type": code, "message": message }).to_string().into_bytes();
        match self {
            Dialect::RestJson => {
                let mut response = self.response(status, json!({ "Message": message }).to_string().into_bytes(), request_id);
                let kind = format!("{code}:http://internal.amazon.com/coral/com.amazonaws.{service}/");
                response.headers.push(("x-amzn-ErrorType", kind));
                response
            }
            Dialect::Json10 => {
                let namespace = match code {
                    "AccessDeniedException" | "UnrecognizedClientException" => "com.amazon.coral.service",
                    _ => "com.amazonaws.dynamodb.v20120810",
                };
                self.response(one_status, json(&format!("{namespace}#{code}")), request_id)
            }
            Dialect::Json11 => self.response(one_status, json(code), request_id),
            Dialect::Cbor => {
                let body = cbor::encode(&json!({ "__type": format!("com.amazonaws.cloudwatch#{code}"), "message": message }));
                let mut response = self.response(one_status, body, request_id);
                response.headers.push(("x-amzn-query-error", format!("{in_query};{fault}")));
                response
            }
            Dialect::Query(namespace) => {
                let mut error = String::new();
                element(&mut error, "Error", &json!({ "Type": fault, "Code": in_query, "Message": message }), None);
                let body = format!("<ErrorResponse xmlns=\"{namespace}\">{error}<RequestId>{request_id}</RequestId></ErrorResponse>");
                self.response(status, body.into_bytes(), request_id)
            }
            Dialect::Ec2 => {
                let body = format!(
                    "<Response><Errors><Error><Code>{in_ec2}</Code><Message>{}</Message></Error></Errors>\
                     <RequestID>{request_id}</RequestID></Response>",
                    escaped(message)
                );
                let status = if in_ec2 == "RequestLimitExceeded" { 503 } else { status };
                self.response(status, body.into_bytes(), request_id)
            }
            Dialect::RestXml => {
                let body = format!(
                    "<Error><Code>{in_s3}</Code><Message>{}</Message><RequestId>{request_id}</RequestId></Error>",
                    escaped(message)
                );
                self.response(s3_status, body.into_bytes(), request_id)
            }
        }
    }

    fn response(self, status: u16, body: Vec<u8>, request_id: String) -> Response {
        let (content_type, id_name) = match self {
            Dialect::RestJson => ("application/json", REQUEST_ID),
            Dialect::Json10 => ("application/x-amz-json-1.0", REQUEST_ID),
            Dialect::Json11 => ("application/x-amz-json-1.1", REQUEST_ID),
            Dialect::Query(_) => ("text/xml", REQUEST_ID),
            Dialect::Ec2 => ("text/xml;charset=UTF-8", REQUEST_ID),
            Dialect::RestXml => ("application/xml", "x-amz-request-id"),
            Dialect::Cbor => ("application/cbor", REQUEST_ID),
        };
        let mut headers = vec![("content-type", content_type.to_owned()), (id_name, request_id)];
        if self == Dialect::Cbor {
            headers.push(("smithy-protocol", "rpc-v2-cbor".to_owned()));
        }
        let body = if matches!(self, Dialect::Query(_) | Dialect::Ec2 | Dialect::RestXml) {
            [b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".as_slice(), &body].concat()
        } else {
            body
        };
        Response { status, headers, body, cut: false }
    }

    pub fn html(status: u16) -> Response {
        let body = "<!DOCTYPE html><html><body><h1>Service Unavailable</h1></body></html>".to_owned();
        Response { status, headers: vec![("content-type", "text/html".to_owned())], body: body.into_bytes(), cut: false }
    }
}
