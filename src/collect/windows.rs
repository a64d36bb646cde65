//! Spans of creation dates, in which a large vault's recovery points are listed side by side.

/// Seconds since 1970; `None` is open. Holds what was created at `from` and before `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Window {
    pub from: Option<i64>,
    pub to: Option<i64>,
}

/// Points that a window should hold, if they are spread evenly: less than a page, so that one request is enough for most.
const POINTS: u64 = 900;
const MOST_WINDOWS: u64 = 1500;
/// A window that turns out to hold more than a page is cut into so many.
const PIECES: i64 = 4;
/// A window that is no longer than this is read page after page: points of one nightly run lie close together.
const SHORTEST: i64 = 3600;
/// How far back an open window is cut off first; copies keep the date of their source, and can be older than their vault.
const YEAR: i64 = 365 * 24 * 3600;
/// The oldest date worth a window of its own: AWS Backup began in 2019, and took over what others had made before.
const OLDEST: i64 = 1_262_304_000;

/// The windows for a vault that was created then and says that it holds so many points, oldest first.
pub fn plan(points: u64, created: i64, now: i64) -> Vec<Window> {
    let count = (points / POINTS).clamp(1, MOST_WINDOWS) as i64;
    let span = now - created;
    if count == 1 || span < count {
        return vec![Window { from: None, to: None }];
    }
    let edges: Vec<i64> = (0..=count).map(|edge| created + span * edge / count).collect();
    let mut windows = vec![Window { from: None, to: Some(created) }];
    windows.extend(edges.windows(2).map(|pair| Window { from: Some(pair[0]), to: Some(pair[1]) }));
    windows.push(Window { from: Some(now), to: None });
    windows
}

impl Window {
    /// Its pieces, oldest first, which together are the window; empty where it is better read page after page.
    pub fn pieces(self) -> Vec<Window> {
        match (self.from, self.to) {
            (Some(from), Some(to)) if to - from > SHORTEST => {
                let edges: Vec<i64> = (0..=PIECES).map(|edge| from + (to - from) * edge / PIECES).collect();
                edges.windows(2).map(|pair| Window { from: Some(pair[0]), to: Some(pair[1]) }).collect()
            }
            (None, Some(to)) if to > OLDEST => {
                let from = to - YEAR;
                vec![Window { from: None, to: Some(from) }, Window { from: Some(from), to: self.to }]
            }
            _ => Vec::new(),
        }
    }

    pub fn holds(self, created: f64) -> bool {
        self.from.is_none_or(|from| created >= from as f64) && self.to.is_none_or(|to| created < to as f64)
    }

    pub fn widened(self, seconds: i64) -> Window {
        Window { from: self.from.map(|from| from - seconds), to: self.to.map(|to| to + seconds) }
    }

    /// As the journal names it.
    pub fn label(self) -> String {
        let edge = |edge: Option<i64>| edge.map_or_else(|| "*".to_owned(), |second| second.to_string());
        format!("{}..{}", edge(self.from), edge(self.to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Adjacent windows that leave nothing out.
    fn is_whole(windows: &[Window], of: Window) -> bool {
        windows.first().map(|first| first.from) == Some(of.from)
            && windows.last().map(|last| last.to) == Some(of.to)
            && windows.windows(2).all(|pair| pair[0].to == pair[1].from && pair[0].to.is_some())
    }

    #[test]
    fn windows_leave_no_moment_out_and_share_none() {
        let all = Window { from: None, to: None };
        let (created, now) = (1_600_000_000, 1_780_000_000);
        for points in [0, 799, 1600, 100_000, 1_000_000, u64::MAX] {
            assert!(is_whole(&plan(points, created, now), all), "{points}");
        }
        assert!(is_whole(&plan(100_000, now, now), all));
        assert!(is_whole(&plan(100_000, now + 5, now), all));
        let mut to_cut = plan(5000, created, now);
        for _ in 0..40 {
            to_cut = to_cut.iter().flat_map(|window| window.pieces()).take(1000).collect();
            for window in &to_cut {
                let pieces = window.pieces();
                assert!(pieces.is_empty() || is_whole(&pieces, *window), "{window:?}");
            }
        }
        assert!(to_cut.is_empty(), "cutting ends");
    }
}
