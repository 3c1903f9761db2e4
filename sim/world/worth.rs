//! What a device would earn in weight, as outsiders work it out: they put a device that does not exist to the network's
//! own rule, once as never hired and once as always hired.
//!
//! Beside it in the record stands the best device there could be (the largest multiplier, the highest tier, always up
//! and hired), since some rules pay by comparison. Each is the only device of its account, has been up for a day or for
//! its usual share of the epoch, passed one challenge, and has the stake that the network asks of it. Only ratios of
//! these weights matter.

use crate::scenario::Scenario;
use depin_protocol::ids::{AccountId, ModelId};
use depin_protocol::registry::{Model, flag};
use depin_protocol::rewards::{Columns, Row};
use depin_protocol::units::{Amount, ONE, Span, Time};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// A device that nobody has listed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Imagined {
    /// Row of the scenario's hardware.
    pub hardware: usize,
    /// Cards.
    pub cards: u16,
    /// Connectivity tier.
    pub tier: u8,
    /// Kept up by a restart script, not by hand.
    pub scripted: bool,
    /// Stake that the network asks for it.
    pub stake: Amount,
}

/// Weights of imagined devices that were asked for before.
#[derive(Debug, Default)]
pub struct Worth {
    known: RefCell<BTreeMap<Imagined, [f64; 2]>>,
}

impl Worth {
    /// Expected weight per hour of such a device, if it is hired all the time with this chance and else never.
    pub fn of(&self, scenario: &Scenario, models: &[Model], device: Imagined, hired: f64) -> f64 {
        let mut known = self.known.borrow_mut();
        let [idle, busy] = *known.entry(device).or_insert_with(|| {
            [false, true].map(|hired| ask(scenario, models, device, hired) / scenario.run.epoch.hours() / 1e6)
        });
        idle + hired * (busy - idle)
    }
}

/// Micro-points of one epoch.
fn ask(scenario: &Scenario, models: &[Model], device: Imagined, hired: bool) -> f64 {
    let outsiders = &scenario.outsiders;
    let epoch = scenario.run.epoch;
    let uptime = if device.scripted { outsiders.scripted_uptime } else { outsiders.manual_uptime };
    let row = |model: usize, cards: u16, uptime: f64, hired: bool| {
        let up_ns = (epoch.0 as f64 * uptime) as u64;
        let hired_ns = up_ns * u64::from(hired);
        let hours = Span(hired_ns).hours() * f64::from(cards);
        let multiplier = f64::from(models[model].multiplier) / f64::from(ONE);
        Row {
            up_ns,
            hired_ns,
            streak_ns: Span::DAY.0,
            earned: (hours * outsiders.rent_usd_hour * multiplier * 1e6) as u64,
            passed: 1,
            cards,
            model: ModelId(model as u16),
            flags: flag::DEPLOYABLE_SET | flag::BEATING | if hired { flag::LEASED } else { 0 },
            ..Row::default()
        }
    };
    let best = (0..models.len()).max_by_key(|&m| (models[m].multiplier, std::cmp::Reverse(m))).unwrap_or(0);
    let rows = vec![
        Row { tier: device.tier, ..row(device.hardware, device.cards, uptime, hired) },
        Row { tier: 4, account: AccountId(1), ..row(best, 1, 1.0, true) },
    ];
    let columns = Columns {
        epoch,
        now: Time::ZERO + Span::DAY.max(epoch),
        stake: vec![device.stake; 2],
        ..Columns::new(rows, models.to_vec())
    };
    columns.weigh(scenario.rules.reward().make().as_mut())[0] as f64
}
