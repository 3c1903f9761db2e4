//! The network's operators: what they can see of the run, and which standing orders they have carried out.

use crate::engine::Time;
use crate::scenario::timeline::Sign;

/// What the team knows and has done.
#[derive(Clone, Debug, Default)]
pub struct Team {
    /// Registrations refused in this epoch.
    pub refused: u64,
    /// Registrations accepted in this epoch.
    pub registered: u64,
    /// The same for the last whole epoch.
    pub last_refused: u64,
    /// Accepted in the last whole epoch.
    pub last_registered: u64,
    /// Hours of the epoch, for rates.
    pub epoch_hours: f64,
    /// Share failed in the last challenge round.
    pub failed_share: f64,
    /// Complaints, by hour of arrival.
    pub complaints: Vec<(Time, u32)>,
    /// Connected cards at each epoch of the last week.
    pub recent: std::collections::VecDeque<u64>,
    /// When a season was last opened during the run.
    pub opened_at: Option<Time>,
    /// Last season counted.
    pub counted: Option<depin_protocol::ids::SeasonId>,
    /// Triggers that were pulled, by number.
    pub pulled: Vec<bool>,
    /// The metadata interface is open to anyone.
    pub hole: bool,
    /// Factor on set-up time.
    pub setup_factor: f64,
    /// The round being answered: number, beacon, when it was issued.
    pub round: Option<(u32, u64, Time)>,
    /// Largest gain of an account from a recount, as a factor.
    pub recount_gain_p99: Option<f64>,
    /// Counted points by account before a recount.
    pub first_count: Vec<i128>,
}

impl Team {
    /// A team at the start.
    #[must_use]
    pub fn new(triggers: usize, epoch_hours: f64) -> Team {
        Team { pulled: vec![false; triggers], setup_factor: 1.0, epoch_hours, ..Team::default() }
    }

    /// A challenge round was judged.
    pub fn judge(&mut self, passed: u32, failed: u32) {
        let all = f64::from(passed) + f64::from(failed);
        self.failed_share = if all > 0.0 { f64::from(failed) / all } else { 0.0 };
    }

    /// An epoch closes with this many cards connected.
    pub fn close_epoch(&mut self, connected: u64) {
        self.last_refused = std::mem::take(&mut self.refused);
        self.last_registered = std::mem::take(&mut self.registered);
        let week = (168.0 / self.epoch_hours).max(1.0) as usize;
        self.recent.push_back(connected);
        while self.recent.len() > week {
            self.recent.pop_front();
        }
    }

    /// What a sign reads now. `taking_part` is the number of suppliers with devices.
    #[must_use]
    pub fn read(&self, sign: Sign, now: Time, taking_part: u32) -> f64 {
        match sign {
            Sign::RefusedPerHour => self.last_refused as f64 / self.epoch_hours,
            Sign::RegisteredPerHour => self.last_registered as f64 / self.epoch_hours,
            Sign::Connected => self.recent.back().copied().unwrap_or(0) as f64,
            Sign::SupplyLost => {
                let highest = self.recent.iter().copied().max().unwrap_or(0);
                let now = self.recent.back().copied().unwrap_or(0);
                if highest == 0 { 0.0 } else { 1.0 - now as f64 / highest as f64 }
            }
            Sign::Complaints => {
                let week = crate::engine::Span::DAY.times(7);
                let recent: u32 =
                    self.complaints.iter().filter(|(at, _)| now.since(*at) <= week).map(|c| c.1).sum();
                f64::from(recent) / f64::from(taking_part.max(1))
            }
            Sign::FailedChallenges => self.failed_share,
            Sign::HoursSinceOpening => self.opened_at.map_or(0.0, |at| now.since(at).hours()),
        }
    }

    /// True for signs that are counts and so shrink with `run.scale`.
    #[must_use]
    pub fn scales(sign: Sign) -> bool {
        matches!(sign, Sign::RefusedPerHour | Sign::RegisteredPerHour | Sign::Connected)
    }
}
