//! An individual decides: what each way in would return on public information, and whether to take it.

use super::super::choice::choose;
use super::super::event::{Event, phase};
use super::super::forecast::{Prospect, expected_release, free_entry_total};
use super::super::people::{Forecast, Person};
use super::super::worth::Imagined;
use super::super::{Observer, World};
use super::purpose;
use super::setup::Make;
use crate::engine::{EntityKey, Span, Time};
use crate::scenario::cohort::{Cohort, Means};
use depin_protocol::ledger::Category;
use depin_protocol::units::TOKEN;

/// Hours in a month of rent.
pub(super) const MONTH_HOURS: f64 = 730.0;

/// More tokens, in base units, and more points than there will ever be.
const WITHOUT_END: u128 = 1_000_000_000_000_000_000_000_000;

/// One way in, priced today.
#[derive(Clone, Copy, Debug)]
struct Way {
    /// Which of the cohort's means.
    means: usize,
    /// Expected return on what will be spent: value ÷ cost − 1.
    roi: f64,
    /// Dollars per machine until the end of the season, resale deducted.
    cost: f64,
    /// Dollars per machine that must be at hand.
    outlay: f64,
    /// Terms it would be rented for.
    terms: i128,
    /// Most machines.
    most: u64,
    /// Fewest machines in one order.
    fewest: u64,
}

impl<O: Observer> World<O> {
    /// What anyone can know of tokens to come: the announced season, and what a schedule releases; the hope of a season
    /// while there is neither, or while the announced end has passed and nobody has said what comes next.
    pub(super) fn prospect(&self) -> Option<Prospect> {
        let now = self.now();
        let board = self.protocol.board();
        let token = &self.scenario.token;
        let price_usd = self.outlook.price(&self.scenario.narrative, token, now);
        let season = board.season.filter(|season| season.ends > now);
        let season = season.map(|season| (season.pool as f64 / 1e8, season.ends.since(now).hours()));
        let horizon = self.scenario.outsiders.horizon_days * 24.0;
        let stream = |hours| {
            board.emission.map_or(0.0, |notice| expected_release(&notice, self.first_per_hour, now, hours))
        };
        let (pool, pool_hours, hours) = match season {
            Some((pool, ends)) if stream(horizon) > 0.0 => (pool, ends, ends.max(horizon)),
            Some((pool, ends)) => (pool, ends, ends),
            None if stream(horizon) > 0.0 => (0.0, horizon, horizon),
            None => {
                let hours = token.hope_days * 24.0;
                (token.hoped_pool_tokens * token.hope * self.scenario.run.scale, hours, hours)
            }
        };
        let stream_tokens = stream(hours);
        let most_per_weight = self.most_per_weight();
        let pool = self.taken_at_most(pool);
        (pool + stream_tokens > 0.0 && hours > 0.0).then_some(Prospect {
            pool_tokens: pool,
            most_per_weight,
            pool_hours,
            stream_tokens,
            hours,
            price_usd,
            cost_per_weight_hour: self.entry_cost,
        })
    }

    /// Tokens that the rule would take of so many, if there were no end of weight to pay.
    fn taken_at_most(&self, tokens: f64) -> f64 {
        let units = (tokens * TOKEN as f64) as i128;
        let taken = self.protocol.would_take(units, WITHOUT_END).pay;
        if taken == units { tokens } else { taken as f64 / TOKEN as f64 }
    }

    /// Tokens that the rule would take for a unit of weight, if there were no end of tokens: a price where it pays by the
    /// piece, more than anybody could spend where it shares what there is.
    fn most_per_weight(&self) -> f64 {
        let (units, points) = (WITHOUT_END.cast_signed(), 1_000_000_000_000);
        self.protocol.would_take(units, points).pay as f64 / TOKEN as f64 / (points as f64 / 1e6)
    }

    /// Zero-profit total weight at today's public belief; 0 when nothing is to be had.
    pub(in super::super) fn rational_total(&self) -> f64 {
        self.prospect().map_or(0.0, |p| free_entry_total(&p))
    }

    /// Weight per hour of one machine as outsiders work it out, hired as much as they believe.
    pub(super) fn public_weight(&self, hardware: usize, cards: u16, tier: u8, scripted: bool) -> f64 {
        self.weight_if_hired(hardware, cards, (tier, scripted), self.hired_share)
    }

    /// The same, if it is hired for this share of time.
    pub(super) fn weight_if_hired(
        &self,
        hardware: usize,
        cards: u16,
        (tier, scripted): (u8, bool),
        hired: f64,
    ) -> f64 {
        let stake = self.stake_for(hardware, cards, 1);
        let device = Imagined { hardware, cards, tier, scripted, stake };
        self.worth.of(&self.scenario, &self.protocol.registry().models, device, hired)
    }

    /// Dollars that one machine, working from `lead_hours` on for as far as one looks ahead, is expected to bring.
    pub(super) fn value(&self, person: &Person, prospect: &Prospect, weight: f64, lead_hours: f64) -> f64 {
        let hours = prospect.hours - lead_hours;
        if hours <= 0.0 {
            return 0.0;
        }
        let rate = weight * person.weight_error;
        let own = rate * hours.min(prospect.pool_hours) / prospect.pool_hours;
        let tokens = self.estimate.tokens(person.forecast, prospect, own)
            + self.estimate.streamed(person.forecast, prospect, rate * hours);
        tokens * prospect.price_usd * person.belief
    }

    fn way(&self, person: &Person, cohort: &Cohort, index: usize, prospect: &Prospect) -> Option<Way> {
        let scripted = person.scripted;
        let set_up_hours = cohort.setup_minutes * self.team.setup_factor / 60.0;
        let labour = set_up_hours * cohort.labour_usd_hour;
        let lead = cohort.lead_days * 24.0 + set_up_hours;
        let scenario = &self.scenario;
        let way = match cohort.means[index] {
            Means::Own { hardware, site, cards, opportunity_usd_month, .. } => {
                let weight = self.public_weight(hardware, cards, person.tier, scripted);
                let running = self.running_usd_hour(hardware, site, cards) * prospect.hours;
                let forgone = opportunity_usd_month * f64::from(cards) / MONTH_HOURS * prospect.hours;
                let bond = self.bond(hardware, cards, 1, prospect.hours);
                let cost = running + forgone + labour + bond.cost_usd;
                let value = self.value(person, prospect, weight, set_up_hours);
                Way {
                    means: index,
                    roi: value / cost.max(0.01) - 1.0,
                    cost,
                    outlay: running + bond.stake_usd,
                    terms: 1,
                    most: u64::from(person.own_machines),
                    fewest: 1,
                }
            }
            Means::Rent { cloud } => {
                let spec = &scenario.clouds[cloud];
                let cards = spec.cards_per_machine;
                let weight = self.public_weight(spec.hardware, cards, spec.tier, scripted);
                let term_hours = spec.term_days * 24.0;
                let terms = libm::ceil(((prospect.hours - lead) / term_hours).max(1.0));
                let per_term =
                    self.offers[cloud].quote as f64 / 1e6 * f64::from(cards) * spec.term_days * 24.0
                        / MONTH_HOURS;
                let bond = self.bond(spec.hardware, cards, 1, prospect.hours);
                let paid = terms * per_term
                    + self.running_usd_hour(spec.hardware, spec.site, cards) * prospect.hours
                    + labour;
                let cost = paid + bond.cost_usd;
                let value = self.value(person, prospect, weight, lead);
                let fewest = spec.min_cards.div_ceil(u64::from(cards));
                Way {
                    means: index,
                    roi: value / cost.max(0.01) - 1.0,
                    cost,
                    outlay: paid + bond.stake_usd,
                    terms: terms as i128,
                    most: u64::MAX,
                    fewest,
                }
            }
            Means::Buy { shop, site } => {
                let spec = &scenario.shops[shop];
                let cards = spec.cards_per_machine;
                let weight = self.public_weight(spec.hardware, cards, person.tier, scripted);
                let price = self.counters[shop].price(spec) as f64 / 1e6;
                let resale = self.counters[shop].resale(spec) as f64 / 1e6;
                let running = self.running_usd_hour(spec.hardware, site, cards) * prospect.hours;
                let value = self.value(person, prospect, weight, lead);
                let bond = self.bond(spec.hardware, cards, 1, prospect.hours);
                let cost = price - resale + running + labour + bond.cost_usd;
                Way {
                    means: index,
                    roi: value / cost.max(0.01) - 1.0,
                    cost,
                    outlay: price + running + bond.stake_usd,
                    terms: 1,
                    most: u64::MAX,
                    fewest: 1,
                }
            }
        };
        let affordable =
            ((person.budget - person.reserved).max(0) as f64 / 1e6 / way.outlay.max(0.01)) as u64;
        let room = cohort.max_machines.saturating_sub(u64::from(person.machines));
        let most = way.most.min(affordable).min(room);
        (most >= way.fewest && most > 0).then_some(Way { most, ..way })
    }

    pub(super) fn running_usd_hour(&self, hardware: usize, site: usize, cards: u16) -> f64 {
        let site = &self.scenario.sites[site];
        let power = self.scenario.hardware[hardware].watts / 1000.0 * site.electricity_usd_kwh;
        (power + site.running_usd_month / MONTH_HOURS) * f64::from(cards)
    }

    pub(in super::super) fn person_decides(&mut self, person: u32) {
        self.people.all[person as usize].pending = false;
        self.pay_running_costs(person);
        let group = self.people.all[person as usize].group;
        let scenario = std::sync::Arc::clone(&self.scenario);
        let cohort = &scenario.cohorts[group as usize];
        let mut wait_days = cohort.review_days;
        if let Some(prospect) = self.prospect() {
            self.look_at_stake(person);
            let left = self.review(person, &prospect);
            let p = &self.people.all[person as usize];
            let flagged = self.is_flagged(person);
            let ways: Vec<Way> = (0..cohort.means.len())
                .filter(|means| !flagged && !left.contains(means))
                .filter_map(|means| self.way(p, cohort, means, &prospect))
                .collect();
            let returns: Vec<(usize, f64)> = ways.iter().map(|w| (w.means, w.roi)).collect();
            if let Some(chosen) = self.decide(person, &returns, cohort.noise)
                && !self.take(person, cohort, &ways[chosen])
            {
                // Sold out: it asks again in a few days, on the waiting list.
                wait_days = wait_days.min(3.0);
            }
        } else {
            self.review_without_prospect(person);
        }
        let u = self.person_draw(person);
        self.plan_decision(person, -wait_days * libm::log(u));
    }

    pub(super) fn person_draw(&mut self, person: u32) -> f64 {
        let p = &mut self.people.all[person as usize];
        let (key, index) = (p.key, p.draws);
        p.draws += 1;
        self.stream(purpose::DECIDE, key).uniform(u64::from(index))
    }

    /// The person's choice among options by its own lasting tastes.
    pub(super) fn decide(&self, person: u32, options: &[(usize, f64)], noise: f64) -> Option<usize> {
        let taste = self.stream(purpose::TASTE, self.people.all[person as usize].key);
        choose(options, noise, |option| taste.uniform(self.taste_of(person, option)))
    }

    /// Which of a person's tastes belongs to an option: keyed by what it is called, so that one more offer in the
    /// cohort's list changes nobody's taste for the others. Option 0 is to do nothing.
    fn taste_of(&self, person: u32, option: u64) -> u64 {
        let group = self.people.all[person as usize].group;
        let Some(means) = option.checked_sub(1).zip(self.cohort(group)).map(|(i, c)| &c.means[i as usize])
        else {
            return option;
        };
        let name = match *means {
            Means::Own { .. } => "own",
            Means::Rent { cloud } => self.scenario.clouds[cloud].name.as_str(),
            Means::Buy { shop, .. } => self.scenario.shops[shop].name.as_str(),
        };
        EntityKey::of("means", name, 0).0
    }

    pub(super) fn plan_decision(&mut self, person: u32, days: f64) {
        let p = &mut self.people.all[person as usize];
        if p.pending {
            return;
        }
        p.pending = true;
        self.sim.after(
            Span::from_hours(24.0 * days.max(0.0)),
            phase::PEOPLE,
            u64::from(person),
            Event::PersonDecides(person),
        );
    }

    /// Carries a choice out as far as stock allows; false when nothing could be had.
    fn take(&mut self, person: u32, cohort: &Cohort, way: &Way) -> bool {
        let count = match cohort.means[way.means] {
            Means::Own { hardware, site, cards, .. } => {
                let count = way.most;
                self.people.all[person as usize].own_machines -= count as u32;
                let make = Make {
                    hardware,
                    site,
                    cards,
                    price: 0,
                    paid_until: Time::NEVER,
                    means: way.means as u8,
                    count: count as u32,
                };
                let holding = self.take_on(person, &make);
                self.plan_set_up(holding, Span::ZERO);
                count
            }
            Means::Rent { cloud } => self.rent(person, cohort, cloud, way),
            Means::Buy { shop, site } => self.buy(person, cohort, shop, site, way),
        };
        let p = &mut self.people.all[person as usize];
        if count > 0 && p.machines_ever == count as u32 {
            p.expected_roi = way.roi;
        }
        debug_assert!(way.cost.is_finite());
        count > 0
    }

    /// Sets money aside for the remaining terms of a holding, so that it is not spent on others.
    pub(super) fn reserve(&mut self, holding: u32, amount: i128) {
        let h = &mut self.people.holdings[holding as usize];
        let p = &mut self.people.all[h.owner as usize];
        p.reserved += amount - h.reserved;
        h.reserved = amount;
    }

    fn rent(&mut self, person: u32, cohort: &Cohort, cloud: usize, way: &Way) -> u64 {
        let (means, machines, terms) = (way.means as u8, way.most, way.terms);
        let scenario = std::sync::Arc::clone(&self.scenario);
        let spec = &scenario.clouds[cloud];
        let cards = u64::from(spec.cards_per_machine);
        let got = self.offers[cloud].take(spec, machines * cards) / cards;
        if got == 0 {
            return 0;
        }
        let per_machine = self.term_price(cloud);
        let until = self.now() + Span::from_hours(spec.term_days * 24.0);
        self.spend(person, Category::CloudRent, self.providers[cloud], per_machine * i128::from(got));
        let make = Make {
            hardware: spec.hardware,
            site: spec.site,
            cards: spec.cards_per_machine,
            price: per_machine,
            paid_until: until,
            means,
            count: got as u32,
        };
        let holding = self.take_on(person, &make);
        self.reserve(holding, (terms.max(1) - 1) * per_machine * i128::from(got));
        self.plan_set_up(holding, Span::from_hours(cohort.lead_days * 24.0));
        self.sim.at(until, phase::PEOPLE, u64::from(person), Event::TermEnds(holding));
        got
    }

    /// Rent of one machine for one term at today's quote, micro-dollars.
    pub(super) fn term_price(&self, cloud: usize) -> i128 {
        let spec = &self.scenario.clouds[cloud];
        let term = i128::from(Span::from_hours(spec.term_days * 24.0).0);
        let month = i128::from(Span::from_hours(MONTH_HOURS).0);
        self.offers[cloud].quote * i128::from(spec.cards_per_machine) * term / month
    }

    fn buy(&mut self, person: u32, cohort: &Cohort, shop: usize, site: usize, way: &Way) -> u64 {
        let scenario = std::sync::Arc::clone(&self.scenario);
        let spec = &scenario.shops[shop];
        let price = self.counters[shop].price(spec);
        let count = way.most;
        self.counters[shop].buy(spec, count);
        self.spend(person, Category::HardwarePurchase, self.vendors[shop], price * i128::from(count));
        let make = Make {
            hardware: spec.hardware,
            site,
            cards: spec.cards_per_machine,
            price,
            paid_until: Time::NEVER,
            means: way.means as u8,
            count: count as u32,
        };
        let holding = self.take_on(person, &make);
        self.plan_set_up(holding, Span::from_hours(cohort.lead_days * 24.0));
        count
    }

    /// Cheapest way in per unit of weight and hour over offers that have cards, USD; what free entry runs against.
    pub(super) fn cheapest_entry(&self) -> f64 {
        let mut cheapest = f64::INFINITY;
        for (offer, spec) in self.offers.iter().zip(&self.scenario.clouds) {
            let weight = self.public_weight(spec.hardware, 1, spec.tier, true);
            let usd = offer.quote as f64 / 1e6 / MONTH_HOURS / weight.max(1e-9);
            // A sold-out offer counts at twice its quote: what waiting or going elsewhere costs.
            let usd = if offer.free(spec) >= spec.min_cards { usd } else { 2.0 * usd };
            cheapest = cheapest.min(usd);
        }
        if cheapest.is_finite() { cheapest } else { 0.0 }
    }

    pub(super) fn forecast_of(u: f64, shares: &crate::scenario::cohort::Forecasts) -> Forecast {
        if u < shares.naive {
            Forecast::Naive
        } else if u < shares.naive + shares.extrapolative {
            Forecast::Extrapolative
        } else {
            Forecast::Rational
        }
    }
}
