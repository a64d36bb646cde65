//! Rules are judged on as many cores as there are, each with an engine of its own.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::policy::{Engine, Library, PolicyError, Rule};

/// For fewer subjects than this a second engine costs more than it saves.
const WORTH_AN_ENGINE: usize = 1000;

/// What becomes of each rule, in their order: no rule reads what another one says.
pub fn judge_each<'a, T: Send>(
    library: &'a Library,
    subjects: usize,
    judge: impl Fn(&'a Rule, &mut Engine) -> Result<T, PolicyError> + Sync,
) -> Result<Vec<T>, PolicyError> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut engine = Engine::new(library)?;
        let mut judged = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(rule) = library.rules.get(at) else { return Ok::<_, PolicyError>(judged) };
            judged.push((at, judge(rule, &mut engine)));
        }
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let of_engines = thread::scope(|scope| {
        // One more for each thousand subjects; where the system gives no thread, the others do its part.
        let more = (1..cores).take(subjects / WORTH_AN_ENGINE);
        let others: Vec<_> = more.filter_map(|_| thread::Builder::new().spawn_scoped(scope, work).ok()).collect();
        let own = work();
        let others = others.into_iter().map(|other| other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        std::iter::once(own).chain(others).collect::<Result<Vec<_>, _>>()
    });
    let mut judged: Vec<_> = of_engines?.into_iter().flatten().collect();
    // Whichever engine finds an error first, the same one is told.
    judged.sort_by_key(|(at, _)| *at);
    judged.into_iter().map(|(_, judged)| judged).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::{Condvar, Mutex};
    use std::time::Duration;

    use super::*;

    const MANY: usize = 1_000_000;

    /// Each rule and the one after it wait for each other, so that no engine gets two that follow one another.
    #[derive(Default)]
    struct Pairs {
        begun: Mutex<BTreeSet<usize>>,
        one_more: Condvar,
    }

    impl Pairs {
        fn wait(&self, library: &Library, rule: &Rule) {
            let at = library.rules.iter().position(|one| one.id == rule.id).expect("a rule of the library");
            let mut begun = self.begun.lock().expect("no test panicked");
            begun.insert(at);
            self.one_more.notify_all();
            if thread::available_parallelism().is_ok_and(|cores| cores.get() > 1) && at < 20 {
                let alone = |begun: &mut BTreeSet<usize>| !begun.contains(&(at ^ 1));
                drop(self.one_more.wait_timeout_while(begun, Duration::from_secs(20), alone).expect("no test panicked"));
            }
        }
    }

    #[test]
    fn what_comes_of_the_rules_is_in_their_order() {
        let library = Library::shipped().expect("the shipped rules load");
        let ids: Vec<&str> = library.rules.iter().map(|rule| rule.id.as_str()).collect();
        let pairs = Pairs::default();
        let judged = judge_each(&library, MANY, |rule, _| {
            pairs.wait(&library, rule);
            Ok(rule.id.as_str())
        });
        assert_eq!(judged.expect("no rule has an error"), ids);
        assert_eq!(judge_each(&library, 0, |rule, _| Ok(rule.id.clone())).expect("no rule has an error"), ids);
    }
}
