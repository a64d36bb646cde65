//! Settings: what the Region opts in to, what the account allows, which resource types there are.

use super::call::Told;
use super::fault::never_absent;
use super::ledger::Question;
use super::post::Post;

pub async fn region(post: &Post) -> Told {
    post.object(
        Question::new("backup", "DescribeRegionSettings"),
        "ResourceTypeOptInPreference",
        never_absent,
        post.backup.describe_region_settings().send(),
    )
    .await
}

/// Only the management account and a delegated administrator may read them.
pub async fn global(post: &Post) -> Told {
    post.object(
        Question::new("backup", "DescribeGlobalSettings"),
        "GlobalSettings",
        never_absent,
        post.backup.describe_global_settings().send(),
    )
    .await
}

pub async fn supported_types(post: &Post) -> Told {
    post.object(
        Question::new("backup", "GetSupportedResourceTypes"),
        "ResourceTypes",
        never_absent,
        post.backup.get_supported_resource_types().send(),
    )
    .await
}
