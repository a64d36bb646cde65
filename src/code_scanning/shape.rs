//! The members that SARIF 2.1.0's objects may have, as far as GitHub reads them. The upload action refuses every other.

/// What stands at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Is {
    /// Not looked into.
    Anything,
    Text,
    Flag,
    /// A whole number, and the lowest that it may be.
    Whole(i64),
    Number,
    /// A number, or the text of one.
    Score,
    /// One of these.
    Word(&'static [&'static str]),
    Node(Node),
    List(&'static Is),
}

/// An object, and where it stands as far as that matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Node {
    Log,
    Run,
    Automation,
    Tool,
    Driver,
    Extension,
    Rule,
    Configuration,
    ShortDescription,
    FullDescription,
    Help,
    RuleProperties,
    Invocation,
    Result,
    ResultMessage,
    ResultRule,
    Suppression,
    Fingerprints,
    CodeFlow,
    ThreadFlow,
    Step,
    Message,
    /// Of a result's own list.
    Location,
    Physical,
    Artifact,
    Region,
    OtherLocation,
    OtherPhysical,
    OtherArtifact,
    OtherRegion,
    /// Any members.
    Texts,
}

const LEVELS: Is = Is::Word(&["none", "note", "warning", "error"]);
const KINDS: Is = Is::Word(&["notApplicable", "pass", "fail", "review", "open", "informational"]);

type Members = &'static [(&'static str, Is)];

impl Node {
    /// Its members; `None` where it may have any.
    pub fn members(self) -> Option<Members> {
        Some(match self {
            Node::Log => LOG,
            Node::Run => RUN,
            Node::Automation => AUTOMATION,
            Node::Tool => TOOL,
            Node::Driver | Node::Extension => COMPONENT,
            Node::Rule => RULE,
            Node::Configuration => CONFIGURATION,
            Node::ShortDescription | Node::FullDescription | Node::Help => TEXT,
            Node::Invocation => INVOCATION,
            Node::Result => RESULT,
            Node::ResultMessage | Node::Message => MESSAGE,
            Node::ResultRule => REFERENCE,
            Node::Suppression => SUPPRESSION,
            Node::CodeFlow => CODE_FLOW,
            Node::ThreadFlow => THREAD_FLOW,
            Node::Step => STEP,
            Node::Location => LOCATION,
            Node::Physical => PHYSICAL,
            Node::Artifact | Node::OtherArtifact => ARTIFACT,
            Node::Region | Node::OtherRegion => REGION,
            Node::OtherLocation => OTHER_LOCATION,
            Node::OtherPhysical => OTHER_PHYSICAL,
            Node::RuleProperties | Node::Fingerprints | Node::Texts => return None,
        })
    }

    /// What stands under a member's name, and the name itself; `None` where there is no such member.
    pub fn member(self, name: &str) -> Option<(&'static str, Is)> {
        match (self, name) {
            (Node::RuleProperties, "tags") => Some(("tags", Is::List(&Is::Text))),
            (Node::RuleProperties, "security-severity") => Some(("security-severity", Is::Score)),
            (Node::Fingerprints, "primaryLocationLineHash") => Some(("primaryLocationLineHash", Is::Text)),
            (Node::Fingerprints | Node::Texts, _) => Some(("", Is::Text)),
            _ => self.members()?.iter().find(|(known, _)| *known == name).copied(),
        }
    }

    /// What SARIF's schema requires and no other check asks for.
    pub fn needs(self) -> &'static [&'static str] {
        match self {
            Node::Log => &["runs"],
            Node::Run => &["tool"],
            Node::Tool => &["driver"],
            Node::Driver | Node::Extension => &["name"],
            Node::Rule => &["id"],
            Node::ShortDescription | Node::FullDescription | Node::Help => &["text"],
            Node::Invocation => &["executionSuccessful"],
            Node::Suppression => &["kind"],
            Node::CodeFlow => &["threadFlows"],
            Node::ThreadFlow => &["locations"],
            _ => &[],
        }
    }
}

const LOG: Members = &[
    ("$schema", Is::Text),
    ("version", Is::Text),
    ("runs", Is::List(&Is::Node(Node::Run))),
    ("inlineExternalProperties", Is::Anything),
    ("properties", Is::Anything),
];

const RUN: Members = &[
    ("tool", Is::Node(Node::Tool)),
    ("results", Is::List(&Is::Node(Node::Result))),
    ("automationDetails", Is::Node(Node::Automation)),
    ("invocations", Is::List(&Is::Node(Node::Invocation))),
    ("columnKind", Is::Word(&["utf16CodeUnits", "unicodeCodePoints"])),
    ("language", Is::Text),
    ("baselineGuid", Is::Text),
    ("defaultEncoding", Is::Text),
    ("defaultSourceLanguage", Is::Text),
    ("redactionTokens", Is::List(&Is::Text)),
    ("newlineSequences", Is::List(&Is::Text)),
    ("conversion", Is::Anything),
    ("versionControlProvenance", Is::Anything),
    ("originalUriBaseIds", Is::Anything),
    ("artifacts", Is::Anything),
    ("logicalLocations", Is::Anything),
    ("graphs", Is::Anything),
    ("runAggregates", Is::Anything),
    ("externalPropertyFileReferences", Is::Anything),
    ("threadFlowLocations", Is::Anything),
    ("taxonomies", Is::Anything),
    ("addresses", Is::Anything),
    ("translations", Is::Anything),
    ("policies", Is::Anything),
    ("webRequests", Is::Anything),
    ("webResponses", Is::Anything),
    ("specialLocations", Is::Anything),
    ("properties", Is::Anything),
];

const AUTOMATION: Members = &[
    ("id", Is::Text),
    ("description", Is::Node(Node::Message)),
    ("guid", Is::Text),
    ("correlationGuid", Is::Text),
    ("properties", Is::Anything),
];

const TOOL: Members =
    &[("driver", Is::Node(Node::Driver)), ("extensions", Is::List(&Is::Node(Node::Extension))), ("properties", Is::Anything)];

const COMPONENT: Members = &[
    ("name", Is::Text),
    ("rules", Is::List(&Is::Node(Node::Rule))),
    ("guid", Is::Text),
    ("organization", Is::Text),
    ("product", Is::Text),
    ("productSuite", Is::Text),
    ("shortDescription", Is::Anything),
    ("fullDescription", Is::Anything),
    ("fullName", Is::Text),
    ("version", Is::Text),
    ("semanticVersion", Is::Text),
    ("dottedQuadFileVersion", Is::Text),
    ("releaseDateUtc", Is::Text),
    ("downloadUri", Is::Text),
    ("informationUri", Is::Text),
    ("globalMessageStrings", Is::Anything),
    ("notifications", Is::Anything),
    ("taxa", Is::Anything),
    ("locations", Is::Anything),
    ("language", Is::Text),
    ("contents", Is::List(&Is::Word(&["localizedData", "nonLocalizedData"]))),
    ("isComprehensive", Is::Flag),
    ("localizedDataSemanticVersion", Is::Text),
    ("minimumRequiredLocalizedDataSemanticVersion", Is::Text),
    ("associatedComponent", Is::Anything),
    ("translationMetadata", Is::Anything),
    ("supportedTaxonomies", Is::Anything),
    ("properties", Is::Anything),
];

const RULE: Members = &[
    ("id", Is::Text),
    ("name", Is::Text),
    ("shortDescription", Is::Node(Node::ShortDescription)),
    ("fullDescription", Is::Node(Node::FullDescription)),
    ("help", Is::Node(Node::Help)),
    ("helpUri", Is::Text),
    ("defaultConfiguration", Is::Node(Node::Configuration)),
    ("properties", Is::Node(Node::RuleProperties)),
    ("guid", Is::Text),
    ("deprecatedIds", Is::List(&Is::Text)),
    ("deprecatedGuids", Is::List(&Is::Text)),
    ("deprecatedNames", Is::List(&Is::Text)),
    ("messageStrings", Is::Anything),
    ("relationships", Is::Anything),
];

const CONFIGURATION: Members =
    &[("level", LEVELS), ("enabled", Is::Flag), ("rank", Is::Number), ("parameters", Is::Anything), ("properties", Is::Anything)];

const TEXT: Members = &[("text", Is::Text), ("markdown", Is::Text), ("properties", Is::Anything)];

const INVOCATION: Members = &[
    ("executionSuccessful", Is::Flag),
    ("exitCode", Is::Whole(i64::MIN)),
    ("exitCodeDescription", Is::Text),
    ("commandLine", Is::Text),
    ("arguments", Is::List(&Is::Text)),
    ("responseFiles", Is::Anything),
    ("startTimeUtc", Is::Text),
    ("endTimeUtc", Is::Text),
    ("ruleConfigurationOverrides", Is::Anything),
    ("notificationConfigurationOverrides", Is::Anything),
    ("toolExecutionNotifications", Is::Anything),
    ("toolConfigurationNotifications", Is::Anything),
    ("exitSignalName", Is::Text),
    ("exitSignalNumber", Is::Whole(i64::MIN)),
    ("processStartFailureMessage", Is::Text),
    ("machine", Is::Text),
    ("account", Is::Text),
    ("processId", Is::Whole(i64::MIN)),
    ("executableLocation", Is::Node(Node::OtherArtifact)),
    ("workingDirectory", Is::Node(Node::OtherArtifact)),
    ("environmentVariables", Is::Node(Node::Texts)),
    ("stdin", Is::Node(Node::OtherArtifact)),
    ("stdout", Is::Node(Node::OtherArtifact)),
    ("stderr", Is::Node(Node::OtherArtifact)),
    ("stdoutStderr", Is::Node(Node::OtherArtifact)),
    ("properties", Is::Anything),
];

const RESULT: Members = &[
    ("ruleId", Is::Text),
    ("ruleIndex", Is::Whole(-1)),
    ("rule", Is::Node(Node::ResultRule)),
    ("kind", KINDS),
    ("level", LEVELS),
    ("message", Is::Node(Node::ResultMessage)),
    ("locations", Is::List(&Is::Node(Node::Location))),
    ("relatedLocations", Is::List(&Is::Node(Node::OtherLocation))),
    ("codeFlows", Is::List(&Is::Node(Node::CodeFlow))),
    ("partialFingerprints", Is::Node(Node::Fingerprints)),
    ("fingerprints", Is::Node(Node::Texts)),
    ("suppressions", Is::List(&Is::Node(Node::Suppression))),
    ("baselineState", Is::Word(&["new", "unchanged", "updated", "absent"])),
    ("analysisTarget", Is::Node(Node::OtherArtifact)),
    ("guid", Is::Text),
    ("correlationGuid", Is::Text),
    ("occurrenceCount", Is::Whole(1)),
    ("stacks", Is::Anything),
    ("graphs", Is::Anything),
    ("graphTraversals", Is::Anything),
    ("rank", Is::Number),
    ("attachments", Is::Anything),
    ("hostedViewerUri", Is::Text),
    ("workItemUris", Is::List(&Is::Text)),
    ("provenance", Is::Anything),
    ("fixes", Is::Anything),
    ("taxa", Is::Anything),
    ("webRequest", Is::Anything),
    ("webResponse", Is::Anything),
    ("properties", Is::Anything),
];

const MESSAGE: Members =
    &[("text", Is::Text), ("markdown", Is::Text), ("id", Is::Text), ("arguments", Is::List(&Is::Text)), ("properties", Is::Anything)];

const REFERENCE: Members =
    &[("id", Is::Text), ("index", Is::Whole(-1)), ("guid", Is::Text), ("toolComponent", Is::Anything), ("properties", Is::Anything)];

const SUPPRESSION: Members = &[
    ("kind", Is::Word(&["inSource", "external"])),
    ("status", Is::Word(&["accepted", "underReview", "rejected"])),
    ("justification", Is::Text),
    ("guid", Is::Text),
    ("location", Is::Node(Node::OtherLocation)),
    ("properties", Is::Anything),
];

const CODE_FLOW: Members =
    &[("threadFlows", Is::List(&Is::Node(Node::ThreadFlow))), ("message", Is::Node(Node::Message)), ("properties", Is::Anything)];

const THREAD_FLOW: Members = &[
    ("locations", Is::List(&Is::Node(Node::Step))),
    ("id", Is::Text),
    ("message", Is::Node(Node::Message)),
    ("initialState", Is::Anything),
    ("immutableState", Is::Anything),
    ("properties", Is::Anything),
];

const STEP: Members = &[
    ("location", Is::Node(Node::OtherLocation)),
    ("index", Is::Whole(-1)),
    ("stack", Is::Anything),
    ("kinds", Is::List(&Is::Text)),
    ("taxa", Is::Anything),
    ("module", Is::Text),
    ("state", Is::Anything),
    ("nestingLevel", Is::Whole(0)),
    ("executionOrder", Is::Whole(-1)),
    ("executionTimeUtc", Is::Text),
    ("importance", Is::Word(&["important", "essential", "unimportant"])),
    ("webRequest", Is::Anything),
    ("webResponse", Is::Anything),
    ("properties", Is::Anything),
];

const LOCATION: Members = &[
    ("physicalLocation", Is::Node(Node::Physical)),
    ("id", Is::Whole(-1)),
    ("logicalLocations", Is::Anything),
    ("message", Is::Node(Node::Message)),
    ("annotations", Is::List(&Is::Node(Node::OtherRegion))),
    ("relationships", Is::Anything),
    ("properties", Is::Anything),
];

const OTHER_LOCATION: Members = &[
    ("physicalLocation", Is::Node(Node::OtherPhysical)),
    ("id", Is::Whole(-1)),
    ("logicalLocations", Is::Anything),
    ("message", Is::Node(Node::Message)),
    ("annotations", Is::List(&Is::Node(Node::OtherRegion))),
    ("relationships", Is::Anything),
    ("properties", Is::Anything),
];

const PHYSICAL: Members = &[
    ("artifactLocation", Is::Node(Node::Artifact)),
    ("region", Is::Node(Node::Region)),
    ("contextRegion", Is::Node(Node::OtherRegion)),
    ("address", Is::Anything),
    ("properties", Is::Anything),
];

const OTHER_PHYSICAL: Members = &[
    ("artifactLocation", Is::Node(Node::OtherArtifact)),
    ("region", Is::Node(Node::OtherRegion)),
    ("contextRegion", Is::Node(Node::OtherRegion)),
    ("address", Is::Anything),
    ("properties", Is::Anything),
];

const ARTIFACT: Members = &[
    ("uri", Is::Text),
    ("uriBaseId", Is::Text),
    ("index", Is::Whole(-1)),
    ("description", Is::Node(Node::Message)),
    ("properties", Is::Anything),
];

const REGION: Members = &[
    ("startLine", Is::Whole(1)),
    ("startColumn", Is::Whole(1)),
    ("endLine", Is::Whole(1)),
    ("endColumn", Is::Whole(1)),
    ("charOffset", Is::Whole(-1)),
    ("charLength", Is::Whole(0)),
    ("byteOffset", Is::Whole(-1)),
    ("byteLength", Is::Whole(0)),
    ("snippet", Is::Anything),
    ("message", Is::Node(Node::Message)),
    ("sourceLanguage", Is::Text),
    ("properties", Is::Anything),
];
