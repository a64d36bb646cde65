//! `s3://BUCKET/PREFIX`: which bucket, and where in it.

use std::fmt;

use object_store::path::Path;

use super::BucketError;

/// What a place in a bucket begins with.
pub const SCHEME: &str = "s3://";

/// A place in a bucket, below which objects are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    pub bucket: String,
    /// Without slashes at its ends; it may be empty.
    prefix: Path,
}

impl Location {
    pub fn parse(text: &str) -> Result<Self, BucketError> {
        let wrong = |why: &str| BucketError::NotAPlace { text: text.to_owned(), why: why.to_owned() };
        let rest = text.strip_prefix(SCHEME).ok_or_else(|| wrong("it does not begin with 's3://'"))?;
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        if bucket.is_empty() {
            return Err(wrong("it names no bucket"));
        }
        // The name becomes part of a host's name.
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'.';
        let ends_well = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
        let is_name = (3..=63).contains(&bucket.len())
            && bucket.bytes().all(is_plain)
            && ends_well(bucket.bytes().next())
            && ends_well(bucket.bytes().last())
            && !bucket.contains("..");
        if !is_name {
            return Err(wrong("a bucket's name has 3 to 63 lower-case letters, digits, hyphens and dots"));
        }
        let wrong_prefix = || wrong("the prefix has an empty part, '.', '..' or a character that no key should have");
        // `Path` would leave a slash at its beginning out.
        if prefix.starts_with('/') {
            return Err(wrong_prefix());
        }
        let prefix = Path::parse(prefix.trim_end_matches('/')).map_err(|_| wrong_prefix())?;
        if prefix.as_ref().len() > LONGEST_PREFIX || prefix.as_ref().chars().any(char::is_control) {
            return Err(wrong("the prefix is too long, or has a character that no key should have"));
        }
        Ok(Location { bucket: bucket.to_owned(), prefix })
    }

    pub fn prefix(&self) -> &Path {
        &self.prefix
    }

    /// The key of an object below it. `name` has no slash.
    pub fn key(&self, name: &str) -> Path {
        self.prefix.clone().join(name)
    }

    /// What an error calls an object below it.
    pub fn object(&self, name: &str) -> String {
        format!("{SCHEME}{}/{}", self.bucket, self.key(name))
    }

    /// Whether hosts can be named after the bucket: a certificate of `*.s3.REGION.amazonaws.com` does not hold for more labels.
    pub fn can_be_host(&self) -> bool {
        !self.bucket.contains('.')
    }

    /// What stands for its objects in an IAM policy.
    pub fn objects_arn(&self, region: &str) -> String {
        match self.prefix.as_ref() {
            "" => format!("{}/*", self.bucket_arn(region)),
            prefix => format!("{}/{prefix}/*", self.bucket_arn(region)),
        }
    }

    pub fn bucket_arn(&self, region: &str) -> String {
        let partition = match region {
            region if region.starts_with("cn-") => "aws-cn",
            region if region.starts_with("us-gov-") => "aws-us-gov",
            _ => "aws",
        };
        format!("arn:{partition}:s3:::{}", self.bucket)
    }
}

/// S3's keys have 1024 bytes; the rest is for the names of results.
const LONGEST_PREFIX: usize = 900;

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SCHEME}{}", self.bucket)?;
        if self.prefix.as_ref().is_empty() { Ok(()) } else { write!(f, "/{}", self.prefix) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_bucket_and_what_its_keys_begin_with() {
        for (text, key) in [
            ("s3://audits", "latest.json"),
            ("s3://audits/", "latest.json"),
            ("s3://audits/nights", "nights/latest.json"),
            ("s3://audits/nights/of prod/", "nights/of prod/latest.json"),
        ] {
            let location = Location::parse(text).unwrap();
            assert_eq!((location.bucket.as_str(), location.key("latest.json").as_ref()), ("audits", key), "{text}");
        }
        assert_eq!(Location::parse("s3://audits/nights/").unwrap().to_string(), "s3://audits/nights");
        assert_eq!(Location::parse("s3://audits").unwrap().objects_arn("cn-north-1"), "arn:aws-cn:s3:::audits/*");
    }

    #[test]
    fn what_is_no_place_says_why() {
        for text in [
            "s3://",
            "s3:///nights",
            "s3://a",
            "s3://Audits/x",
            "s3://au dits",
            "s3://a..b",
            "s3://-ab",
            "s3://ab:80",
            "s3://u@audits",
            "s3://audits//nights",
            "s3://audits/../x",
            "s3://audits/a\nb",
            "gs://audits",
        ] {
            assert!(matches!(Location::parse(text), Err(BucketError::NotAPlace { .. })), "{text}");
        }
    }
}
