//! What the ledger lets one conclude: whether a collection is whole, and why a member is missing.

use rustc_hash::FxHashMap;

use super::capability;
use crate::snapshot::{Arn, Call, Cause, Collection, Observed, Outcome, Reason, SupportedResourceTypes, Unit, Vault};

/// The ledger of one unit, ready to be asked.
pub struct Sight<'a> {
    unit: &'a Unit,
    /// Calls that did not end well, by action.
    failed: FxHashMap<String, Vec<&'a Call>>,
    /// Why it is not known which vault a recovery point lies in: it may be any.
    unplaced: Option<Reason>,
}

impl<'a> Sight<'a> {
    pub fn of(unit: &'a Unit) -> Self {
        let mut failed: FxHashMap<String, Vec<&Call>> = FxHashMap::default();
        for call in unit.calls.iter().filter(|call| call.outcome != Outcome::Ok) {
            failed.entry(call.action()).or_default().push(call);
        }
        let unplaced = unit.recovery_points.iter().find(|point| !point.backup_vault_name.is_known()).map(|point| {
            Reason::new(Cause::NotObserved, format!("the snapshot does not say which vault '{}' lies in", point.recovery_point_arn))
        });
        Sight { unit, failed, unplaced }
    }

    /// Why the collection is not whole; empty when it is. A call that failed outweighs what `Complete` says.
    pub fn gaps(&self, collection: Collection) -> Vec<Reason> {
        let mut reasons: Vec<Reason> =
            collection.filled_by().iter().filter_map(|action| self.failed.get(*action)).flatten().map(|call| self.reason(call)).collect();
        if reasons.is_empty() && !self.unit.complete.contains(&collection) {
            reasons.push(self.undeclared(collection).unwrap_or_else(|| {
                Reason::of_call(
                    Cause::NotObserved,
                    collection.filled_by()[0],
                    format!("the snapshot of {} does not say that its {collection:?} are complete", self.unit.label()),
                )
            }));
        }
        reasons
    }

    /// Why a collection that Terraform tells of is not whole; `None` where AWS was observed.
    fn undeclared(&self, collection: Collection) -> Option<Reason> {
        let place = self.unit.label();
        self.unit.source.is_terraform().then(|| match collection.is_declarable() {
            true => Reason::new(Cause::NotDeclared, format!("one Terraform root is not all of {place}: there may be more {collection:?}")),
            false => Reason::new(Cause::NotDeclarable, format!("Terraform does not tell the {collection:?} of {place}")),
        })
    }

    /// Why the recovery points of a vault are not all there; empty when they are.
    pub fn gaps_in_points(&self, vault: &Vault, listed: u64) -> Vec<Reason> {
        const ACTION: &str = "backup:ListRecoveryPointsByBackupVault";
        if self.unit.source.is_terraform() {
            return self.undeclared(Collection::RecoveryPoints).into_iter().collect();
        }
        let name = vault.backup_vault_name.as_str();
        if let Some(reason) = self.failure(ACTION, name) {
            return vec![reason];
        }
        let answered = || self.unit.calls.iter().any(|call| call.subject.as_deref() == Some(name) && call.action() == ACTION);
        if !self.unit.complete.contains(&Collection::RecoveryPoints) && !answered() {
            let detail =
                format!("the snapshot of {} does not say that the recovery points of vault '{name}' are complete", self.unit.label());
            return vec![Reason::of_call(Cause::NotObserved, ACTION, detail)];
        }
        match &vault.number_of_recovery_points {
            Observed::Known(counted) if *counted > 0 && *counted as u64 > listed => {
                let detail = format!("vault '{name}' says it holds {counted} recovery points and {listed} were listed");
                vec![Reason::of_call(Cause::Truncated, ACTION, detail)]
            }
            // Known, it might contradict the list.
            Observed::Unknown(reasons) => reasons.clone(),
            _ => self.unplaced.iter().cloned().collect(),
        }
    }

    /// Why the call about a subject, or about everything, brought nothing; `None` when it did or was never made.
    pub fn failure(&self, action: &str, subject: &str) -> Option<Reason> {
        let calls = self.failed.get(action)?;
        calls.iter().find(|call| call.subject.as_deref().is_none_or(|of| of == subject)).map(|call| self.reason(call))
    }

    /// As `failure`, of something outside of the unit: that calls on what is in the unit were skipped says nothing of it.
    pub fn failure_elsewhere(&self, action: &str, subject: &str) -> Option<Reason> {
        let calls = self.failed.get(action)?;
        let on_everything = |call: &Call| call.subject.is_none() && call.outcome != Outcome::Skipped;
        let named = calls.iter().find(|call| call.subject.as_deref() == Some(subject));
        named.or_else(|| calls.iter().find(|call| on_everything(call))).map(|call| self.reason(call))
    }

    /// A member that ListBackupVaults leaves out although the vault has it (boto/boto3#4544): without DescribeBackupVault, its
    /// absence says nothing. A lock date that is taken for absent would turn an immutable vault into one in governance mode.
    pub fn described<T: Clone>(&self, member: &Observed<T>, vault: &Vault) -> Observed<T> {
        // A vault elsewhere was looked up by its ARN, and would not be here without an answer.
        let is_own = |arn: Arn| arn.account == self.unit.account && arn.region == self.unit.region;
        if !member.is_absent() || !vault.backup_vault_arn.known().and_then(|arn| Arn::parse(arn)).is_none_or(is_own) {
            return member.clone();
        }
        match self.failure("backup:DescribeBackupVault", &vault.backup_vault_name) {
            Some(reason) => Observed::unknown(reason),
            None => Observed::Absent,
        }
    }

    /// A member that a call of its own brings: unknown when that call did not end well, whatever stands in the snapshot.
    pub fn member<T: Clone>(&self, member: &Observed<T>, action: &str, subject: &str) -> Observed<T> {
        match self.failure(action, subject) {
            Some(reason) => Observed::unknown(reason),
            None if member.reasons().iter().any(|reason| reason.cause == Cause::NotObserved && reason.call.is_none()) => {
                if self.unit.source.is_terraform() {
                    return Observed::unknown(Reason::new(
                        Cause::NotDeclarable,
                        format!("Terraform does not tell what {action} on '{subject}' would"),
                    ));
                }
                let detail = format!("the snapshot holds no answer to {action} on '{subject}'");
                Observed::unknown(Reason::of_call(Cause::NotObserved, action, detail))
            }
            None => member.clone(),
        }
    }

    /// GetSupportedResourceTypes. Of a root that is taken for all there is nobody could ask AWS, and the dated table tells.
    pub fn supported_types(&self) -> Observed<SupportedResourceTypes> {
        let told = self.member(&self.unit.supported_resource_types, "backup:GetSupportedResourceTypes", &self.unit.region);
        if told.is_unknown() && self.unit.source.is_terraform() && self.unit.complete.contains(&Collection::Resources) {
            let names = capability::all_names().map(str::to_owned).collect();
            return Observed::Known(SupportedResourceTypes { resource_types: Observed::Known(names) });
        }
        told
    }

    fn reason(&self, call: &Call) -> Reason {
        let (cause, what) = match call.outcome {
            Outcome::Ok => (Cause::NotObserved, "was answered"),
            Outcome::Denied => (Cause::Denied, "was denied"),
            Outcome::Throttled => (Cause::Throttled, "was throttled until it was given up"),
            Outcome::Failed => (Cause::Failed, "failed"),
            Outcome::Truncated => (Cause::Truncated, "ended before its last page"),
            Outcome::Skipped => (Cause::Skipped, "was not made"),
        };
        let action = call.action();
        let place = self.unit.label();
        let detail = match &call.subject {
            Some(subject) => format!("{action} on '{subject}' in {place} {what}"),
            None => format!("{action} in {place} {what}"),
        };
        Reason::of_call(cause, action, detail)
    }
}
