//! What a role may do for the resource types that it backs up. Service control policies, and the policies of the resources themselves,
//! are not looked at.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use crate::facts::backup_actions::{self, Need};
use crate::facts::capability::ResourceType;
use crate::facts::iam::{Caller, Permission, Policy, Request, Target, Truth, Value};
use crate::facts::world::{Region, all};
use crate::snapshot::{AttachedPolicy, Cause, InlinePolicy, Observed, Reason, Role};

/// What a role lacks for a resource type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Ability {
    /// As AWS Backup names it: `DynamoDB`.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// When the table of what each type takes was read, as YYYY-MM-DD.
    pub read_on: String,
    /// The indispensable actions that the role may not do; of several of which one is enough, all, parted by ` or `.
    pub lacks_for_backup: Observed<Vec<String>>,
    pub lacks_for_restore: Observed<Vec<String>>,
}

pub fn abilities(role: &Observed<&Role>, mut types: Vec<&'static ResourceType>, region: &Region) -> Observed<Vec<Ability>> {
    types.sort_by(|a, b| a.name.cmp(&b.name));
    types.dedup_by(|a, b| a.name == b.name);
    let read = role.clone().map(|role| Powers::of(role, region));
    let ability = |kind: &ResourceType| {
        let lacks = |needs: Option<&'static [Vec<Need>]>, what: &str| match needs {
            Some(needs) => read.as_ref().and_then(|powers| lacks(powers, needs, region)),
            None => Observed::unknown(Reason::new(
                Cause::Undetermined,
                format!("what {what} of '{}' takes stands in no document of AWS that Backstop goes by", kind.name),
            )),
        };
        let needs = backup_actions::of(&kind.name);
        Ability {
            resource_type: kind.name.clone(),
            read_on: backup_actions::read_on().to_owned(),
            lacks_for_backup: lacks(needs.and_then(|needs| needs.backup.as_deref()), "a backup"),
            lacks_for_restore: lacks(needs.and_then(|needs| needs.restore.as_deref()), "a restore"),
        }
    };
    Observed::Known(types.into_iter().map(ability).collect())
}

/// What a role's policies say, as far as they were read.
struct Powers {
    caller: String,
    policies: Vec<Policy>,
    /// None: nothing bounds what the policies allow. Unknown: something that was not read does.
    boundary: Observed<Policy>,
    /// Why there may be policies, or statements, that nobody read.
    unread: Vec<Reason>,
}

impl Powers {
    fn of(role: &Role, region: &Region) -> Self {
        let mut powers = Powers { caller: role.arn.clone(), policies: Vec::new(), boundary: Observed::Absent, unread: Vec::new() };
        match region.sight.member(&role.attached_policies, "iam:ListAttachedRolePolicies", &role.arn).absent_is(Vec::new()) {
            Observed::Known(list) => list.iter().for_each(|attached| powers.add(managed(attached, region))),
            other => powers.unread.extend(other.reasons().iter().cloned()),
        }
        match region.sight.member(&role.inline_policies, "iam:ListRolePolicies", &role.arn).absent_is(Vec::new()) {
            Observed::Known(list) => list.iter().for_each(|own| powers.add(inline(own, role, region))),
            other => powers.unread.extend(other.reasons().iter().cloned()),
        }
        powers.boundary = role.permissions_boundary.as_ref().and_then(|bounds| {
            bounds.permissions_boundary_arn.clone().required("PermissionsBoundaryArn").and_then(|arn| bounding(&arn, role, region))
        });
        powers
    }

    fn add(&mut self, policy: Observed<Policy>) {
        match policy {
            Observed::Known(policy) => self.policies.push(policy),
            other => self.unread.extend(other.required("PolicyDocument").reasons().iter().cloned()),
        }
    }

    /// Whether the role may do it. A policy that was not read may deny as well as allow.
    fn may(&self, request: &Request, who: &str) -> Observed<bool> {
        let Permission { allowed, denied } = Permission::by(&self.policies, request);
        let bounded = match &self.boundary {
            Observed::Absent => Observed::Known(true),
            boundary => boundary.as_ref().and_then(|policy| policy.lets(request).observed(who)),
        };
        if denied == Truth::Yes || bounded == Observed::Known(false) {
            return Observed::Known(false);
        }
        if !self.unread.is_empty() {
            return Observed::Unknown(self.unread.clone());
        }
        match Truth::all([allowed, denied.not()]).observed(who) {
            Observed::Known(true) => bounded,
            other => other,
        }
    }
}

fn managed(attached: &AttachedPolicy, region: &Region) -> Observed<Policy> {
    let arn = attached.policy_arn.as_str();
    let document = match region.sight.failure("iam:GetPolicy", arn) {
        Some(reason) => Observed::unknown(reason),
        None => region.sight.member(&attached.policy_document, "iam:GetPolicyVersion", arn),
    };
    match document {
        // The table speaks for what nobody asked for, and never in place of an answer that AWS refused.
        Observed::Unknown(reasons)
            if reasons.iter().all(|reason| reason.cause == Cause::NotObserved || reason.cause.is_of_source_code()) =>
        {
            backup_actions::managed(arn).map_or(Observed::Unknown(reasons), Observed::Known)
        }
        Observed::Unknown(reasons) => Observed::Unknown(reasons),
        document => document.and_then(|document| Policy::of_identity(&document).map_or_else(Observed::unknown, Observed::Known)),
    }
}

fn inline(own: &InlinePolicy, role: &Role, region: &Region) -> Observed<Policy> {
    let subject = format!("{}/{}", role.arn, own.policy_name);
    let document = region.sight.member(&own.policy_document, "iam:GetRolePolicy", &subject);
    document.and_then(|document| Policy::of_identity(&document).map_or_else(Observed::unknown, Observed::Known))
}

/// A permissions boundary is read only where it is attached as a policy, too.
fn bounding(arn: &str, role: &Role, region: &Region) -> Observed<Policy> {
    let among = role.attached_policies.known().into_iter().flatten().find(|attached| attached.policy_arn == arn);
    among.map_or_else(
        || {
            let detail = format!("the permissions boundary '{arn}' of '{}' was not read", role.arn);
            Observed::unknown(Reason::new(Cause::Undetermined, detail))
        },
        |attached| managed(attached, region).required("PolicyDocument"),
    )
}

fn lacks(powers: &Powers, needs: &[Vec<Need>], region: &Region) -> Observed<Vec<String>> {
    all(needs.iter().map(|choices| {
        let verdicts: Vec<Observed<bool>> = choices.iter().map(|need| may(powers, need, region)).collect();
        if verdicts.contains(&Observed::Known(true)) {
            return Observed::Absent;
        }
        let actions: BTreeSet<&str> = choices.iter().map(|need| need.action.as_str()).collect();
        all(verdicts).map(|_| actions.into_iter().collect::<Vec<_>>().join(" or "))
    }))
}

fn may(powers: &Powers, need: &Need, region: &Region) -> Observed<bool> {
    let unit = region.unit;
    let resource =
        need.resource.replace("{partition}", &unit.partition).replace("{region}", &unit.region).replace("{account}", &unit.account);
    let request = Request::new(Caller::Identity(powers.caller.clone()), &need.action)
        .on(Target::Form(resource))
        .with("aws:ResourceAccount", Value::One(unit.account.clone()))
        .with("aws:RequestedRegion", Value::One(unit.region.clone()));
    powers.may(&request, &format!("whether '{}' may do '{}'", powers.caller, need.action))
}
