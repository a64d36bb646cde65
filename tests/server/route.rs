//! Which operation a request calls, and about what. Routes are those of botocore's models; a trailing slash is as good as
//! none, because boto3 keeps it and the Rust SDK does not.

use serde_json::Value;

use super::dialect::Dialect;
use super::http::{Request, decode};

/// A request, understood.
#[derive(Debug, Clone)]
pub struct Route {
    pub dialect: Dialect,
    pub access_key: String,
    pub region: String,
    pub operation: String,
    /// What the collector's ledger calls the subject of the call.
    pub subject: Option<String>,
    /// Of POSTs, the body.
    pub input: Value,
    pub page_size: Option<usize>,
    pub token: Option<String>,
}

/// `None`: no operation that this server knows, or a request that nobody signed.
pub fn route(request: &Request) -> Option<Route> {
    let [access_key, region, service] = scope(request)?;
    let input: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let number = |name: &str| input[name].as_u64().map(|number| number as usize);
    let member = |name: &str| input[name].as_str().map(str::to_owned);
    let route = |dialect, operation: &str, subject: Option<String>| Route {
        dialect,
        access_key: access_key.clone(),
        region: region.clone(),
        operation: operation.to_owned(),
        subject,
        input: input.clone(),
        page_size: None,
        token: None,
    };
    match service.as_str() {
        "sts" if request.body.windows(24).any(|window| window == b"Action=GetCallerIdentity") => {
            Some(route(Dialect::Query, "GetCallerIdentity", None))
        }
        "kms" | "tagging" => {
            let (_, operation) = request.header("x-amz-target")?.split_once('.')?;
            let route = route(Dialect::Json11, operation, member("KeyId"));
            let token = member("Marker").or_else(|| member("PaginationToken"));
            Some(Route { page_size: number("Limit").or_else(|| number("ResourcesPerPage")), token, ..route })
        }
        "account" if request.path().trim_end_matches('/') == "/listRegions" => {
            let route = route(Dialect::RestJson, "ListRegions", None);
            Some(Route { page_size: number("MaxResults"), token: member("NextToken"), ..route })
        }
        "backup" if request.method == "GET" => {
            let (operation, subject) = backup(request.path())?;
            let page_size = request.query("maxResults").and_then(|size| size.parse().ok());
            Some(Route { page_size, token: request.query("nextToken"), ..route(Dialect::RestJson, operation, subject) })
        }
        _ => None,
    }
}

fn backup(path: &str) -> Option<(&'static str, Option<String>)> {
    let path = path.trim_matches('/');
    // Names and ARNs hold slashes of their own; clients encode them, so the split comes first.
    let parts: Vec<&str> = path.split('/').collect();
    Some(match parts.as_slice() {
        ["backup-vaults"] => ("ListBackupVaults", None),
        ["backup-vaults", vault] => ("DescribeBackupVault", Some(decode(vault))),
        ["backup-vaults", vault, "access-policy"] => ("GetBackupVaultAccessPolicy", Some(decode(vault))),
        ["backup-vaults", vault, "notification-configuration"] => ("GetBackupVaultNotifications", Some(decode(vault))),
        ["backup-vaults", vault, "recovery-points"] => ("ListRecoveryPointsByBackupVault", Some(decode(vault))),
        ["tags", arn] => ("ListTags", Some(decode(arn))),
        ["backup", "plans"] => ("ListBackupPlans", None),
        ["backup", "plans", plan] => ("GetBackupPlan", Some(decode(plan))),
        ["backup", "plans", plan, "selections"] => ("ListBackupSelections", Some(decode(plan))),
        ["backup", "plans", plan, "selections", selection] => {
            ("GetBackupSelection", Some(format!("{}/{}", decode(plan), decode(selection))))
        }
        ["resources"] => ("ListProtectedResources", None),
        ["account-settings"] => ("DescribeRegionSettings", None),
        ["global-settings"] => ("DescribeGlobalSettings", None),
        ["supported-resource-types"] => ("GetSupportedResourceTypes", None),
        ["backup-jobs"] => ("ListBackupJobs", None),
        ["copy-jobs"] => ("ListCopyJobs", None),
        ["restore-jobs"] => ("ListRestoreJobs", None),
        _ => return None,
    })
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
