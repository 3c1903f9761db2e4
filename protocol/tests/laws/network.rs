//! Networks of one policy per concern: chosen by number, named in full, built afresh as often as a law asks.

use crate::catalogue::{self, Policy};
use crate::fleet::models;
use crate::lcg::Lcg;
use depin_protocol::billing::Settlement;
use depin_protocol::linkage::{self, Timing};
use depin_protocol::registration;
use depin_protocol::rewards::SeasonSpec;
use depin_protocol::scheduling::WhenBlocked;
use depin_protocol::units::{Span, Time};
use depin_protocol::{Protocol, Rules};

/// A concern that has policies to choose from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Concern {
    Reward,
    Season,
    Emission,
    Verification,
    Placement,
    Queueing,
    Sharing,
    Linkage,
    Slash,
    Staking,
    Billing,
    Churn,
    Pricing,
    Prices,
    Instant,
    Blocks,
}

use Concern::{
    Billing, Blocks, Churn, Emission, Instant, Linkage, Placement, Prices, Pricing, Queueing, Reward, Season,
    Sharing, Slash, Staking, Verification,
};

impl Concern {
    pub const ALL: [Concern; 16] = [
        Reward,
        Season,
        Emission,
        Verification,
        Placement,
        Queueing,
        Sharing,
        Linkage,
        Slash,
        Staking,
        Billing,
        Churn,
        Pricing,
        Prices,
        Instant,
        Blocks,
    ];

    /// How the catalogue labels its policies.
    pub fn labels(self) -> Vec<&'static str> {
        fn of<P>(policies: Vec<Policy<P>>) -> Vec<&'static str> {
            policies.into_iter().map(|policy| policy.label).collect()
        }
        match self {
            Reward => of(catalogue::rewards()),
            Season => of(catalogue::seasons()),
            Emission => of(catalogue::emissions()),
            Verification => of(catalogue::verifications()),
            Placement => of(catalogue::placements()),
            Queueing => of(catalogue::queueings()),
            Sharing => of(catalogue::sharings()),
            Linkage => of(catalogue::linkages()),
            Slash => of(catalogue::slash_policies()),
            Staking => of(catalogue::stakings()),
            Billing => of(catalogue::billings()),
            Churn => of(catalogue::churns()),
            Pricing => of(catalogue::pricings()),
            Prices => of(catalogue::prices()),
            Instant => of(catalogue::instants()),
            Blocks => of(catalogue::blocks()),
        }
    }
}

/// One policy per concern, and a number that decides what else a network leaves open.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    picks: [usize; 16],
    pub number: u64,
}

fn build<P>(policies: Vec<Policy<P>>, pick: usize) -> P {
    (policies[pick].build)()
}

impl Choice {
    /// The first of each: the plain network.
    pub fn plain() -> Choice {
        Choice { picks: [0; 16], number: 0 }
    }

    /// Any of each.
    pub fn any(lcg: &mut Lcg) -> Choice {
        let picks = Concern::ALL.map(|concern| lcg.index(concern.labels().len()));
        Choice { picks, number: lcg.below(1_000) }.sound(Queueing)
    }

    /// The same with one policy fixed.
    pub fn with(mut self, concern: Concern, pick: usize) -> Choice {
        self.picks[concern as usize] = pick;
        self.sound(concern)
    }

    pub fn pick(&self, concern: Concern) -> usize {
        self.picks[concern as usize]
    }

    /// Hosts leased in parts, auctions and shunning know no promises: whichever was not `asked` for gives way.
    fn sound(mut self, asked: Concern) -> Choice {
        for other in [Sharing, Pricing, Churn] {
            let clash = match other {
                Sharing => self.shares(),
                Pricing => self.auctions(),
                _ => self.shuns(),
            };
            if clash && self.promises() {
                let gives_way = if asked == other { Queueing } else { other };
                self.picks[gives_way as usize] = 0;
            }
        }
        self
    }

    /// Whether jobs take offers before they join the queue.
    pub fn auctions(&self) -> bool {
        let pricing = build(catalogue::pricings(), self.pick(Pricing));
        matches!(pricing, depin_protocol::market::Pricing::ReverseAuction { .. })
    }

    /// Whether renters shun devices that failed them.
    pub fn shuns(&self) -> bool {
        build(catalogue::churns(), self.pick(Churn)).shun > Span::ZERO
    }

    pub fn shares(&self) -> bool {
        self.pick(Sharing) > 0
    }

    /// Whether the discipline promises devices to those who wait.
    pub fn promises(&self) -> bool {
        let queueing = build(catalogue::queueings(), self.pick(Queueing));
        matches!(queueing.when_blocked(), WhenBlocked::ReserveFirst(_) | WhenBlocked::ReserveAll(_))
    }

    pub fn hourly(&self) -> bool {
        build(catalogue::billings(), self.pick(Billing)).settlement == Settlement::Hourly
    }

    pub fn stakes(&self) -> bool {
        self.pick(Staking) > 0
    }

    /// Every policy by its label.
    pub fn name(&self) -> String {
        let labels = Concern::ALL.map(|concern| concern.labels()[self.pick(concern)]);
        format!("{} (number {})", labels.join(" / "), self.number)
    }

    pub fn label(&self, concern: Concern) -> &'static str {
        concern.labels()[self.pick(concern)]
    }

    pub fn rules(&self) -> Rules {
        let verification = build(catalogue::verifications(), self.pick(Verification));
        let season: SeasonSpec = build(catalogue::seasons(), self.pick(Season));
        let slash = build(catalogue::slash_policies(), self.pick(Slash));
        Rules {
            models: models(),
            registration: registration::Spec {
                waiting: Span::HOUR,
                max_devices_per_hour: 40,
                ..registration::Spec::default()
            },
            liveness: Default::default(),
            supply: Default::default(),
            challenges: verification.interval().is_some() && self.number % 4 < 3,
            verification,
            reputation: Default::default(),
            placement: build(catalogue::placements(), self.pick(Placement)),
            sharing: build(catalogue::sharings(), self.pick(Sharing)),
            queueing: build(catalogue::queueings(), self.pick(Queueing)),
            same_instant: build(catalogue::instants(), self.pick(Instant)),
            waiting_room: (self.number % 5 == 3).then_some(2),
            churn: build(catalogue::churns(), self.pick(Churn)),
            pricing: build(catalogue::pricings(), self.pick(Pricing)),
            prices: build(catalogue::prices(), self.pick(Prices)),
            billing: build(catalogue::billings(), self.pick(Billing)),
            reward: build(catalogue::rewards(), self.pick(Reward)),
            emission: build(catalogue::emissions(), self.pick(Emission)),
            blocks: build(catalogue::blocks(), self.pick(Blocks)),
            quests: self.number.is_multiple_of(2).then_some(catalogue::POOL / 10),
            season,
            opening_season: Some((catalogue::POOL / 2, Time::ZERO + Span::DAY)),
            opening_announced: true,
            linkage: build(catalogue::linkages(), self.pick(Linkage)),
            linkage_spec: linkage::Spec {
                timing: match self.number % 3 {
                    0 => Timing::Continuous,
                    1 => Timing::AtSnapshot,
                    _ => Timing::OnDate(Time::ZERO + Span::HOUR.times(9)),
                },
                every: Span::HOUR.times(5),
                least_edges: 2,
                appeal_delay: Span::HOUR.times(7),
                ..linkage::Spec::default()
            },
            staking: build(catalogue::stakings(), self.pick(Staking)),
            slashing: Some(catalogue::slashing(slash, self.number)),
        }
    }

    pub fn protocol(&self) -> Protocol {
        Protocol::new(self.rules())
    }
}

/// Runs a check with every policy of every concern, the others at random, and every seed.
pub fn for_every_policy(seeds: u64, mut check: impl FnMut(&Choice, u64)) {
    for concern in Concern::ALL {
        for pick in 0..concern.labels().len() {
            for seed in 0..seeds {
                let mut lcg = Lcg::new(seed ^ (concern as u64) << 32 ^ (pick as u64) << 40);
                check(&Choice::any(&mut lcg).with(concern, pick), seed);
            }
        }
    }
}
