//! The index against a brute-force scan, its staleness, and what a look-up costs.

mod one_site_first;
mod scan;
mod top_k;

use super::*;
use crate::ids::AccountId;
use crate::lcg::Lcg;
use crate::scheduling::{BestFitSpec, CheapestSpec, MostReputableSpec, suits};
use crate::testbed::{any_claim, any_request, claim, placements, registry, request};
use crate::units::{ONE, Time};
use scan::Rule;

/// A registry, its index and scores under test control.
struct Yard {
    registry: Registry,
    index: Index,
    scores: Vec<Ppm>,
    placement: Box<dyn Placement>,
    /// Whose lots are drawn.
    job: JobId,
}

impl Yard {
    fn new(placement: Box<dyn Placement>) -> Yard {
        let (registry, index) = (registry(), Index::default());
        Yard { registry, index, scores: Vec::new(), placement, job: JobId(0) }
    }

    fn list(&mut self, claim: &crate::command::Claim, score: Ppm) -> DeviceId {
        let flags = flag::DEPLOYABLE_SET;
        let device = self.registry.push(Time(0), AccountId(0), claim, flags);
        self.scores.push(score);
        self.index.grow(&self.registry);
        self.offer(device);
        device
    }

    fn offer(&mut self, device: DeviceId) -> bool {
        let placement = self.placement.as_ref();
        self.index.offer(&mut self.registry, &self.scores, placement, device)
    }

    fn find(&mut self, ask: &JobRequest) -> Result<Vec<Pick>, u64> {
        let mut picks = Vec::new();
        let placement = self.placement.as_ref();
        let found = self.index.find(&mut self.registry, self.job, ask, placement, &mut picks);
        assert!(found.is_ok() || picks.is_empty(), "all or nothing");
        found.map(|()| picks)
    }

    fn devices(&self) -> impl Iterator<Item = DeviceId> {
        (0..self.registry.len() as u32).map(DeviceId)
    }

    fn check_books(&self) {
        let mut cards = [0; 3];
        for d in self.devices().filter(|d| self.registry.deployable(*d)) {
            cards[self.registry.model[d.at()].at()] += u64::from(self.registry.cards[d.at()]);
            assert!(self.registry.has(d, flag::INDEXED), "{d:?} cannot be found");
        }
        for (model, cards) in cards.into_iter().enumerate() {
            assert_eq!(self.index.deployable_cards(ModelId(model as u16)), cards);
        }
        let entries: usize = self.index.shelves.values().map(BTreeSet::len).sum();
        let flagged = self.devices().filter(|d| self.registry.has(*d, flag::INDEXED));
        assert_eq!(entries, flagged.count(), "one entry per flag");
        if let Some(sites) = &self.index.sites {
            let mut placed: Vec<DeviceId> = sites.devices().collect();
            placed.sort_unstable();
            let deployable = self.devices().filter(|d| self.registry.deployable(*d));
            assert!(deployable.eq(placed), "every deployable device stands on a site, and no other");
        }
    }

    /// One random change of standing, score or stock.
    fn disturb(&mut self, lcg: &mut Lcg) {
        let device = DeviceId(lcg.below(self.registry.len() as u64) as u32);
        let i = device.at();
        match lcg.below(10) {
            0 => {
                let score = lcg.below(u64::from(ONE) + 1) as Ppm;
                self.list(&any_claim(lcg), score);
            }
            1 => {
                self.scores[i] = lcg.below(u64::from(ONE) + 1) as Ppm;
                let placement = self.placement.as_ref();
                self.index.rekey(&mut self.registry, &self.scores, placement);
            }
            2..=5 => {
                self.registry.flags[i] &= !flag::ONLINE;
                self.index.retract(&self.registry, device);
            }
            _ => {
                self.registry.flags[i] |= flag::ONLINE;
                self.registry.flags[i] &= !flag::LEASED;
                self.offer(device);
            }
        }
    }

    fn lease(&mut self, picks: &[Pick]) {
        for pick in picks {
            self.index.remove(&mut self.registry, pick.device);
            self.registry.flags[pick.device.at()] |= flag::LEASED;
            self.index.retract(&self.registry, pick.device);
        }
    }
}

/// Two thousand look-ups in a changing yard, each against the scan.
fn compare_with_scan(placement: Box<dyn Placement>, rule: &Rule, seed: u64) {
    let name = placement.name();
    let mut lcg = Lcg(seed);
    let mut yard = Yard::new(placement);
    for _ in 0..60 {
        let score = lcg.below(u64::from(ONE) + 1) as Ppm;
        yard.list(&any_claim(&mut lcg), score);
    }
    let (mut served, mut refused) = (0, 0);
    for step in 0..2_000 {
        yard.disturb(&mut lcg);
        let ask = any_request(&mut lcg);
        yard.job = JobId(step);
        let beacon = u64::from(step / 100) << 60;
        yard.index.set_beacon(beacon);
        let expected = rule.scan(&yard, beacon, &ask);
        let found = yard.find(&ask);
        assert_eq!(found, expected, "{name}, step {step}: {ask:?}");
        match found {
            Ok(picks) if lcg.below(8) == 0 => yard.lease(&picks),
            Ok(_) => served += 1,
            Err(_) => refused += 1,
        }
        yard.check_books();
    }
    assert!(served > 200 && refused > 200, "{name}: {served} {refused}");
}

#[test]
fn the_index_chooses_what_a_scan_of_all_devices_would() {
    let mut all = placements();
    all.push(MostReputableSpec { step_ppm: 1 }.build());
    for (seed, placement) in all.into_iter().enumerate() {
        let rule = Rule::of(placement.as_ref());
        compare_with_scan(placement, &rule, 11 + seed as u64);
    }
}

#[test]
fn a_stale_entry_is_dropped_when_met_and_never_chosen() {
    let mut yard = Yard::new(CheapestSpec::default().build());
    let cheap = yard.list(&claim(1, 1), 0);
    let dear = yard.list(&claim(1, 2), 0);
    yard.registry.flags[cheap.at()] &= !flag::ONLINE;
    yard.index.retract(&yard.registry, cheap);
    assert!(yard.registry.has(cheap, flag::INDEXED), "going away leaves the entry");
    let chosen = yard.find(&request(1)).expect("one is left");
    assert_eq!(chosen[0].device, dear);
    assert!(!yard.registry.has(cheap, flag::INDEXED), "met and removed");
    let visits = yard.index.visits();
    assert_eq!(yard.find(&request(1)), Ok(chosen));
    assert_eq!(yard.index.visits(), visits + 1, "a stale entry is paid for once");
}

#[test]
fn a_device_that_comes_and_goes_keeps_one_entry_and_counts_once() {
    let mut yard = Yard::new(CheapestSpec::default().build());
    let device = yard.list(&claim(4, 1), 0);
    for _ in 0..5 {
        yard.registry.flags[device.at()] &= !flag::ONLINE;
        assert!(yard.index.retract(&yard.registry, device));
        assert!(!yard.index.retract(&yard.registry, device));
        assert!(!yard.offer(device), "not deployable, not counted");
        assert_eq!(yard.index.deployable_cards(ModelId(0)), 0);
        yard.registry.flags[device.at()] |= flag::ONLINE;
        assert!(yard.offer(device));
        assert!(!yard.offer(device));
        assert_eq!(yard.index.deployable_cards(ModelId(0)), 4);
    }
    yard.check_books();
}

#[test]
fn a_loss_that_was_never_reported_is_noticed_by_the_look_up() {
    let mut yard = Yard::new(CheapestSpec::default().build());
    let device = yard.list(&claim(4, 1), 0);
    yard.registry.flags[device.at()] &= !flag::ONLINE;
    assert_eq!(yard.find(&request(1)), Err(0));
    yard.check_books();
}

#[test]
fn a_look_up_among_ten_thousand_idle_devices_visits_a_handful() {
    // What gathering costs besides is told apart, in `one_site_first`.
    for placement in placements().into_iter().filter(|placement| !placement.gathers()) {
        let mut lcg = Lcg(5);
        let mut yard = Yard::new(placement);
        for _ in 0..10_000 {
            let score = lcg.below(u64::from(ONE) + 1) as Ppm;
            yard.list(&any_claim(&mut lcg), score);
        }
        let classes = match yard.placement.name() {
            "most_reputable" => 101,
            "top_k" => 201,
            _ => 1,
        };
        let shelves = yard.index.shelves.len() as u64;
        for cards in [1, 8, 100] {
            // Nearly all devices are too dear, so a careless index would wade through them.
            let ask = JobRequest { price_limit: 500_000, min_tier: 3, ..request(cards) };
            let before = yard.index.visits();
            let picks = yard.find(&ask).expect("there are plenty");
            let visits = yard.index.visits() - before;
            let pulled = (picks.len() + yard.placement.candidates()) as u64;
            let bound = shelves * (1 + classes) + pulled * (1 + classes);
            let name = yard.placement.name();
            assert!(visits <= bound.min(5_000), "{name}: {visits} of {bound}");
            if classes == 1 {
                assert!(visits <= shelves + picks.len() as u64 * 2, "{name}: {visits}");
            }
        }
    }
}

#[test]
fn one_shelf_of_ten_thousand_too_dear_devices_costs_one_visit_per_class() {
    let mut yard = Yard::new(MostReputableSpec::default().build());
    for i in 0..10_000 {
        yard.list(&claim(1, 3_000_000), i * 100);
    }
    let cheap = yard.list(&claim(1, 1_000_000), 0);
    let before = yard.index.visits();
    let picks = yard.find(&request(1)).expect("the one that is cheap enough");
    assert_eq!(picks[0].device, cheap);
    let visits = yard.index.visits() - before;
    assert!((50..=101).contains(&visits), "{visits}");
}

#[test]
fn the_cheapest_device_of_any_model_that_suits_is_chosen() {
    let mut yard = Yard::new(CheapestSpec::default().build());
    let mut of = |model, price| {
        let claim = crate::command::Claim { model: ModelId(model), ..claim(1, price) };
        yard.list(&claim, 0)
    };
    let [small, large, dearest] = [of(0, 10), of(2, 20), of(1, 30)];
    let choice = |yard: &mut Yard, ask| yard.find(&ask).map(|picks| picks[0].device);
    assert_eq!(choice(&mut yard, request(1)), Ok(small));
    let roomy = JobRequest { min_memory_mb: 20_000, ..request(1) };
    assert_eq!(choice(&mut yard, roomy), Ok(large));
    let named = JobRequest { model: Some(ModelId(1)), ..request(1) };
    assert_eq!(choice(&mut yard, named), Ok(dearest));
}

#[test]
fn best_fit_leaves_the_fewest_cards_over_then_spares_memory_then_money() {
    let mut yard = Yard::new(BestFitSpec::default().build());
    let mut of = |model, cards, price| {
        let claim = crate::command::Claim { model: ModelId(model), ..claim(cards, price) };
        yard.list(&claim, 0)
    };
    let eight = of(0, 8, 1);
    let four_large = of(2, 4, 1);
    let four_dear = of(1, 4, 9);
    let four_small = of(1, 4, 5);
    let one_host = JobRequest { one_host: true, ..request(3) };
    let mut order = Vec::new();
    while let Ok(picks) = yard.find(&one_host) {
        assert_eq!(picks.len(), 1);
        assert_eq!(picks[0].cards, 3, "asked, not held");
        order.push(picks[0].device);
        yard.lease(&picks);
    }
    assert_eq!(order, [four_small, four_dear, four_large, eight]);
}

#[test]
fn the_most_reputable_is_chosen_and_the_price_decides_within_a_step() {
    let mut yard = Yard::new(MostReputableSpec::default().build());
    let poor = yard.list(&claim(1, 1), 100_000);
    yard.list(&claim(1, 9), 999_000);
    let good_cheap = yard.list(&claim(1, 5), 995_000);
    let chosen = |yard: &mut Yard| yard.find(&request(1)).expect("three devices")[0].device;
    assert_eq!(chosen(&mut yard), good_cheap);
    yard.scores = vec![900_000, 200_000, 300_000];
    let placement = yard.placement.as_ref();
    yard.index.rekey(&mut yard.registry, &yard.scores, placement);
    assert_eq!(chosen(&mut yard), poor);
    yard.check_books();
}

#[test]
fn a_device_that_comes_back_is_filed_under_its_present_score() {
    let mut yard = Yard::new(MostReputableSpec::default().build());
    let fallen = yard.list(&claim(1, 1), 900_000);
    let steady = yard.list(&claim(1, 1), 500_000);
    yard.registry.flags[fallen.at()] &= !flag::ONLINE;
    yard.index.retract(&yard.registry, fallen);
    yard.scores[fallen.at()] = 100_000;
    yard.registry.flags[fallen.at()] |= flag::ONLINE;
    yard.offer(fallen);
    let picks = yard.find(&request(1)).expect("two devices");
    assert_eq!(picks[0].device, steady);
    yard.check_books();
}
