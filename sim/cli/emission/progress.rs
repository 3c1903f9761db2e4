//! How far a walk has come: said before a long one, shown as a bar on a terminal and as a line now and then elsewhere.

use crate::cli::output;
use crate::report::number::grouped;
use indicatif::{ProgressBar, ProgressStyle};
use std::cell::Cell;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// Walks up to this many epochs are over before anybody asks.
const LONG: u64 = 2_000_000;
/// Between two plain lines.
const PAUSE: Duration = Duration::from_secs(10);

/// Shows nothing for a short walk.
pub struct Meter {
    length: u64,
    bar: Option<ProgressBar>,
    said: Cell<Instant>,
}

impl Meter {
    /// A meter for a walk of so many epochs that begins now.
    pub fn new(length: u64) -> Meter {
        let long = length > LONG;
        if long {
            output::note(&format!("up to {} epochs to walk\n", grouped(&length.to_string())));
        }
        let shown = long && std::io::stderr().is_terminal();
        let bar = shown.then(|| {
            let style = ProgressStyle::with_template("{bar:30} {percent:>3}%  {eta} left");
            ProgressBar::new(length).with_style(style.expect("the template is sound").progress_chars("=> "))
        });
        Meter { length, bar, said: Cell::new(Instant::now()) }
    }

    /// So many epochs have passed.
    pub fn reached(&self, walked: u64) {
        if let Some(bar) = &self.bar {
            bar.set_position(walked);
        } else if self.length > LONG && self.said.get().elapsed() >= PAUSE {
            self.said.set(Instant::now());
            output::note(&format!("{:>3}%\n", u128::from(walked) * 100 / u128::from(self.length)));
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
