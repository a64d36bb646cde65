//! A tape of choices: what a generator reads to decide. A shorter tape of smaller numbers gives a smaller account, so that
//! proptest shrinks any generator that is written as plain code.

use proptest::prelude::*;

/// Numbers, read once from the front. Past its end a tape says 0, which generators take as "leave it out".
#[derive(Clone)]
pub struct Tape {
    numbers: Vec<u16>,
    at: usize,
}

/// What a tape generated says more than its numbers.
impl std::fmt::Debug for Tape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a tape of {} numbers", self.numbers.len())
    }
}

impl Tape {
    pub fn of(numbers: Vec<u16>) -> Self {
        Tape { numbers, at: 0 }
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        let number = self.numbers.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        usize::from(number) % limit.max(1)
    }

    /// True `times` in a hundred.
    pub fn chance(&mut self, times: usize) -> bool {
        self.below(100) >= 100 - times
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// Some of the list, in its order.
    pub fn some_of<T: Clone>(&mut self, from: &[T], at_most: usize) -> Vec<T> {
        let count = self.below(at_most + 1);
        let skip = self.below(from.len());
        from.iter().cycle().skip(skip).take(count.min(from.len())).cloned().collect()
    }

    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
    }
}

pub fn tapes(longest: usize) -> impl Strategy<Value = Tape> {
    prop::collection::vec(any::<u16>(), 0..longest).prop_map(Tape::of)
}

/// Tapes that are long enough to say something at every turn.
pub fn tapes_of(length: usize) -> impl Strategy<Value = Tape> {
    prop::collection::vec(any::<u16>(), length).prop_map(Tape::of)
}
