//! Accounts: what is set for the whole account, over all its observed Regions.

use schemars::JsonSchema;
use serde::Serialize;

use std::collections::BTreeMap;

use super::dynamodb::{self, DynamoDbRegion};
use super::plan;
use super::plan_rule::copies;
use super::subject::{Facts, Kind, Subjects};
use super::trail::TrailFacts;
use super::unlisted::{self, UnlistedResource};
use super::world::{Region, World, all, plan_name};
use crate::snapshot::{Arn, Cause, Collection, Observed, Reason, Tags};

/// An account.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct AccountFacts {
    pub name: String,
    /// The Regions that were observed.
    pub regions: Vec<String>,
    /// Copy actions whose destination is in another account.
    pub cross_account_copies: Observed<Vec<CrossAccountCopy>>,
    /// The organization's `isCrossAccountBackupEnabled`.
    pub cross_account_backup_enabled: Observed<bool>,
    /// The Regions whose plans need DynamoDB's advanced features.
    pub dynamodb: Observed<Vec<DynamoDbRegion>>,
    /// Resources that only jobs name, and whose jobs did not all end well.
    pub unlisted_resources: Observed<Vec<UnlistedResource>>,
    /// Region by Region, whether CloudTrail writes down what is done to backups.
    pub trails: Vec<TrailFacts>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct CrossAccountCopy {
    pub plan: String,
    pub rule: String,
    pub destination_account: String,
}

/// Makes a subject of each account.
pub fn derive(world: &World, subjects: &mut Subjects) {
    let mut accounts: BTreeMap<&str, Vec<&Region>> = BTreeMap::new();
    for region in &world.regions {
        accounts.entry(&region.unit.account).or_default().push(region);
    }
    for (account, regions) in accounts {
        let facts = AccountFacts {
            name: account.to_owned(),
            regions: regions.iter().map(|region| region.unit.region.clone()).collect(),
            cross_account_copies: cross_account_copies(&regions),
            cross_account_backup_enabled: cross_account_backup(&regions),
            dynamodb: dynamodb::needing(&regions, world),
            unlisted_resources: unlisted::unlisted(&regions, world),
            trails: regions.iter().map(|region| TrailFacts::of(region)).collect(),
        };
        let partition = regions.first().map_or("aws", |region| &region.unit.partition);
        let id = format!("arn:{partition}:iam::{account}:root");
        subjects.of_mut(Kind::Account).push(
            id,
            account.to_owned(),
            Facts::new(account.to_owned(), String::new(), Observed::Known(Tags::default()), &facts),
        );
    }
}

fn cross_account_copies(regions: &[&Region]) -> Observed<Vec<CrossAccountCopy>> {
    let of_each = regions.iter().flat_map(|region| {
        let gaps = region.sight.gaps(Collection::BackupPlans);
        let unlisted = (!gaps.is_empty()).then_some(Observed::Unknown(gaps));
        unlisted.into_iter().chain(region.unit.backup_plans.iter().map(|plan| {
            plan::rules(plan, region).and_then(|rules| {
                let of_rules = rules.iter().map(|rule| {
                    copies(rule)
                        .and_then(|actions| {
                            all(actions.into_iter().map(|action| action.destination_backup_vault_arn.required("DestinationBackupVaultArn")))
                        })
                        .map(|destinations| {
                            let foreign =
                                destinations.iter().filter_map(|arn| Arn::parse(arn)).filter(|arn| arn.account != region.unit.account);
                            let copy = |arn: Arn| CrossAccountCopy {
                                plan: plan_name(plan),
                                rule: rule.rule_name.clone(),
                                destination_account: arn.account.to_owned(),
                            };
                            foreign.map(copy).collect::<Vec<_>>()
                        })
                });
                all(of_rules).map(|lists| lists.into_iter().flatten().collect::<Vec<_>>())
            })
        }))
    });
    all(of_each).map(|lists| {
        let mut copies: Vec<CrossAccountCopy> = lists.into_iter().flatten().collect();
        copies.sort();
        copies.dedup();
        copies
    })
}

/// The setting is the organization's; whichever Region told it told it for all.
fn cross_account_backup(regions: &[&Region]) -> Observed<bool> {
    let told = regions.iter().map(|region| {
        let settings = region.sight.member(&region.unit.global_settings, "backup:DescribeGlobalSettings", &region.unit.region);
        settings.required("GlobalSettings").and_then(|settings| settings.global_settings.required("GlobalSettings")).and_then(|settings| {
            match settings.get("isCrossAccountBackupEnabled").map(String::as_str) {
                Some("true") => Observed::Known(true),
                Some("false") => Observed::Known(false),
                _ => Observed::unknown(Reason::new(
                    Cause::NotObserved,
                    "the global settings do not say whether cross-account backup is enabled",
                )),
            }
        })
    });
    let mut told: Vec<Observed<bool>> = told.collect();
    told.sort_by_key(|answer| !answer.is_known());
    told.into_iter().next().unwrap_or_else(Observed::not_observed)
}
