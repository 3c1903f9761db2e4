//! What each rule chooses, found by looking at every device for every pick: no index, no parts, no shortcuts.

use super::*;
use crate::scheduling::{Candidate, TopKSpec};

/// A placement said anew.
pub(super) enum Rule {
    /// The smallest by the parts that the placement gives.
    Parts,
    /// See [`crate::scheduling::top_k`].
    TopK(TopKSpec),
    /// See [`crate::scheduling::one_site_first`].
    OneSiteFirst,
}

impl Rule {
    /// The rule of a placement with the parameters that it has by default.
    pub(super) fn of(placement: &dyn Placement) -> Rule {
        match placement.name() {
            "top_k" => Rule::TopK(TopKSpec::default()),
            "one_site_first" => Rule::OneSiteFirst,
            _ => Rule::Parts,
        }
    }

    pub(super) fn scan(&self, yard: &Yard, beacon: u64, ask: &JobRequest) -> Result<Vec<Pick>, u64> {
        match self {
            Rule::Parts => one_by_one(yard, ask, |left, missing, _| {
                let parts = |c: &Candidate| {
                    let fit = yard.placement.fit(c.cards, c.memory_mb, missing);
                    (fit, yard.placement.class(c), c.price, c.device)
                };
                left.iter().min_by_key(|c| parts(c)).map(|c| c.device)
            }),
            Rule::TopK(spec) => one_by_one(yard, ask, |left, _, pick| {
                let mut left = left.to_vec();
                left.sort_by_key(|c| (-score(spec, c), c.price, c.device));
                left.truncate(spec.candidates as usize);
                (!left.is_empty()).then(|| left[lot(beacon, yard.job.0, pick, left.len())].device)
            }),
            Rule::OneSiteFirst => {
                let cheapest = one_by_one(yard, ask, |left, _, _| {
                    left.iter().min_by_key(|c| (c.price, c.device)).map(|c| c.device)
                })?;
                let gathered = gather(yard, ask);
                let fewer = sites(yard, &gathered) < sites(yard, &cheapest);
                Ok(if fewer { gathered } else { cheapest })
            }
        }
    }
}

/// Everything that can serve and is not in `picks`.
fn left(yard: &Yard, ask: &JobRequest, picks: &[Pick]) -> Vec<Candidate> {
    yard.devices()
        .filter(|d| yard.registry.deployable(*d) && suits(&yard.registry, ask, *d))
        .filter(|d| picks.iter().all(|pick| pick.device != *d))
        .map(|d| candidate(&yard.registry, &yard.scores, d))
        .collect()
}

/// Picks what `choose` names, given what is left, the cards still missing and the number of the pick.
fn one_by_one(
    yard: &Yard,
    ask: &JobRequest,
    choose: impl Fn(&[Candidate], u32, usize) -> Option<DeviceId>,
) -> Result<Vec<Pick>, u64> {
    let mut picks: Vec<Pick> = Vec::new();
    let mut missing = ask.cards;
    while missing > 0 {
        let left = left(yard, ask, &picks);
        let Some(device) = choose(&left, missing, picks.len()) else {
            return Err(u64::from(ask.cards - missing));
        };
        let cards = u32::from(yard.registry.cards[device.at()]).min(missing);
        picks.push(Pick { device, cards });
        missing -= cards;
    }
    Ok(picks)
}

/// The weighted sum of points, higher better.
fn score(spec: &TopKSpec, c: &Candidate) -> i64 {
    let reputation = u64::from(c.reputation) * 100 / 1_000_000;
    let (price, dear) = (u64::from(c.price), u64::from(spec.dear));
    let cheap = if price < dear { (dear - price) * 100 / dear } else { 0 };
    let sum = u64::from(spec.reputation_weight) * reputation + u64::from(spec.price_weight) * cheap;
    sum as i64
}

/// Output number `index` of SplitMix64 from this seed, one after the other.
fn split_mix(seed: u64, index: u64) -> u64 {
    let wrapped = |a: u64, b: u64| (u128::from(a) * u128::from(b) % (1 << 64)) as u64;
    let mut state = seed;
    let mut out = 0;
    for _ in 0..=index {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let first = wrapped(state ^ (state >> 30), 0xBF58_476D_1CE4_E5B9);
        let second = wrapped(first ^ (first >> 27), 0x94D0_49BB_1331_11EB);
        out = second ^ (second >> 31);
    }
    out
}

/// The beacon seeds a generator with an output for each job, which seeds the one that the job's lots come from.
fn lot(beacon: u64, job: u32, pick: usize, candidates: usize) -> usize {
    let place = u64::from_be_bytes(*b"\0\0\0place");
    let of_beacon = split_mix((beacon ^ place).wrapping_sub(0x9E37_79B9_7F4A_7C15), 0);
    let lot = split_mix(split_mix(of_beacon, u64::from(job)), pick as u64);
    (u128::from(lot) * candidates as u128 / (1 << 64)) as usize
}

/// Able devices of one site, cheapest first.
fn at(yard: &Yard, ask: &JobRequest, site: u32) -> Vec<Candidate> {
    let mut there = left(yard, ask, &[]);
    there.retain(|c| yard.registry.subnet[c.device.at()] == site);
    there.sort_by_key(|c| (c.price, c.device));
    there
}

fn cards(there: &[Candidate]) -> u32 {
    there.iter().map(|c| u32::from(c.cards)).sum()
}

/// The smallest site that can serve the rest, else all of the largest; until all is served.
fn gather(yard: &Yard, ask: &JobRequest) -> Vec<Pick> {
    let rounded = JobRequest { price_limit: rounded_up(ask.price_limit), ..*ask };
    let mut picks: Vec<Pick> = Vec::new();
    let mut sites: Vec<u32> = (0..10).collect();
    let mut missing = ask.cards;
    while missing > 0 {
        let size = |site: u32| cards(&at(yard, &rounded, site));
        let alone = sites.iter().filter(|site| cards(&at(yard, ask, **site)) >= missing);
        let smallest = alone.min_by_key(|site| (size(**site), **site));
        let largest = sites.iter().min_by_key(|site| (-i64::from(size(**site)), **site));
        let site = *smallest.or(largest).expect("the supply suffices");
        sites.retain(|other| *other != site);
        for c in at(yard, ask, site) {
            let cards = u32::from(c.cards).min(missing);
            missing -= cards;
            if cards > 0 {
                picks.push(Pick { device: c.device, cards });
            }
        }
    }
    picks
}

/// The highest price of the limit's step: one below the next of 4, 5, 6 and 7 times a power of two.
fn rounded_up(limit: u32) -> u32 {
    let edges = (0..40).flat_map(|power| [4, 5, 6, 7].map(|quarter: u64| quarter << power));
    let next = edges.filter(|edge| *edge > u64::from(limit)).min().expect("limits have 32 bits");
    u32::try_from(next - 1).expect("limits of tests are small")
}

fn sites(yard: &Yard, picks: &[Pick]) -> usize {
    let mut sites: Vec<u32> = picks.iter().map(|pick| yard.registry.subnet[pick.device.at()]).collect();
    sites.sort_unstable();
    sites.dedup();
    sites.len()
}
