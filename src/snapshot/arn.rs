//! Amazon Resource Names, taken apart just as far as joins need.

use std::fmt;

/// `arn:partition:service:region:account:resource`. Region and account may be empty (S3, IAM) or a wildcard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Arn<'a> {
    pub partition: &'a str,
    pub service: &'a str,
    pub region: &'a str,
    pub account: &'a str,
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        let arn = (parts.next()? == "arn").then_some(Arn {
            partition: parts.next()?,
            service: parts.next()?,
            region: parts.next()?,
            account: parts.next()?,
            resource: parts.next()?,
        })?;
        (!arn.partition.is_empty() && !arn.service.is_empty() && !arn.resource.is_empty()).then_some(arn)
    }

    /// The resource without its type: `main` of `backup-vault:main`, `orders` of `table/orders`.
    pub fn name(&self) -> &'a str {
        let end_of_type = self.resource.find([':', '/']);
        end_of_type.map_or(self.resource, |at| &self.resource[at + 1..])
    }

    /// The resource's type: `backup-vault` of `backup-vault:main`; empty where the resource has none, as an S3 bucket.
    pub fn kind(&self) -> &'a str {
        self.resource.find([':', '/']).map_or("", |at| &self.resource[..at])
    }
}

impl fmt::Display for Arn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Arn { partition, service, region, account, resource } = self;
        write!(f, "arn:{partition}:{service}:{region}:{account}:{resource}")
    }
}
