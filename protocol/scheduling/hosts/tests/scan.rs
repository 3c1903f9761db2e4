//! The policies once more, written for plainness: every host is looked at for every job.

use super::super::{Ask, Capacity, Grant, HostPolicy};
use crate::ids::DeviceId;

pub(super) struct Host {
    cpu: i64,
    memory: i64,
    model: u16,
    cards: Vec<i64>,
    all: i64,
    rank: u32,
    pub(super) offered: bool,
}

pub(super) struct Scan {
    pub(super) policy: HostPolicy,
    pub(super) typical: Vec<(Ask, u64)>,
    pub(super) hosts: Vec<Host>,
}

/// A score and, for a shared card, which one.
type Verdict = (i64, Option<usize>);

impl Scan {
    pub(super) fn add(&mut self, shape: &Capacity, rank: u32) {
        let all = i64::from(shape.cards) * 1_000;
        self.hosts.push(Host {
            cpu: shape.cpu_milli.into(),
            memory: shape.memory_mib.into(),
            model: shape.model.0,
            cards: vec![1_000; shape.cards.into()],
            all,
            rank,
            offered: true,
        });
    }

    pub(super) fn change(&mut self, grant: &Grant, sign: i64) {
        let host = &mut self.hosts[grant.device.at()];
        host.cpu += sign * i64::from(grant.cpu_milli);
        host.memory += sign * i64::from(grant.memory_mib);
        for (at, milli) in &grant.cards {
            host.cards[usize::from(*at)] += sign * i64::from(*milli);
        }
    }

    pub(super) fn allocated_milli(&self) -> u64 {
        self.hosts.iter().map(|host| (host.all - host.cards.iter().sum::<i64>()) as u64).sum()
    }

    pub(super) fn find(&self, ask: &Ask) -> Option<Grant> {
        let mut best: Option<(i64, u32, usize, Option<usize>)> = None;
        for (at, host) in self.hosts.iter().enumerate() {
            if !host.offered || !fits(host, ask) {
                continue;
            }
            let (score, card) = self.verdict(host, ask);
            let better = |(most, rank, _, _): (i64, u32, usize, Option<usize>)| {
                score > most || (score == most && host.rank < rank)
            };
            if best.is_none_or(better) {
                best = Some((score, host.rank, at, card));
            }
        }
        let (_, _, at, card) = best?;
        let cards = match card {
            Some(card) => vec![card],
            None => whole(&self.hosts[at], ask),
        };
        Some(Grant {
            device: DeviceId(at as u32),
            cpu_milli: ask.cpu_milli,
            memory_mib: ask.memory_mib,
            cards: cards.into_iter().map(|card| (card as u16, ask.card_milli)).collect(),
        })
    }

    fn verdict(&self, host: &Host, ask: &Ask) -> Verdict {
        let share = ask.cards == 1 && ask.card_milli < 1_000;
        let milli = i64::from(ask.card_milli);
        let tightest =
            || (0..host.cards.len()).filter(|c| host.cards[*c] >= milli).min_by_key(|c| host.cards[*c]);
        let card = if share { tightest() } else { None };
        let cpu = host.cpu - i64::from(ask.cpu_milli);
        let left = host.cards.iter().sum::<i64>() - i64::from(ask.cards) * milli;
        match self.policy {
            HostPolicy::First | HostPolicy::Random => (0, card),
            HostPolicy::BestFit => {
                // In 256,000ths, rounded down.
                let used = 256_000 - cpu - 16 * left;
                ((used * 100).div_euclid(256_000), card)
            }
            HostPolicy::WorstFit => {
                let most = host.cards.iter().max().copied().unwrap_or(0);
                let loosest = host.cards.iter().position(|left| *left == most);
                (cpu + 100 * left, if share { loosest } else { None })
            }
            HostPolicy::Packing => (packing(host, ask), card),
            HostPolicy::Fgd => self.fgd(host, ask, share),
        }
    }

    fn fgd(&self, host: &Host, ask: &Ask, share: bool) -> Verdict {
        let before = self.fragmentation(host.cpu, host.model, &host.cards);
        let weight: u64 = self.typical.iter().map(|(_, weight)| weight).sum();
        let score = |taken: &[usize]| {
            let mut cards = host.cards.clone();
            for card in taken {
                cards[*card] -= i64::from(ask.card_milli);
            }
            let after = self.fragmentation(host.cpu - i64::from(ask.cpu_milli), host.model, &cards);
            let fall = (before - after) as f64 / (weight as f64 * 1_000.0);
            (100.0 / (1.0 + libm::exp(-fall))) as i64
        };
        if !share {
            return (score(&whole(host, ask)), None);
        }
        let mut best: Verdict = (-1, None);
        for card in 0..host.cards.len() {
            if host.cards[card] >= i64::from(ask.card_milli) && score(&[card]) > best.0 {
                best = (score(&[card]), Some(card));
            }
        }
        best
    }

    fn fragmentation(&self, cpu: i64, model: u16, cards: &[i64]) -> i64 {
        let all: i64 = cards.iter().sum();
        let of = |ask: &Ask| {
            let enough = |left: &&i64| **left >= i64::from(ask.card_milli);
            let fitting = cards.iter().filter(enough).count();
            let named = ask.models.0 == 0 || ask.models.0 >> model & 1 == 1;
            let fits = fitting >= usize::from(ask.cards) && cpu >= i64::from(ask.cpu_milli) && named;
            if ask.cards == 0 || !fits { all } else { all - cards.iter().filter(enough).sum::<i64>() }
        };
        self.typical.iter().map(|(ask, weight)| *weight as i64 * of(ask)).sum()
    }
}

fn fits(host: &Host, ask: &Ask) -> bool {
    let room = host.cpu >= i64::from(ask.cpu_milli) && host.memory >= i64::from(ask.memory_mib);
    let named = ask.models.0 == 0 || ask.models.0 >> host.model & 1 == 1;
    let cards = host.cards.iter().filter(|left| **left >= i64::from(ask.card_milli)).count();
    room && (ask.cards == 0 || (named && cards >= usize::from(ask.cards)))
}

/// The first whole cards.
fn whole(host: &Host, ask: &Ask) -> Vec<usize> {
    let free = (0..host.cards.len()).filter(|card| host.cards[*card] == 1_000);
    free.take(ask.cards.into()).collect()
}

fn packing(host: &Host, ask: &Ask) -> i64 {
    let free = host.cards.iter().filter(|left| **left == 1_000).count() as i64;
    if ask.cards == 0 {
        return 0;
    }
    if free == host.cards.len() as i64 {
        return (33 - free).max(free);
    }
    let mut used: Vec<i64> =
        host.cards.iter().copied().filter(|left| *left >= i64::from(ask.card_milli)).collect();
    used.sort_unstable();
    used.truncate(ask.cards.into());
    match used.iter().filter(|left| **left == 1_000).count() {
        0 => (100 - used.iter().map(|left| left / 10).sum::<i64>() / 10).max(50),
        needed => (50 - needed as i64).max(33),
    }
}
