//! DynamoDB: tables and whether they can be restored to a point in time.

use serde_json::{Value, json};

use super::answer::Said;
use super::backup::find;
use super::paging::Items;
use super::route::Route;
use super::world::{Member, member, on_the_wire, seen};

pub fn say<'a>(unit: &'a Value, route: &'a Route) -> Said<'a> {
    match route.operation.as_str() {
        "ListTables" => match seen(unit, "Tables") {
            Some(tables) => {
                let items = Items::Of(tables, Box::new(|table| table["TableName"].clone()));
                Said::List { items, member: "TableNames", token: "LastEvaluatedTableName" }
            }
            None => Said::denied("dynamodb:ListTables"),
        },
        "DescribeContinuousBackups" => {
            let table = find(unit, "Tables", "TableName", route.subject());
            match table.map(|table| member(table, "ContinuousBackupsDescription")) {
                Some(Member::Known(described)) => Said::Object(json!({ "ContinuousBackupsDescription": on_the_wire(described, &[]) })),
                Some(Member::Hidden) => Said::denied("dynamodb:DescribeContinuousBackups"),
                _ => Said::Error(400, "TableNotFoundException", format!("Table not found: {}", route.subject())),
            }
        }
        _ => Said::unknown(route),
    }
}
