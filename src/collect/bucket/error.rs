//! Why nothing could be read from a bucket or kept in it.

use super::location::Location;
use super::transport::{Ending, Refusal};
use crate::collect::CollectError;
use crate::collect::fault::Redaction;
use crate::plain::plain;

/// Its texts hold no secrets.
#[derive(Debug, thiserror::Error)]
pub enum BucketError {
    #[error("'{text}' is no place in a bucket: {why}")]
    NotAPlace { text: String, why: String },
    /// The configuration and the credentials of the standard chain.
    #[error(transparent)]
    Chain(#[from] CollectError),
    #[error("there is no bucket '{bucket}'{}", seen_in(region))]
    Missing { bucket: String, region: String },
    #[error("bucket '{bucket}' is not in Region '{asked}'{}", but_in(region.as_deref()))]
    Elsewhere { bucket: String, asked: String, region: Option<String> },
    #[error("{deed} '{object}' is denied to these credentials: {reason}")]
    Denied { deed: Deed, object: String, reason: String, bucket_arn: String, objects_arn: String },
    #[error("the credentials ran out before '{object}' was asked for: {reason}")]
    Expired { object: String, reason: String },
    #[error("S3 does not take the credentials: {reason}")]
    Credentials { reason: String },
    #[error("{deed} '{object}' failed: {reason}")]
    Refused { deed: Deed, object: String, reason: String },
    #[error("'{object}' was not reached at {host}: {reason}")]
    Unreachable { object: String, host: String, reason: String },
    #[error("{host} does not heed the conditions of a put (If-None-Match, If-Match), so that two runs at once could lose a result")]
    Unconditional { host: String },
    #[error("'{object}' has more than {most} bytes, which nothing that is kept here has")]
    TooLarge { object: String, most: u64 },
    #[error("other runs changed '{object}' again and again while this one wanted to")]
    Contended { object: String },
    #[error("interrupted before '{place}' had all of this run")]
    Interrupted { place: String },
}

/// What is done with an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    List,
    Read,
    Write,
}

impl std::fmt::Display for Deed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Deed::List => "listing",
            Deed::Read => "reading",
            Deed::Write => "writing",
        })
    }
}

fn seen_in(region: &str) -> String {
    format!(", as S3 in Region '{region}' sees it")
}

fn but_in(region: Option<&str>) -> String {
    region.map(|region| format!(" but in '{region}'")).unwrap_or_default()
}

const EXPIRED: [&str; 4] = ["ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"];
const NOT_TAKEN: [&str; 6] = [
    "InvalidAccessKeyId",
    "InvalidToken",
    "SignatureDoesNotMatch",
    "RequestTimeTooSkewed",
    "InvalidClientTokenId",
    "UnrecognizedClientException",
];
const ELSEWHERE: [&str; 4] =
    ["PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"];

/// Who asked for what, where.
pub struct Asked<'a> {
    pub deed: Deed,
    pub name: &'a str,
    pub location: &'a Location,
    pub region: &'a str,
    pub host: &'a str,
    pub redaction: &'a Redaction,
}

impl Asked<'_> {
    /// What an ending means. `otherwise`: where object_store failed by itself.
    pub fn error(&self, ending: Option<Ending>, otherwise: &object_store::Error) -> BucketError {
        let object = self.location.object(self.name);
        let clean = |text: &str| self.clean(text);
        match ending {
            Some(Ending::Refused(refusal)) => self.refused(object, &refusal),
            Some(Ending::TooLarge { most }) => BucketError::TooLarge { object, most },
            Some(Ending::Unanswered { reason }) => BucketError::Unreachable { object, host: self.host.to_owned(), reason: clean(&reason) },
            Some(Ending::Unsigned { reason }) => BucketError::Chain(CollectError::NoCredentials { profile: None, reason: clean(&reason) }),
            None => BucketError::Refused { deed: self.deed, object, reason: clean(&otherwise.to_string()) },
        }
    }

    /// Without secrets, and without what would steer a terminal or reorder its text.
    fn clean(&self, text: &str) -> String {
        plain(&self.redaction.apply(text, &[])).into_owned()
    }

    fn refused(&self, object: String, refusal: &Refusal) -> BucketError {
        let code = refusal.code.as_deref().unwrap_or_default();
        let said = match (&refusal.code, &refusal.message) {
            (Some(code), Some(message)) => format!("{code}: {message}"),
            (Some(code), None) => code.clone(),
            // A proxy's page, or a server that is not S3.
            (None, _) => format!("HTTP status {}, without a word of S3's", refusal.status),
        };
        let reason = self.clean(&said);
        let deed = self.deed;
        let bucket = self.location.bucket.clone();
        match (refusal.status, code) {
            (_, code) if EXPIRED.contains(&code) => BucketError::Expired { object, reason },
            (_, code) if NOT_TAKEN.contains(&code) => BucketError::Credentials { reason },
            (_, "NoSuchBucket") => BucketError::Missing { bucket, region: self.region.to_owned() },
            (301 | 307, _) => self.elsewhere(bucket, refusal),
            (_, code) if ELSEWHERE.contains(&code) => self.elsewhere(bucket, refusal),
            (501, _) | (_, "NotImplemented") if deed == Deed::Write => BucketError::Unconditional { host: self.host.to_owned() },
            (401 | 403, _) => BucketError::Denied {
                deed,
                object,
                reason,
                bucket_arn: self.location.bucket_arn(self.region),
                objects_arn: self.location.objects_arn(self.region),
            },
            _ => BucketError::Refused { deed, object, reason },
        }
    }

    fn elsewhere(&self, bucket: String, refusal: &Refusal) -> BucketError {
        let region = refusal.region.as_deref().map(|region| self.clean(region)).filter(|region| region != self.region);
        BucketError::Elsewhere { bucket, asked: self.region.to_owned(), region }
    }
}

impl BucketError {
    /// The command line or the configuration is at fault, not AWS.
    pub fn is_usage(&self) -> bool {
        match self {
            BucketError::NotAPlace { .. } => true,
            BucketError::Chain(error) => error.is_usage(),
            _ => false,
        }
    }

    /// What to do about it; one line.
    pub fn help(&self) -> String {
        match self {
            BucketError::NotAPlace { .. } => "write it as s3://BUCKET/PREFIX".to_owned(),
            BucketError::Chain(error) => error.help().to_owned(),
            BucketError::Missing { .. } => "create the bucket, or check its name and the account of the credentials".to_owned(),
            BucketError::Elsewhere { region: Some(region), .. } => format!("set AWS_REGION={region}; --region says what is observed"),
            BucketError::Elsewhere { region: None, .. } => {
                "set AWS_REGION to the bucket's Region; --region says what is observed".to_owned()
            }
            // Without ListBucket, S3 denies what is not there, which must not pass for a history without a former result.
            BucketError::Denied { deed: Deed::Read, bucket_arn, objects_arn, .. } => format!(
                "allow s3:GetObject on '{objects_arn}', and s3:ListBucket on '{bucket_arn}', without which S3 denies also what is not there yet"
            ),
            BucketError::Denied { deed: Deed::List, bucket_arn, .. } => format!("allow s3:ListBucket on '{bucket_arn}'"),
            BucketError::Denied { deed: Deed::Write, objects_arn, .. } => format!(
                "allow s3:PutObject on '{objects_arn}', and where a KMS key encrypts the bucket, kms:GenerateDataKey and kms:Decrypt on that"
            ),
            BucketError::Expired { .. } => "renew the credentials, and run it again".to_owned(),
            BucketError::Credentials { .. } => "log in anew, and check the clock, the keys and the session token".to_owned(),
            BucketError::Refused { .. } => "nothing was written over; run it again later, or ask whoever keeps the bucket".to_owned(),
            BucketError::Unreachable { .. } => "check the network, the proxy and AWS_ENDPOINT_URL_S3".to_owned(),
            BucketError::Unconditional { .. } => "keep the history in S3 itself, in a server that heeds them, or in a directory".to_owned(),
            BucketError::TooLarge { .. } => "check what has put it there".to_owned(),
            BucketError::Contended { .. } => "the result is kept; run it again for it to become the newest".to_owned(),
            BucketError::Interrupted { .. } => "run it again: what is kept is not kept twice".to_owned(),
        }
    }
}
