//! Organizations: the organization of an account, whichever of its units tells of it.

use serde_json::{Value, json};

use super::answer::Said;
use super::paging::Items;
use super::route::Route;
use super::world::{Member, World, document, member, on_the_wire, seen};

pub fn say<'a>(world: &'a World, route: &'a Route) -> Said<'a> {
    let denied = || Said::denied(&route.action());
    let told = world.units_of(&route.account).map(|unit| member(unit, "Organization")).find(|told| !matches!(told, Member::Hidden));
    let unit = match told {
        None | Some(Member::Hidden) => return denied(),
        Some(Member::None) => {
            let message = "Your account is not a member of an organization.".to_owned();
            return Said::Error(400, "AWSOrganizationsNotInUseException", message);
        }
        Some(Member::Known(organization)) => organization,
    };
    match route.operation.as_str() {
        "DescribeOrganization" => match member(unit, "Organization") {
            Member::Known(organization) => Said::Object(json!({ "Organization": on_the_wire(organization, &[]) })),
            _ => denied(),
        },
        "DescribeEffectivePolicy" => match member(unit, "EffectiveBackupPolicy") {
            Member::Known(policy) if route.text("PolicyType") == "BACKUP_POLICY" => Said::Object(effective(policy)),
            Member::Hidden => denied(),
            _ => {
                let message = "The effective policy of the specified type was not found for the specified target.".to_owned();
                Said::Error(400, "EffectivePolicyNotFoundException", message)
            }
        },
        "ListAccounts" => match seen(unit, "Accounts") {
            Some(accounts) => {
                let items = Items::Of(accounts, Box::new(|account| on_the_wire(account, &[])));
                Said::List { items, member: "Accounts", token: "NextToken" }
            }
            None => denied(),
        },
        _ => Said::unknown(route),
    }
}

fn effective(policy: &Value) -> Value {
    let mut sent = on_the_wire(policy, &[]);
    sent["PolicyContent"] = document(&policy["PolicyContent"]).into();
    json!({ "EffectivePolicy": sent })
}
