//! The exit codes: the one table that `--help`, the README and the gate share.

/// What a run came to. The number is the process's exit code, whatever the output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Exit {
    Clean = 0,
    Findings = 1,
    Usage = 2,
    Unknown = 3,
    Configuration = 4,
    Unreachable = 5,
}

impl Exit {
    pub const ALL: [Exit; 6] = [Exit::Clean, Exit::Findings, Exit::Usage, Exit::Unknown, Exit::Configuration, Exit::Unreachable];

    pub fn code(self) -> u8 {
        self as u8
    }

    pub fn meaning(self) -> &'static str {
        match self {
            Exit::Clean => "nothing at or above --fail-on, and enough was seen to say so",
            Exit::Findings => {
                "findings at or above --fail-on, contradictions of the specification, something worse, a bundle that is not what it was, \
                 or a SARIF file that GitHub would refuse"
            }
            Exit::Usage => "wrong flag or argument, or a file that cannot be opened",
            Exit::Unknown => "not enough was seen to say",
            Exit::Configuration => "a snapshot, configuration, waivers, policy or SARIF file is wrong, or a rule failed",
            Exit::Unreachable => "AWS unreachable, or it refused everything; or the bucket of a history did",
        }
    }
}
