//! How much GitHub takes (docs.github.com, "SARIF results exceed one or more limits"): beyond the first of two numbers it refuses a file,
//! beyond the other it shows the rest no more.

pub const RUNS: usize = 20;
pub const RESULTS: usize = 25_000;
pub const RESULTS_SHOWN: usize = 5_000;
/// Of the driver and its extensions together.
pub const RULES: usize = 25_000;
pub const EXTENSIONS: usize = 100;
pub const LOCATIONS: usize = 1_000;
pub const LOCATIONS_SHOWN: usize = 100;
/// Locations of thread flows in one result.
pub const STEPS: usize = 10_000;
pub const STEPS_SHOWN: usize = 1_000;
pub const TAGS: usize = 20;
pub const TAGS_SHOWN: usize = 10;
/// Characters of a rule's description, and of its name.
pub const DESCRIPTION: usize = 1_024;
pub const NAME: usize = 255;
/// Bytes of the file once gzip has compressed it. GitHub says 10 MB and not which: beyond the second it may refuse.
pub const COMPRESSED: u64 = 10 * 1_024 * 1_024;
pub const COMPRESSED_FOR_SURE: u64 = 10_000_000;
