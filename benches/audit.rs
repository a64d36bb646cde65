//! What an audit costs by its parts, against reading alone and against one naive query over the whole document.
//! `whole_process.py` beside this file measures the same from the outside, memory included.

#[path = "../examples/large_account/account.rs"]
mod account;

use std::hint::black_box;
use std::path::Path;

use backstop::audit::{Environments, judge};
use backstop::facts::derive;
use backstop::policy::Library;
use backstop::snapshot::{Timestamp, from_slice};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// `cargo test` runs every bench once, to see that it still runs.
const POINTS: usize = if cfg!(debug_assertions) { 1_000 } else { 100_000 };

fn audit(criterion: &mut Criterion) {
    let mut bytes = Vec::new();
    account::write(POINTS, &mut bytes).expect("memory can be written");
    let path = Path::new("generated");
    let snapshot = from_slice(&bytes, path).expect("the generated snapshot is valid");
    let library = Library::shipped().expect("the shipped rules load");
    let environments = Environments::all_production(&library);
    let as_of: Timestamp = "2026-11-22T09:00:00Z".parse().expect("a time");

    let mut group = criterion.benchmark_group(format!("{POINTS} recovery points"));
    group.sample_size(10).throughput(Throughput::Elements(POINTS as u64));
    group.bench_function("read (floor)", |bencher| bencher.iter(|| from_slice(black_box(&bytes), path)));
    group.bench_function("derive", |bencher| bencher.iter(|| derive(black_box(&snapshot), as_of)));
    let subjects = derive(&snapshot, as_of);
    group.bench_function("judge", |bencher| bencher.iter(|| judge(black_box(&subjects), &library, &environments, as_of)));
    group.bench_function("read, derive and judge", |bencher| {
        bencher.iter(|| {
            let snapshot = from_slice(black_box(&bytes), path).expect("valid");
            let subjects = derive(&snapshot, as_of);
            let audit = judge(&subjects, &library, &environments, as_of).expect("judged");
            black_box(audit.findings().count())
        })
    });
    group.finish();
}

criterion_group!(benches, audit);
criterion_main!(benches);
