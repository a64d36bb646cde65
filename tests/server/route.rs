//! Which operation a request calls, as whom, and about what. Routes and names are those of botocore's models.

use serde_json::{Map, Value};

use super::dialect::Dialect;
use super::http::{Request, pairs};
use super::world::World;
use super::{backup_paths, cbor, iam, vaults};

/// A request, understood.
#[derive(Debug, Clone)]
pub struct Route {
    pub dialect: Dialect,
    pub access_key: String,
    /// The one whose key it is.
    pub account: String,
    pub region: String,
    /// IAM's prefix.
    pub service: &'static str,
    pub operation: String,
    /// What the collector's ledger calls the subject of the call.
    pub subject: Option<String>,
    /// Other names of the same subject, under which a fault may be ordered.
    pub aliases: Vec<String>,
    /// The body, or of a GET the query, whose values are texts.
    pub input: Value,
    pub page_size: Option<usize>,
    pub token: Option<String>,
    pub session_token: Option<String>,
}

/// Services by the name that they are signed with: IAM's prefix, and what stands before the operation in x-amz-target.
const TARGETS: [(&str, &str, &str, Dialect); 7] = [
    ("kms", "kms", "TrentService", Dialect::Json11),
    ("tagging", "tag", "ResourceGroupsTaggingAPI_20170126", Dialect::Json11),
    ("dynamodb", "dynamodb", "DynamoDB_20120810", Dialect::Json10),
    ("events", "events", "AWSEvents", Dialect::Json11),
    ("cloudtrail", "cloudtrail", "CloudTrail_20131101", Dialect::Json11),
    ("organizations", "organizations", "AWSOrganizationsV20161128", Dialect::Json11),
    ("fsx", "fsx", "AWSSimbaAPIService_v20180301", Dialect::Json11),
];

/// Services that are asked with a form, whose field `Action` is the operation.
const FORMS: [(&str, Dialect); 5] = [
    ("sts", Dialect::Query("https://sts.amazonaws.com/doc/2011-06-15/")),
    ("sns", Dialect::Query("http://sns.amazonaws.com/doc/2010-03-31/")),
    ("iam", Dialect::Query("https://iam.amazonaws.com/doc/2010-05-08/")),
    ("rds", Dialect::Query("http://rds.amazonaws.com/doc/2014-10-31/")),
    ("ec2", Dialect::Ec2),
];

const SIZES: [&str; 7] = ["MaxResults", "maxResults", "MaxItems", "MaxRecords", "Limit", "ResourcesPerPage", "max-buckets"];
const TOKENS: [&str; 6] = ["NextToken", "nextToken", "Marker", "PaginationToken", "ExclusiveStartTableName", "continuation-token"];

/// Members that name what a call is about, service by service. All others ask about nothing in particular.
const SUBJECTS: [(&str, &[&str]); 7] = [
    ("kms", &["KeyId"]),
    ("dynamodb", &["TableName"]),
    ("sns", &["TopicArn"]),
    ("iam", &["PolicyArn"]),
    ("sts", &["RoleArn"]),
    ("events", &["Rule"]),
    ("cloudtrail", &["Name", "TrailName"]),
];

/// `None`: no operation that this server knows, or a request that nobody signed.
pub fn route(world: &World, request: &Request) -> Option<Route> {
    let [access_key, region, signed_for] = scope(request)?;
    let (dialect, service, operation, path_subject, input) = called(request, &signed_for)?;
    let text = |name: &str| input[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let number = |name: &str| input[name].as_u64().or_else(|| input[name].as_str()?.parse().ok()).map(|number| number as usize);
    let named = SUBJECTS.iter().find(|(of, _)| *of == service).and_then(|(_, names)| names.iter().find_map(|name| text(name)));
    let mut route = Route {
        dialect,
        account: world.account(&access_key).to_owned(),
        access_key,
        region,
        service,
        operation,
        subject: path_subject.or(named),
        aliases: Vec::new(),
        page_size: SIZES.iter().find_map(|name| number(name)),
        token: TOKENS.iter().find_map(|name| text(name)),
        session_token: request.header("x-amz-security-token").map(str::to_owned),
        input,
    };
    match service {
        "iam" => iam::name(world, &mut route),
        "backup" => vaults::name(world, &mut route),
        _ => {}
    }
    Some(route)
}

impl Route {
    pub fn is_about(&self, subject: &str) -> bool {
        self.subject.as_deref() == Some(subject) || self.aliases.iter().any(|alias| alias == subject)
    }

    /// As IAM and the ledger write it: `backup:ListTags`.
    pub fn action(&self) -> String {
        format!("{}:{}", self.service, self.operation)
    }

    /// A member of the input that is a text.
    pub fn text(&self, name: &str) -> &str {
        self.input[name].as_str().unwrap_or_default()
    }

    pub fn subject(&self) -> &str {
        self.subject.as_deref().unwrap_or_default()
    }
}

type Called = (Dialect, &'static str, String, Option<String>, Value);

/// Protocol, service, operation, the subject where the path holds it, and the input.
fn called(request: &Request, signed_for: &str) -> Option<Called> {
    if let Some((_, service, prefix, dialect)) = TARGETS.iter().find(|(name, ..)| *name == signed_for) {
        let (target, operation) = request.header("x-amz-target")?.rsplit_once('.')?;
        let is_its = target.rsplit('.').next() == Some(*prefix);
        let input = serde_json::from_slice(&request.body).unwrap_or_default();
        return is_its.then(|| (*dialect, *service, operation.to_owned(), None, input));
    }
    if let Some((service, dialect)) = FORMS.iter().find(|(name, _)| *name == signed_for) {
        let input = object(&String::from_utf8_lossy(&request.body));
        let operation = input["Action"].as_str()?.to_owned();
        return Some((*dialect, *service, operation, None, input));
    }
    let path = request.path().trim_end_matches('/');
    let query = || object(request.target.split_once('?').map_or("", |(_, query)| query));
    let is_get = request.method == "GET";
    match signed_for {
        "backup" if is_get => {
            let (operation, subject) = backup_paths::operation(path)?;
            Some((Dialect::RestJson, "backup", operation.to_owned(), subject, query()))
        }
        "account" if path == "/listRegions" => {
            let input = serde_json::from_slice(&request.body).unwrap_or_default();
            Some((Dialect::RestJson, "account", "ListRegions".to_owned(), None, input))
        }
        "elasticfilesystem" if is_get && path == "/2015-02-01/file-systems" => {
            Some((Dialect::RestJson, "elasticfilesystem", "DescribeFileSystems".to_owned(), None, query()))
        }
        "s3" if is_get && path.is_empty() => Some((Dialect::RestXml, "s3", "ListBuckets".to_owned(), None, query())),
        "monitoring" => {
            let operation = path.strip_prefix("/service/GraniteServiceVersion20100801/operation/")?;
            let is_cbor = request.header("smithy-protocol") == Some("rpc-v2-cbor");
            is_cbor.then(|| (Dialect::Cbor, "cloudwatch", operation.to_owned(), None, cbor::decode(&request.body)))
        }
        _ => None,
    }
}

fn object(form: &str) -> Value {
    Value::Object(pairs(form).map(|(name, value)| (name, value.into())).collect::<Map<_, _>>())
}

/// Key, Region and service of the signature: `Credential=KEY/DATE/REGION/SERVICE/aws4_request`.
fn scope(request: &Request) -> Option<[String; 3]> {
    let (_, credential) = request.header("authorization")?.split_once("Credential=")?;
    let parts: Vec<&str> = credential.split([',', ' ']).next()?.split('/').collect();
    match parts.as_slice() {
        [key, _date, region, service, _end] => Some([*key, *region, *service].map(str::to_owned)),
        _ => None,
    }
}
