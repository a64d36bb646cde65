//! What can be wrong with an upload, what GitHub does about it, and what to do.

use std::fmt;

/// What becomes of the upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// GitHub, or its upload action, refuses the whole file.
    Error,
    /// Something is dropped or shown wrongly.
    Warning,
}

impl Grade {
    pub fn name(self) -> &'static str {
        match self {
            Grade::Error => "error",
            Grade::Warning => "warning",
        }
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub run: Option<usize>,
    pub result: Option<usize>,
    /// A JSON pointer (RFC 6901).
    pub pointer: String,
    /// What stands there, or how much of it.
    pub found: String,
}

/// One kind of fault, with its first places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub check: Check,
    /// In all.
    pub count: usize,
    /// No more than are told.
    pub places: Vec<Place>,
}

macro_rules! checks {
    ($($name:ident $grade:ident $id:literal $what:literal $advice:literal;)*) => {
        /// Everything that is looked at. In the order in which it is told.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Check { $($name),* }

        impl Check {
            pub const ALL: &'static [Check] = &[$(Check::$name),*];

            pub fn grade(self) -> Grade {
                match self { $(Check::$name => Grade::$grade),* }
            }

            /// A word for programs.
            pub fn id(self) -> &'static str {
                match self { $(Check::$name => $id),* }
            }

            /// A sentence: what is wrong, and what GitHub does.
            pub fn what(self) -> &'static str {
                match self { $(Check::$name => $what),* }
            }

            /// A sentence: what to do.
            pub fn advice(self) -> &'static str {
                match self { $(Check::$name => $advice),* }
            }
        }
    };
}

checks! {
    ByteOrderMark Error "byte-order-mark" "The file begins with a byte order mark; the upload action takes it for a syntax error."
        "Write it as UTF-8 without one.";
    Version Error "version" "The version is not '2.1.0'; GitHub takes no other." "Write SARIF 2.1.0.";
    TooLarge Error "too-large" "Compressed by gzip, the file is larger than the 10 MB that GitHub takes."
        "Split it by category, or leave out rules, snippets and code flows that nobody needs.";
    TooManyRuns Error "too-many-runs" "The file has more than 20 runs." "Split it into files with a category each.";
    TooManyResults Error "too-many-results" "A run has more than 25,000 results." "Leave out the mildest, or split the run by category.";
    TooManyRules Error "too-many-rules" "A run has more than 25,000 rules." "Leave out rules that are about nothing in the repository.";
    TooManyExtensions Error "too-many-extensions" "A run has more than 100 tool extensions." "Merge them, or leave out those without results.";
    TooManyLocations Error "too-many-locations" "A result has more than 1,000 locations." "Keep the first; GitHub shows no other.";
    TooManySteps Error "too-many-steps" "A result has more than 10,000 locations of thread flows." "Keep the shortest code flows.";
    TooManyTags Error "too-many-tags" "A rule has more than 20 tags." "Keep the 10 that matter; GitHub shows no more.";
    SameCategory Error "same-category" "Two runs of one tool have the same category, which is all of automationDetails.id before its last slash."
        "Give each run a category of its own, as in 'tool/part/', or merge the runs. The 'category' of the upload action comes too late.";
    NoResults Error "no-results" "A run has no 'results'; the upload action fails on it." "Write 'results': [] where nothing was found.";
    NoMessage Error "no-message" "A result has no message with a text, which GitHub requires." "Write 'message.text'; an id alone is not looked up.";
    NoLocation Error "no-location" "A result has no location; GitHub refuses the whole file." "Give it one with a file, if need be one that is not there.";
    NoFile Error "no-file" "The first location of a result names no file; GitHub refuses the whole file."
        "Fill 'physicalLocation.artifactLocation.uri'; a logical location alone is not enough.";
    ForeignUri Error "foreign-uri" "The URI of a result's file has a scheme, or a colon before its first slash; GitHub refuses the whole file."
        "Write a path relative to the root of the repository, with a colon as %3A.";
    LineBelowOne Error "line-below-one" "A line or column is below 1; the upload action refuses the file." "Lines and columns begin at 1.";
    SecuritySeverity Error "security-severity" "A rule's 'security-severity' is not a number from 0.0 to 10.0; GitHub refuses the file."
        "Write a number as a string, such as \"8.0\", or leave it out.";
    Level Error "level" "A level is none of 'none', 'note', 'warning' and 'error'; the upload action refuses the file."
        "Map the tool's severities to those four.";
    Empty Error "empty" "A value that GitHub requires is an empty text." "Fill it.";
    Missing Error "missing" "A member that SARIF requires is missing; the upload action refuses the file." "Add it.";
    Unknown Error "unknown-member" "SARIF has no such member there; the upload action refuses the file." "Move it into 'properties', or take it out.";
    Wrong Error "wrong-value" "A value is not of the kind that SARIF has there; the upload action refuses the file." "Write it as SARIF's schema has it.";
    MaybeTooLarge Warning "maybe-too-large" "Compressed by gzip, the file is about as large as the 10 MB that GitHub takes." "Make it smaller before it grows.";
    NoSchema Warning "no-schema" "'$schema' is missing, or is not that of SARIF 2.1.0." "Write \"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\".";
    NoRuns Warning "no-runs" "The file has no run: nothing is uploaded, and no alert closes." "Write a run with 'results': [] where nothing was found.";
    ResultsNotShown Warning "results-not-shown" "A run has more than 5,000 results; GitHub shows the most severe 5,000."
        "Leave out the mildest, or split the run by category.";
    LocationsNotShown Warning "locations-not-shown" "A result has more than 100 locations; GitHub keeps 100 and shows the first." "Keep the first.";
    StepsNotShown Warning "steps-not-shown" "A result has more than 1,000 locations of thread flows; GitHub keeps 1,000." "Keep the shortest code flows.";
    TagsNotShown Warning "tags-not-shown" "A rule has more than 10 tags; GitHub keeps 10." "Put those that matter first.";
    NoCategory Warning "no-category" "automationDetails.id has no slash: all of it is taken for the id of the run, and the category is empty."
        "End it with a slash.";
    NoRule Warning "no-rule" "A result names no rule; its alert has no title, severity and help." "Write 'ruleId'.";
    RuleNotListed Warning "rule-not-listed" "A result's rule is not among the tool's rules; its alert has no help and no severity of its own."
        "List it in 'tool.driver.rules'.";
    RuleIndex Warning "rule-index" "'ruleIndex' leads to no rule, or to another than 'ruleId' names." "Count from 0 in 'tool.driver.rules', or leave it out.";
    SameRule Warning "same-rule" "Two rules of a tool have the same id." "List it once.";
    RuleWithoutText Warning "rule-without-text" "A rule lacks its short description, full description or help, which GitHub shows beside the alert." "Fill them.";
    LongText Warning "long-text" "A rule's description is longer than 1,024 characters, or its name than 255." "Shorten it; 'help' may be longer.";
    SeverityIsNoText Warning "security-severity-is-no-text" "A rule's 'security-severity' is a number; GitHub documents a text." "Write it in quotes.";
    PathOutside Warning "path-outside" "The path of a result's file is absolute or has '..' in it; GitHub finds the file only where it lies in its checkout."
        "Write it relative to the root of the repository.";
    InvalidUri Warning "invalid-uri" "The path of a result's file is no valid URI; GitHub may not find the file."
        "Use '/' between folders, no './' in front, and encode blanks and signs such as '#' by '%'.";
    FileByIndex Warning "file-by-index" "The first location names its file by 'index' only; GitHub documents 'uri'." "Write 'uri' as well.";
    NoLine Warning "no-line" "The first location has no 'region.startLine'; its alert stands at the top of the file, without a fingerprint of its line." "Write it; 1 is the file as a whole.";
    LinesBackwards Warning "lines-backwards" "A region ends before it begins." "Swap 'startLine' and 'endLine'.";
    NotAFailure Warning "not-a-failure" "GitHub does not look at 'kind': what passed, does not apply or is open becomes an alert." "Leave out what is not 'fail'.";
    NotSuppressed Warning "not-suppressed" "GitHub does not look at 'suppressions' and 'baselineState': what was accepted or is gone becomes an alert." "Leave those results out.";
    NoFingerprint Warning "no-fingerprint" "A result has no 'partialFingerprints.primaryLocationLineHash'. The upload action makes one of the file's line; by the API, or where the file is not in the repository, an alert may come twice."
        "Write one that stays the same as long as what was found does.";
    SameAlert Warning "same-alert" "Two results of a run have the same rule, file and fingerprint; GitHub makes one alert of them."
        "Put into the fingerprint what tells them apart.";
}
