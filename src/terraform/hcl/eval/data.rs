//! Data sources that tell nothing but what the configuration already says. All others are AWS's to answer.

use std::rc::Rc;

use super::policy_document;
use super::val::{Outcome, Val};
use super::{Evaluator, Key, ResourceInstance, What};
use crate::snapshot::{Cause, Observed};

/// The beginning of a Region's name, the partition, and its domains, forwards and backwards.
const PARTITIONS: &[(&str, &str, &str, &str)] = &[
    ("cn-", "aws-cn", "amazonaws.com.cn", "cn.com.amazonaws"),
    ("us-gov-", "aws-us-gov", "amazonaws.com", "com.amazonaws"),
    ("us-isob-", "aws-iso-b", "sc2s.sgov.gov", "gov.sgov.sc2s"),
    ("us-isof-", "aws-iso-f", "csp.hci.ic.gov", "gov.ic.hci.csp"),
    ("us-iso-", "aws-iso", "c2s.ic.gov", "gov.ic.c2s"),
    ("eu-isoe-", "aws-iso-e", "cloud.adc-e.uk", "uk.adc-e.cloud"),
    ("eusc-", "aws-eusc", "amazonaws.eu", "eu.amazonaws"),
    ("", "aws", "amazonaws.com", "com.amazonaws"),
];

impl<'t> Evaluator<'t> {
    pub fn data_attribute(&self, at: usize, data: &Rc<ResourceInstance<'t>>, name: &str) -> Outcome {
        let read = || Val::not_evaluated(format!("{}.{name} is read from AWS or elsewhere", data.address));
        Ok(match (data.kind, name) {
            ("aws_caller_identity", "account_id" | "id") => observed(self.place(data).account, data, "the account").unwrap_or_else(read),
            ("aws_region", "name" | "region" | "id") => self.region(at, data).unwrap_or_else(read),
            ("aws_partition", "partition" | "id" | "dns_suffix" | "reverse_dns_prefix") => match self.region(at, data) {
                Some(Val::Text(region)) => PARTITIONS.iter().find(|(prefix, ..)| region.starts_with(prefix)).map_or_else(read, |found| {
                    Val::text(match name {
                        "dns_suffix" => found.2,
                        "reverse_dns_prefix" => found.3,
                        _ => found.1,
                    })
                }),
                other => other.unwrap_or_else(read),
            },
            ("aws_iam_policy", "arn" | "id") => match self.set_attribute(at, data, "arn") {
                Val::Null => read(),
                arn => arn,
            },
            ("aws_iam_policy", "name") => match (self.set_attribute(at, data, "name"), self.set_attribute(at, data, "arn")) {
                (Val::Null, Val::Text(arn)) => arn.rsplit('/').next().map_or_else(read, Val::from),
                (Val::Null, _) => read(),
                (name, _) => name,
            },
            ("aws_iam_policy_document", "json" | "minified_json") => {
                let key = Key(at, What::Document, format!("{}.{name}", data.address));
                self.once(key, || Ok(policy_document::json(self, at, data, name == "json")))?
            }
            _ => match self.set_attribute(at, data, name) {
                Val::Null => read(),
                // What is asked with is what is answered with, where the data source is as it seems.
                set if data.kind.starts_with("aws_iam_policy_document") => set,
                _ => read(),
            },
        })
    }

    fn region(&self, at: usize, data: &Rc<ResourceInstance<'t>>) -> Option<Val> {
        // The attribute of the same name looks another Region up.
        match self.set_attribute(at, data, "name") {
            Val::Null => observed(self.place(data).region, data, "the Region"),
            name => Some(name),
        }
    }
}

/// None: the configuration leaves it to the environment.
fn observed(place: Observed<String>, data: &ResourceInstance<'_>, what: &str) -> Option<Val> {
    match place {
        Observed::Known(text) => Some(Val::text(text)),
        Observed::Unknown(reasons) => reasons.into_iter().next().map(|reason| Val::unknown(reason.cause, reason.detail)),
        _ => Some(Val::unknown(
            Cause::NotEvaluated,
            format!("{} is read with credentials: the provider's configuration does not tell {what}", data.address),
        )),
    }
}
