//! The services of which only an inventory is asked: RDS, EC2, EFS, S3 and FSx. A resource's ARN gives its id; whatever else the
//! world says of it is sent as it is, in place of what is made up here.

use serde_json::{Value, json};

use super::answer::Said;
use super::paging::Items;
use super::route::Route;
use super::world::{World, arn, list, text};

pub fn say<'a>(world: &'a World, unit: &'a Value, route: &'a Route) -> Said<'a> {
    let (kind, member, token, sent): (&str, &'static str, &'static str, fn(&Value) -> Value) =
        match (route.service, route.operation.as_str()) {
            ("rds", "DescribeDBInstances") => ("RDS", "DBInstances", "Marker", instance_of_rds),
            ("rds", "DescribeDBClusters") => ("Aurora", "DBClusters", "Marker", cluster),
            ("ec2", "DescribeInstances") => ("EC2", "reservationSet", "nextToken", instance),
            ("ec2", "DescribeVolumes") => ("EBS", "volumeSet", "nextToken", volume),
            ("elasticfilesystem", "DescribeFileSystems") => ("EFS", "FileSystems", "NextMarker", file_system_of_efs),
            ("fsx", "DescribeFileSystems") => ("FSx", "FileSystems", "NextToken", file_system_of_fsx),
            ("s3", "ListBuckets") => return buckets(world, route),
            _ => return Said::unknown(route),
        };
    let Some(resources) = resources(unit, kind) else { return Said::denied(&route.action()) };
    let items = match kind {
        // EC2 lists instances by the request that launched them.
        "EC2" => Items::Made(resources.chunks(2).enumerate().map(|(number, of)| reservation(number, of)).collect()),
        _ => Items::Of(resources, Box::new(sent)),
    };
    Said::List { items, member, token }
}

/// `None`: nobody asked for this type.
fn resources<'a>(unit: &'a Value, kind: &str) -> Option<Vec<&'a Value>> {
    let entry = list(unit, "Inventory").iter().find(|entry| text(entry, "ResourceType") == kind)?;
    Some(list(entry, "Resources").iter().collect())
}

/// What the ARN gives: the id behind the last slash or colon.
fn id(resource: &Value) -> &str {
    text(resource, "ResourceArn").rsplit(['/', ':']).next().unwrap_or_default()
}

fn owner(resource: &Value) -> &str {
    arn(text(resource, "ResourceArn"), 4).unwrap_or_default()
}

/// The made up item, and over it what the world says.
fn item(mut made: Value, resource: &Value) -> Value {
    for (name, value) in resource.as_object().into_iter().flatten().filter(|(name, _)| *name != "ResourceArn") {
        made[name] = value.clone();
    }
    made
}

fn instance_of_rds(resource: &Value) -> Value {
    let made = json!({
        "DBInstanceIdentifier": id(resource),
        "DBInstanceArn": resource["ResourceArn"],
        "Engine": "postgres",
        "DBInstanceStatus": "available",
        "StorageEncrypted": true,
    });
    item(made, resource)
}

fn cluster(resource: &Value) -> Value {
    let made = json!({
        "DBClusterIdentifier": id(resource),
        "DBClusterArn": resource["ResourceArn"],
        "Engine": "aurora-postgresql",
        "Status": "available",
    });
    item(made, resource)
}

fn reservation(number: usize, instances: &[&Value]) -> Value {
    let owner = instances.first().map_or("", |first| owner(first));
    let instances: Vec<Value> = instances.iter().map(|resource| instance(resource)).collect();
    json!({"reservationId": format!("r-{number:017x}"), "ownerId": owner, "instancesSet": instances})
}

fn instance(resource: &Value) -> Value {
    item(json!({"instanceId": id(resource), "instanceState": {"code": 16, "name": "running"}}), resource)
}

fn volume(resource: &Value) -> Value {
    item(json!({"volumeId": id(resource), "size": 8, "status": "in-use", "encrypted": true}), resource)
}

fn file_system_of_efs(resource: &Value) -> Value {
    let made = json!({
        "OwnerId": owner(resource),
        "CreationToken": id(resource),
        "FileSystemId": id(resource),
        "FileSystemArn": resource["ResourceArn"],
        "CreationTime": 1_700_000_000,
        "LifeCycleState": "available",
        "NumberOfMountTargets": 1,
        "SizeInBytes": {"Value": 6144},
        "PerformanceMode": "generalPurpose",
        "Tags": [],
    });
    item(made, resource)
}

fn file_system_of_fsx(resource: &Value) -> Value {
    let made = json!({
        "OwnerId": owner(resource),
        "FileSystemId": id(resource),
        "ResourceARN": resource["ResourceArn"],
        "CreationTime": 1_700_000_000,
        "FileSystemType": "WINDOWS",
        "Lifecycle": "AVAILABLE",
    });
    item(made, resource)
}

/// S3 lists the buckets of all Regions, unless it is asked for one.
fn buckets<'a>(world: &World, route: &Route) -> Said<'a> {
    let wanted = route.input["bucket-region"].as_str();
    let units = world.units_of(&route.account).filter(|unit| wanted.is_none_or(|region| text(unit, "Region") == region));
    let of_units: Vec<(&str, Vec<&Value>)> = units.filter_map(|unit| Some((text(unit, "Region"), resources(unit, "S3")?))).collect();
    if of_units.is_empty() {
        return Said::denied("s3:ListAllMyBuckets");
    }
    let made = |region: &str, resource: &Value| {
        let bucket = json!({"Name": id(resource), "CreationDate": "2023-11-14T22:13:20Z", "BucketRegion": region});
        item(bucket, resource)
    };
    let buckets = of_units.iter().flat_map(|(region, resources)| resources.iter().map(|resource| made(region, resource)));
    Said::List { items: Items::Made(buckets.collect()), member: "Buckets", token: "ContinuationToken" }
}
