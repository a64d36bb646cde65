//! For every operation in turn, each way in which it can go wrong: no verdict becomes a pass or a fail that full sight did not
//! give, the exit code is right, and the operation is named. Prints a table; `cargo test --test mutation -- --nocapture` shows it.

#[path = "mutation/audit.rs"]
mod audit;
#[path = "mutation/grafted.rs"]
mod grafted;
mod server;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use audit::{Audit, Sight, audit};
use server::Server;
use server::faults::{Fault, Kind};

/// A way to go wrong, and what the table calls it.
struct Way {
    name: &'static str,
    kind: Kind,
    /// Requests that are answered before.
    after: usize,
    /// It passes, so that nothing may be missing in the end.
    passes: bool,
}

const fn way(name: &'static str, kind: Kind) -> Way {
    Way { name, kind, after: 0, passes: false }
}

const WAYS: [Way; 12] = [
    way("denied", Kind::Denied),
    Way { after: 1, ..way("denied, page 2", Kind::Denied) },
    way("throttled", Kind::Throttled),
    Way { passes: true, ..way("throttled, recovers", Kind::Throttled) },
    way("500", Kind::Error500),
    way("HTML 503", Kind::Html503),
    way("HTML 200", Kind::Html200),
    way("truncated body", Kind::TruncatedBody),
    way("cut connection", Kind::Cut),
    way("empty answer", Kind::Empty),
    way("repeated token", Kind::RepeatedToken),
    way("endless tokens", Kind::Endless),
];

/// Enough to get on with where a machine has few cores: a run waits for the server most of the time.
const AT_ONCE: usize = 4;

fn fault(operation: &str, way: &Way) -> Fault {
    let fault = Fault::new(operation, way.kind).after(way.after);
    if way.passes { fault.times(1) } else { fault }
}

/// What became of one operation in one way.
struct Cell {
    operation: String,
    way: &'static str,
    text: String,
    wrong: Vec<String>,
}

fn judge(operation: &str, way: &Way, full: &Audit, sight: &Sight) -> Cell {
    let server = Server::start(sight.world.clone(), vec![fault(operation, way)], sight.page_size);
    let seen = audit(&server, sight);
    let mut wrong = seen.invented(full);
    let blinded =
        full.verdicts.iter().filter(|(key, verdict)| *verdict != "unknown" && seen.verdicts.get(*key).is_none_or(|now| now == "unknown"));
    let blinded = blinded.count();
    let struck = server.stats()["operations"].to_string().contains("fail") || seen.not_ok.contains(operation) || way.passes;
    // A second page, or a token, is not everybody's: then nothing went wrong.
    let is_told =
        seen.code == 5 && seen.stderr.contains(operation.split(':').nth(1).unwrap_or(operation)) || seen.not_ok.contains(operation);
    let is_everybodys = way.after == 0 && !matches!(way.kind, Kind::RepeatedToken | Kind::Endless);
    if !way.passes && is_everybodys && !is_told {
        wrong.push(format!("the operation is not named (struck: {struck})"));
    }
    if way.passes && (blinded > 0 || seen.code != full.code) {
        wrong.push(format!("a throttle that passed cost {blinded} verdicts"));
    }
    let expected = if seen.code == 5 { 5 } else { seen.right_code() };
    if seen.code != expected || (blinded > 0 && seen.code == 0) {
        wrong.push(format!("it ended with {}", seen.code));
    }
    let text = match (is_told, blinded) {
        (false, 0) => "·".to_owned(),
        (_, blinded) => format!("{}/{blinded}", seen.code),
    };
    let wrong = wrong.into_iter().map(|what| format!("{operation}, {}: {what}", way.name)).collect();
    Cell { operation: operation.to_owned(), way: way.name, text, wrong }
}

fn table(sight: &Sight) {
    let healthy = Server::start(sight.world.clone(), vec![], sight.page_size);
    let full = audit(&healthy, sight);
    assert!(full.not_ok.is_empty(), "with full sight everything is answered: {:?}", full.not_ok);
    assert_eq!(full.code, sight.code, "{}", full.stderr);
    let operations: BTreeSet<String> = healthy.seen().iter().map(|seen| format!("{}:{}", seen.service, seen.operation)).collect();
    assert!(operations.len() >= sight.operations, "{} operations: {operations:?}", operations.len());
    let work: Vec<(&String, &Way)> = operations
        .iter()
        .flat_map(|operation| WAYS.iter().map(move |way| (operation, way)))
        .filter(|(_, way)| sight.ways.is_empty() || sight.ways.contains(&way.name))
        .collect();
    let (next, cells) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some((operation, way)) = work.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let cell = judge(operation, way, &full, sight);
                    cells.lock().unwrap().push(cell);
                }
            });
        }
    });
    let cells = cells.into_inner().unwrap();
    print(&cells, sight);
    let wrong: Vec<&String> = cells.iter().flat_map(|cell| &cell.wrong).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn print(cells: &[Cell], sight: &Sight) {
    let by_place: BTreeMap<(&str, &str), &str> =
        cells.iter().map(|cell| ((cell.operation.as_str(), cell.way), cell.text.as_str())).collect();
    let operations: BTreeSet<&str> = cells.iter().map(|cell| cell.operation.as_str()).collect();
    println!(
        "\n{}: exit code with full sight {}; each cell: exit code / verdicts that became unknown; · not concerned",
        sight.name, sight.code
    );
    println!("{:48}{}", "", WAYS.iter().map(|way| format!("{:>20}", way.name)).collect::<String>());
    for operation in operations {
        let row: String = WAYS.iter().map(|way| format!("{:>20}", by_place.get(&(operation, way.name)).unwrap_or(&""))).collect();
        println!("{operation:48}{row}");
    }
}

/// Every verdict is a pass or does not apply, so that whatever is invented or lost shows in the exit code.
#[test]
fn a_clean_account_is_not_called_clean_by_those_who_could_not_see_it() {
    table(&grafted::clean());
}

/// Many verdicts fail, so that whatever is missing could make them pass.
#[test]
fn an_account_with_findings_gets_no_better_where_less_is_seen() {
    table(&grafted::with_findings());
}

#[test]
fn an_expired_token_ends_the_run_and_names_the_operation() {
    let sight = grafted::clean();
    let healthy = Server::start(sight.world.clone(), vec![], sight.page_size);
    audit(&healthy, &sight);
    let operations: BTreeSet<String> = healthy.seen().iter().map(|seen| format!("{}:{}", seen.service, seen.operation)).collect();
    // Other accounts' roles are renewed; only the first credentials end the run.
    for operation in operations {
        let server = Server::start(sight.world.clone(), vec![Fault::new(&operation, Kind::ExpiredToken)], sight.page_size);
        let (code, stderr) = audit::run(&server, &sight);
        assert_eq!(code, 5, "{operation}: {stderr}");
        assert!(stderr.contains(operation.split(':').nth(1).unwrap()), "{operation}: {stderr}");
    }
}
