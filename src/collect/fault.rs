//! Why a call was not answered: the outcome that its error means, and an error text that holds no secret.

use std::error::Error;
use std::sync::LazyLock;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use regex::Regex;

use crate::snapshot::Outcome;

/// Query services say `AccessDenied`, the others `AccessDeniedException`; EC2's word is accepted for good measure.
const DENIED: [&str; 8] = [
    "AccessDenied",
    "AccessDeniedException",
    "AuthorizationError",
    "AuthorizationErrorException",
    "KMSAccessDeniedException",
    "NotAuthorized",
    "UnauthorizedException",
    "UnauthorizedOperation",
];

/// The codes that the SDK itself retries as throttling.
const THROTTLED: [&str; 14] = [
    "BandwidthLimitExceeded",
    "EC2ThrottledException",
    "LimitExceededException",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionInProgressException",
];

/// Long enough for AWS's sentences, short enough for a ledger.
const LONGEST_MESSAGE: usize = 400;

/// A call's error.
#[derive(Debug, Clone)]
pub struct Fault {
    /// `Denied`, `Throttled` or `Failed`.
    pub outcome: Outcome,
    /// AWS's code; `None` where no service answered.
    pub code: Option<String>,
    pub message: String,
}

impl Fault {
    pub fn new(message: impl Into<String>) -> Self {
        Fault { outcome: Outcome::Failed, code: None, message: message.into() }
    }

    /// It may hold secrets; see `without`.
    pub fn of<E>(error: &SdkError<E, HttpResponse>) -> Self
    where
        E: Error + ProvideErrorMetadata + 'static,
    {
        let SdkError::ServiceError(answer) = error else {
            return Fault::new(chain(error));
        };
        let status = answer.raw().status().as_u16();
        let code = answer.err().code().map(|code| bare_code(code).to_owned());
        // Without a message: a proxy's page, or an emulator that does not know the operation.
        let message = answer.err().message().map_or_else(|| format!("HTTP status {status}"), str::to_owned);
        Fault::answered(status, code, message)
    }

    /// The same with its texts redacted.
    pub fn without(self, redaction: &Redaction, more: &[String]) -> Self {
        let redact = |text: &str| redaction.apply(text, more);
        Fault { outcome: self.outcome, code: self.code.map(|code| redact(&code)), message: redact(&self.message) }
    }

    /// What an error that AWS answered with means.
    pub fn answered(status: u16, code: Option<String>, message: String) -> Self {
        let outcome = match code.as_deref() {
            Some(code) if DENIED.contains(&code) => Outcome::Denied,
            code if is_throttle(status, code) => Outcome::Throttled,
            _ => Outcome::Failed,
        };
        Fault { outcome, code, message }
    }

    /// The credentials ran out: nothing that is asked with them from now on is answered.
    pub fn is_expiry(&self) -> bool {
        self.has_code(&["ExpiredToken", "ExpiredTokenException", "RequestExpired"])
    }

    pub fn has_code(&self, codes: &[&str]) -> bool {
        self.code.as_deref().is_some_and(|code| codes.contains(&code))
    }

    /// `AccessDeniedException: User ... is not authorized ...`
    pub fn text(&self) -> String {
        match &self.code {
            Some(code) => format!("{code}: {}", self.message),
            None => self.message.clone(),
        }
    }
}

/// A code without what the services put around it: `com.amazonaws#Code`, `Code:http://...`, `Code;Sender`.
pub fn bare_code(code: &str) -> &str {
    let code = code.split([':', ';']).next().unwrap_or_default();
    code.rsplit('#').next().unwrap_or_default().trim()
}

pub fn is_throttle(status: u16, code: Option<&str>) -> bool {
    match code {
        Some(code) => THROTTLED.contains(&code),
        None => status == 429,
    }
}

/// For objects that always exist.
pub fn never_absent(_: &Fault) -> bool {
    false
}

/// The code of AWS Backup, which is the same for a vault without a policy and for a vault that does not exist: it proves
/// an absence only inside of something that was listed.
pub fn not_found(fault: &Fault) -> bool {
    fault.has_code(&["ResourceNotFoundException"])
}

/// An error and what caused it, outermost first. The SDK's own texts are generic ("dispatch failure"); the cause is not.
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let next = error.to_string();
        if !text.ends_with(&next) {
            text = format!("{text}: {next}");
        }
        cause = error.source();
    }
    text
}

/// Takes credentials out of texts that AWS or the network wrote: AWS echoes the signed headers, session token
/// included, when a signature does not match.
#[derive(Debug, Default)]
pub struct Redaction {
    secrets: Vec<String>,
}

/// Shorter ones are placeholders, as emulators take them, and are parts of ordinary words.
const SHORTEST_SECRET: usize = 12;

static CREDENTIAL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)x-amz-security-token[:=]\s*\S+|\b(?-i:AKIA|ASIA)[A-Z0-9]{12,}\b").ok());

impl Redaction {
    pub fn of<'a>(secrets: impl Iterator<Item = &'a str>) -> Self {
        Redaction { secrets: secrets.filter(|secret| secret.len() >= SHORTEST_SECRET).map(str::to_owned).collect() }
    }

    /// The text's first line, without secrets; `more` are those of one request.
    pub fn apply(&self, text: &str, more: &[String]) -> String {
        let mut text = text.lines().next().unwrap_or_default().to_owned();
        let long = |secret: &&String| secret.len() >= SHORTEST_SECRET;
        for secret in self.secrets.iter().chain(more.iter().filter(long)) {
            text = text.replace(secret, "[redacted]");
        }
        if let Some(credential) = CREDENTIAL.as_ref() {
            text = credential.replace_all(&text, "[redacted]").into_owned();
        }
        if text.chars().count() > LONGEST_MESSAGE {
            text = text.chars().take(LONGEST_MESSAGE).chain("...".chars()).collect();
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_error_that_echoes_the_session_token_is_kept_without_it() {
        let redaction = Redaction::of(["ASIAEXAMPLEEXAMPLE12", "sessiontokensessiontoken"].into_iter());
        let text = "no match for ASIAEXAMPLEEXAMPLE12 x-amz-security-token:sessiontokensessiontoken end\nx-amz-security-token:other";
        assert_eq!(redaction.apply(text, &[]), "no match for [redacted] [redacted] end");
        assert_eq!(Redaction::default().apply("key AKIAIOSFODNN7EXAMPLE of x", &[]), "key [redacted] of x");
    }

    #[test]
    fn a_placeholder_credential_is_not_cut_out_of_words() {
        assert_eq!(Redaction::of(["test"].into_iter()).apply("the latest vault", &["test".to_owned()]), "the latest vault");
    }

    #[test]
    fn a_cause_that_its_effect_already_names_is_said_once() {
        let cause = std::io::Error::other("connection refused");
        assert_eq!(chain(&cause), "connection refused");
    }
}
