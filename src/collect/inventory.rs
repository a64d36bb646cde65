//! The inventory: every resource of a type, tagged or not, as the type's own service lists it. Of these services only the lists are
//! asked, and of the lists only the ARNs are kept.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::ErrorMetadata;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::call::{Found, Listing, Page, text};
use super::fault::Fault;
use super::ledger::Question;
use super::post::{Post, each};
use super::signed::Request;
use super::unit::Place;

/// What a page's items are turned into.
const RESOURCES: &str = "Resources";
const ARN: &str = "ResourceArn";
const TYPE: &str = "ResourceType";

/// Its type and its ARN.
type Resource = (&'static str, String);

/// One listing of one service.
#[derive(Debug, Clone, Copy)]
struct Catalogue {
    /// The types whose resources it lists, by AWS Backup's names.
    types: &'static [&'static str],
    service: &'static str,
    service_id: &'static str,
    operation: &'static str,
    wire: Wire,
    /// Where an answer keeps its items, and the token of its next page.
    items: &'static str,
    token: &'static str,
    /// What an item is; `None`: it is none of ours.
    resource: fn(&Map<String, Value>, &Place) -> Option<Resource>,
}

/// How a page is asked for.
#[derive(Debug, Clone, Copy)]
enum Wire {
    /// A form: the API's version, what it calls the page size and the token, and the size.
    Form(&'static str, &'static str, &'static str, u32),
    /// JSON with this target.
    Target(&'static str),
    /// A query: path with what is always asked, and what it calls the token.
    Query(&'static str, &'static str),
}

const CATALOGUES: [Catalogue; 7] = [
    Catalogue {
        types: &["RDS"],
        service: "rds",
        service_id: "RDS",
        operation: "DescribeDBInstances",
        wire: Wire::Form("2014-10-31", "MaxRecords", "Marker", 100),
        items: "DBInstances",
        token: "Marker",
        resource: db_instance,
    },
    Catalogue {
        types: &["Aurora", "RDS"],
        service: "rds",
        service_id: "RDS",
        operation: "DescribeDBClusters",
        wire: Wire::Form("2014-10-31", "MaxRecords", "Marker", 100),
        items: "DBClusters",
        token: "Marker",
        resource: db_cluster,
    },
    Catalogue {
        types: &["EC2"],
        service: "ec2",
        service_id: "EC2",
        operation: "DescribeInstances",
        wire: Wire::Form("2016-11-15", "MaxResults", "NextToken", 1000),
        items: "reservationSet",
        token: "nextToken",
        resource: instance,
    },
    Catalogue {
        types: &["EBS"],
        service: "ec2",
        service_id: "EC2",
        operation: "DescribeVolumes",
        wire: Wire::Form("2016-11-15", "MaxResults", "NextToken", 500),
        items: "volumeSet",
        token: "nextToken",
        resource: volume,
    },
    Catalogue {
        types: &["EFS"],
        service: "elasticfilesystem",
        service_id: "EFS",
        operation: "DescribeFileSystems",
        wire: Wire::Query("/2015-02-01/file-systems?MaxItems=100", "Marker"),
        items: "FileSystems",
        token: "NextMarker",
        resource: efs,
    },
    Catalogue {
        types: &["S3"],
        service: "s3",
        service_id: "S3",
        operation: "ListBuckets",
        wire: Wire::Query("/?max-buckets=1000&bucket-region={region}", "continuation-token"),
        items: "Buckets",
        token: "ContinuationToken",
        resource: bucket,
    },
    Catalogue {
        types: &["FSx"],
        service: "fsx",
        service_id: "FSX",
        operation: "DescribeFileSystems",
        wire: Wire::Target("AWSSimbaAPIService_v20180301.DescribeFileSystems"),
        items: "FileSystems",
        token: "NextToken",
        resource: fsx,
    },
];

/// The resources of the types that are asked for: an entry for each, which says whether it is whole.
pub async fn observe(post: &Post, place: &Place, asked: &[String]) -> Found {
    let is_asked = |types: &[&str]| types.iter().any(|of| asked.iter().any(|asked| asked == of));
    let catalogues: Vec<Catalogue> = CATALOGUES.into_iter().filter(|catalogue| is_asked(catalogue.types)).collect();
    let listings = each(catalogues, |catalogue| list(post.clone(), place.clone(), catalogue)).await;
    let mut types: Vec<&str> = CATALOGUES.iter().flat_map(|catalogue| catalogue.types).copied().filter(|of| is_asked(&[of])).collect();
    types.sort_unstable();
    types.dedup();
    let mut found = Found { items: Vec::new(), whole: !types.is_empty() };
    for of in types {
        let lists = || listings.iter().filter(|(catalogue, _)| catalogue.types.contains(&of)).map(|(_, listing)| listing);
        let whole = lists().all(Listing::is_whole);
        let items = lists().flat_map(|listing| &listing.items).filter(|item| text(item, TYPE) == of);
        let resources: Vec<Value> = items.map(|item| json!({ ARN: text(item, ARN) })).collect();
        found.items.push(json!({ TYPE: of, "Complete": whole, RESOURCES: resources }));
        found.whole &= whole;
    }
    found
}

async fn list(post: Post, place: Place, catalogue: Catalogue) -> (Catalogue, Listing) {
    let page = Page { items: RESOURCES, identity: ARN, token: catalogue.token };
    let listing = post
        .list_with(
            Question::new(catalogue.service, catalogue.operation),
            page,
            |token| catalogue.ask(post.clone(), token),
            |answer| catalogue.reduce(answer, &place),
        )
        .await;
    (catalogue, listing)
}

impl Catalogue {
    async fn ask(self, post: Post, token: Option<String>) -> Result<(), SdkError<ErrorMetadata, HttpResponse>> {
        let request = self.request(&post.region, token.as_deref());
        post.signed(request).await
    }

    fn request(&self, region: &str, token: Option<&str>) -> Request {
        let Catalogue { service, service_id, operation, .. } = *self;
        let request = |method, path: String, headers, body| Request { service, service_id, method, path, headers, body };
        match self.wire {
            Wire::Form(version, size_name, token_name, size) => {
                let token =
                    token.map(|token| format!("&{token_name}={}", utf8_percent_encode(token, NON_ALPHANUMERIC))).unwrap_or_default();
                let body = format!("Action={operation}&Version={version}&{size_name}={size}{token}");
                let form = ("content-type", "application/x-www-form-urlencoded; charset=utf-8".to_owned());
                request("POST", "/".to_owned(), vec![form], body)
            }
            Wire::Target(target) => {
                let body = token.map_or_else(|| json!({}), |token| json!({ self.token: token }));
                let headers = vec![("content-type", "application/x-amz-json-1.1".to_owned()), ("x-amz-target", target.to_owned())];
                request("POST", "/".to_owned(), headers, body.to_string())
            }
            Wire::Query(path, token_name) => {
                let token =
                    token.map(|token| format!("&{token_name}={}", utf8_percent_encode(token, NON_ALPHANUMERIC))).unwrap_or_default();
                request("GET", format!("{}{token}", path.replace("{region}", region)), Vec::new(), String::new())
            }
        }
    }

    /// Puts ARNs in place of a page's items.
    fn reduce(&self, answer: &mut Map<String, Value>, place: &Place) -> Result<(), Fault> {
        let no_item = || Fault::new(format!("an item of '{}' is not what it should be", self.items));
        let mut resources = Vec::new();
        for item in listed(answer.remove(self.items), self.items)? {
            let Value::Object(item) = item else { return Err(no_item()) };
            // EC2 lists instances by the request that launched them.
            let parts = match item.get("instancesSet") {
                Some(instances) => listed(Some(instances.clone()), "instancesSet")?,
                None => vec![Value::Object(item)],
            };
            for part in parts {
                let part = part.as_object().ok_or_else(no_item)?;
                if let Some((of, arn)) = (self.resource)(part, place) {
                    // Without an ARN it is no resource, which the listing then says.
                    resources.push(json!({ ARN: arn, TYPE: of }));
                }
            }
        }
        answer.insert(RESOURCES.to_owned(), Value::Array(resources));
        Ok(())
    }
}

/// A list, as XML writes it when it is empty as well.
fn listed(value: Option<Value>, name: &str) -> Result<Vec<Value>, Fault> {
    match value {
        Some(Value::Array(items)) => Ok(items),
        Some(Value::String(text)) if text.trim().is_empty() => Ok(Vec::new()),
        _ => Err(Fault::new(format!("the answer holds no list '{name}'"))),
    }
}

/// Members of clusters are backed up with their cluster.
fn db_instance(item: &Map<String, Value>, _: &Place) -> Option<Resource> {
    let is_member = !text(item, "DBClusterIdentifier").is_empty();
    (!is_member).then(|| ("RDS", text(item, "DBInstanceArn").to_owned()))
}

/// The same call lists clusters of Aurora, Multi-AZ clusters of RDS, and those of Neptune and DocumentDB.
fn db_cluster(item: &Map<String, Value>, _: &Place) -> Option<Resource> {
    let of = match text(item, "Engine") {
        engine if engine.starts_with("aurora") => "Aurora",
        "mysql" | "postgres" => "RDS",
        _ => return None,
    };
    Some((of, text(item, "DBClusterArn").to_owned()))
}

fn instance(item: &Map<String, Value>, place: &Place) -> Option<Resource> {
    let state = item.get("instanceState").and_then(|state| state.get("name")).and_then(Value::as_str);
    (state != Some("terminated")).then(|| ("EC2", place.arn("ec2", "instance/", text(item, "instanceId"))))
}

fn volume(item: &Map<String, Value>, place: &Place) -> Option<Resource> {
    Some(("EBS", place.arn("ec2", "volume/", text(item, "volumeId"))))
}

fn efs(item: &Map<String, Value>, place: &Place) -> Option<Resource> {
    let arn = match text(item, "FileSystemArn") {
        "" => place.arn("elasticfilesystem", "file-system/", text(item, "FileSystemId")),
        arn => arn.to_owned(),
    };
    Some(("EFS", arn))
}

/// Where AWS is asked for one Region's buckets and answers with others all the same, they are left to their own Region.
fn bucket(item: &Map<String, Value>, place: &Place) -> Option<Resource> {
    let (name, region) = (text(item, "Name"), text(item, "BucketRegion"));
    let arn = if name.is_empty() { String::new() } else { format!("arn:{}:s3:::{name}", place.partition) };
    (region.is_empty() || region == place.region).then_some(("S3", arn))
}

fn fsx(item: &Map<String, Value>, _: &Place) -> Option<Resource> {
    Some(("FSx", text(item, "ResourceARN").to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::body;

    fn catalogue(operation: &str, service: &str) -> Catalogue {
        *CATALOGUES.iter().find(|catalogue| catalogue.operation == operation && catalogue.service == service).unwrap()
    }

    fn place() -> Place {
        Place { account: "111122223333".to_owned(), partition: "aws".to_owned(), region: "eu-west-1".to_owned() }
    }

    fn reduced(operation: &str, service: &str, xml: &str) -> Option<Vec<String>> {
        let mut answer = body::object("text/xml", xml.as_bytes()).unwrap();
        catalogue(operation, service).reduce(&mut answer, &place()).ok()?;
        Some(
            answer[RESOURCES]
                .as_array()?
                .iter()
                .map(|item| format!("{} {}", item[TYPE].as_str().unwrap(), item[ARN].as_str().unwrap()))
                .collect(),
        )
    }

    #[test]
    fn instances_come_out_of_their_reservations_and_those_that_are_gone_do_not() {
        let instance = |id: &str, state: &str| {
            format!("<item><instanceId>{id}</instanceId><instanceState><code>1</code><name>{state}</name></instanceState></item>")
        };
        let xml = format!(
            "<DescribeInstancesResponse><requestId>r</requestId><reservationSet><item><reservationId>r-1</reservationId><groupSet/><instancesSet>{}{}</instancesSet>\
             </item><item><reservationId>r-2</reservationId><instancesSet>{}</instancesSet></item></reservationSet></DescribeInstancesResponse>",
            instance("i-1", "running"),
            instance("i-2", "terminated"),
            instance("i-3", "stopped")
        );
        let arn = |id| format!("EC2 arn:aws:ec2:eu-west-1:111122223333:instance/{id}");
        assert_eq!(reduced("DescribeInstances", "ec2", &xml), Some(vec![arn("i-1"), arn("i-3")]));
        assert_eq!(reduced("DescribeInstances", "ec2", "<R><reservationSet/></R>"), Some(Vec::new()));
        assert_eq!(reduced("DescribeInstances", "ec2", "<R><requestId>r</requestId></R>"), None);
    }

    #[test]
    fn clusters_are_told_apart_by_their_engine_and_their_members_are_not_listed_beside_them() {
        let cluster = |engine: &str| format!("<DBCluster><DBClusterArn>{engine}</DBClusterArn><Engine>{engine}</Engine></DBCluster>");
        let clusters: String = ["aurora-mysql", "postgres", "neptune", "docdb"].map(cluster).concat();
        let xml = format!("<R><DescribeDBClustersResult><DBClusters>{clusters}</DBClusters></DescribeDBClustersResult></R>");
        let expected = ["Aurora aurora-mysql", "RDS postgres"].map(str::to_owned).to_vec();
        assert_eq!(reduced("DescribeDBClusters", "rds", &xml), Some(expected));
        let xml = "<R><DescribeDBInstancesResult><DBInstances><DBInstance><DBInstanceArn>a</DBInstanceArn></DBInstance><DBInstance>\
                   <DBInstanceArn>b</DBInstanceArn><DBClusterIdentifier>c</DBClusterIdentifier></DBInstance></DBInstances></DescribeDBInstancesResult></R>";
        assert_eq!(reduced("DescribeDBInstances", "rds", xml), Some(vec!["RDS a".to_owned()]));
    }

    #[test]
    fn a_bucket_of_another_region_is_left_to_it() {
        let xml = "<ListAllMyBucketsResult><Owner><ID>o</ID></Owner><Buckets><Bucket><Name>here</Name><BucketRegion>eu-west-1</BucketRegion></Bucket>\
                   <Bucket><Name>there</Name><BucketRegion>us-east-1</BucketRegion></Bucket></Buckets></ListAllMyBucketsResult>";
        assert_eq!(reduced("ListBuckets", "s3", xml), Some(vec!["S3 arn:aws:s3:::here".to_owned()]));
    }

    #[test]
    fn the_next_page_is_asked_for_by_its_token() {
        let of = |operation, service, token| catalogue(operation, service).request("eu-west-1", token);
        assert_eq!(of("ListBuckets", "s3", Some("a+b")).path, "/?max-buckets=1000&bucket-region=eu-west-1&continuation-token=a%2Bb");
        assert_eq!(of("DescribeFileSystems", "fsx", Some("t")).body, "{\"NextToken\":\"t\"}");
        assert!(of("DescribeVolumes", "ec2", Some("t=")).body.ends_with("&MaxResults=500&NextToken=t%3D"));
        assert_eq!(of("DescribeVolumes", "ec2", None).body, "Action=DescribeVolumes&Version=2016-11-15&MaxResults=500");
    }
}
