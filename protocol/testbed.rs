//! A small network for tests: a registry with a few models, funded renters, a market and its books.

use crate::billing::{Billing, BillingSpec};
use crate::command::{Claim, JobRequest, Part, Rejection};
use crate::effect::Effect;
use crate::ids::{AccountId, DeviceId, JobId, ModelId};
use crate::lcg::Lcg;
use crate::ledger::{Asset, Category, Ledger, Purse};
use crate::market::{Books, Market};
use crate::registry::{Model, Registry, flag};
use crate::reputation::{Reputation, ReputationSpec};
use crate::scheduling::{
    BestFitSpec, CheapestSpec, ConservativeSpec, EasySpec, FcfsSpec, FirstFittingSpec, InterruptibleBidsSpec,
    LeastAttainedServiceSpec, MostReputableSpec, OneSiteFirstSpec, Placement, Preemption, PrioritySpec,
    Queueing, ShortestJobSpec, TopKSpec, Unit,
};
use crate::units::{Amount, Span, Time, USD};

/// Memory of the models that a test registry knows, in megabytes.
const MEMORY_MB: [u32; 3] = [8_000, 24_000, 80_000];

/// Every placement there is.
pub(crate) fn placements() -> Vec<Box<dyn Placement>> {
    vec![
        CheapestSpec::default().build(),
        BestFitSpec::default().build(),
        MostReputableSpec::default().build(),
        OneSiteFirstSpec::default().build(),
        TopKSpec::default().build(),
    ]
}

/// Every queue discipline there is, reservations by both units.
pub(crate) fn disciplines() -> Vec<Box<dyn Queueing>> {
    vec![
        FcfsSpec::default().build(),
        FirstFittingSpec::default().build(),
        PrioritySpec::default().build(),
        ShortestJobSpec::default().build(),
        EasySpec { unit: Unit::Counts }.build(),
        EasySpec { unit: Unit::Hosts }.build(),
        ConservativeSpec { unit: Unit::Counts }.build(),
        ConservativeSpec { unit: Unit::Hosts }.build(),
        PrioritySpec { preemption: Some(Preemption { min_run: Span::MINUTE }), ..PrioritySpec::default() }
            .build(),
        LeastAttainedServiceSpec::default().build(),
        InterruptibleBidsSpec { preemption: Preemption { min_run: Span::MINUTE.times(10) } }.build(),
    ]
}

/// A registry that knows three models and no device.
pub(crate) fn registry() -> Registry {
    let models = MEMORY_MB.iter().map(|memory_mb| Model {
        name: format!("{memory_mb} MB"),
        memory_mb: *memory_mb,
        gflops: 1,
        multiplier: 1,
    });
    Registry { models: models.collect(), ..Registry::default() }
}

/// A claim of `cards` of model 0 at `price` micro-dollars.
pub(crate) fn claim(cards: u16, price: u32) -> Claim {
    Claim { model: ModelId(0), cards, tier: 2, price, address: 0, subnet: 0, fingerprint: 0 }
}

/// A request for `cards` of any model for ten hours at up to two dollars, patient for a hundred hours.
pub(crate) fn request(cards: u32) -> JobRequest {
    JobRequest {
        model: None,
        min_memory_mb: 0,
        cards,
        one_host: false,
        min_tier: 0,
        term: Span::HOUR.times(10),
        price_limit: 2_000_000,
        patience: Span::HOUR.times(100),
        priority: 0,
        interruptible: false,
        part: Part::default(),
    }
}

/// A claim with every field drawn from a few values.
pub(crate) fn any_claim(lcg: &mut Lcg) -> Claim {
    Claim {
        model: ModelId(lcg.below(3) as u16),
        cards: [1, 1, 2, 4, 8][lcg.below(5) as usize],
        tier: lcg.below(5) as u8,
        price: 500_000 + 100_000 * lcg.below(6) as u32,
        address: 0,
        subnet: lcg.below(6) as u32,
        fingerprint: 0,
    }
}

/// A request with every field drawn from a few values.
pub(crate) fn any_request(lcg: &mut Lcg) -> JobRequest {
    JobRequest {
        model: (lcg.below(2) == 0).then(|| ModelId(lcg.below(3) as u16)),
        min_memory_mb: [0, 0, 8_001, 30_000][lcg.below(4) as usize],
        cards: 1 + lcg.below(12) as u32,
        one_host: lcg.below(4) == 0,
        min_tier: lcg.below(5) as u8,
        term: Span(1 + lcg.below(5 * Span::HOUR.0)),
        price_limit: 450_000 + 100_000 * lcg.below(8) as u32,
        patience: Span(lcg.below(3) * lcg.below(6 * Span::HOUR.0)),
        priority: lcg.below(3) as u8,
        interruptible: lcg.below(2) == 0,
        part: Part::default(),
    }
}

/// The network. Account 0 is a renter with a million dollars; each device has an account of its own.
#[derive(Debug)]
pub(crate) struct Town {
    pub(crate) market: Market,
    pub(crate) registry: Registry,
    pub(crate) reputation: Reputation,
    pub(crate) billing: Billing,
    pub(crate) ledger: Ledger,
    pub(crate) purses: Vec<Purse>,
    pub(crate) effects: Vec<Effect>,
    pub(crate) outside: Purse,
}

/// The renter that every town has.
pub(crate) const RENTER: AccountId = AccountId(0);

impl Town {
    pub(crate) fn new() -> Town {
        Town::with(CheapestSpec::default().build(), FcfsSpec::default().build())
    }

    pub(crate) fn with(placement: Box<dyn Placement>, queueing: Box<dyn Queueing>) -> Town {
        let mut ledger = Ledger::default();
        let outside = ledger.open_unlimited();
        let billing = Billing::open(BillingSpec::default(), &mut ledger);
        let mut town = Town {
            market: Market::new(placement, queueing),
            registry: registry(),
            reputation: Reputation::new(ReputationSpec::default()),
            billing,
            ledger,
            purses: Vec::new(),
            effects: Vec::new(),
            outside,
        };
        town.renter(1_000_000 * USD);
        town
    }

    /// Runs `act` with the market and its books.
    pub(crate) fn run<R>(&mut self, act: impl FnOnce(&mut Market, &mut Books<'_>) -> R) -> R {
        let mut books = Books {
            registry: &mut self.registry,
            reputation: &mut self.reputation,
            billing: &self.billing,
            ledger: &mut self.ledger,
            purses: &self.purses,
            effects: &mut self.effects,
        };
        act(&mut self.market, &mut books)
    }

    /// A new account with money.
    pub(crate) fn renter(&mut self, usd: Amount) -> AccountId {
        let purse = self.ledger.open();
        self.ledger
            .post(Asset::Usd, Category::Funding, self.outside, purse, usd)
            .expect("the outside world is unlimited");
        self.purses.push(purse);
        AccountId(self.purses.len() as u32 - 1)
    }

    /// Lists a device and brings it to deployable standing, without a dispatch.
    pub(crate) fn list(&mut self, claim: &Claim) -> DeviceId {
        let owner = self.renter(0);
        let device = self.registry.push(Time(0), owner, claim, flag::DEPLOYABLE_SET);
        self.reputation.grow(1);
        self.market.grow(&self.registry);
        self.run(|market, books| market.device_deployable(device, books));
        device
    }

    /// `count` devices of one card at a dollar.
    pub(crate) fn list_singles(&mut self, count: u32) -> Vec<DeviceId> {
        (0..count).map(|_| self.list(&claim(1, 1_000_000))).collect()
    }

    pub(crate) fn try_submit(&mut self, hour: u64, ask: JobRequest) -> Result<JobId, Rejection> {
        self.submit_at(at(hour), ask)
    }

    /// Submits, and holds the pass of that instant.
    pub(crate) fn submit_at(&mut self, now: Time, ask: JobRequest) -> Result<JobId, Rejection> {
        let job = self.run(|market, books| market.submit(now, RENTER, ask, books));
        self.advance(now);
        job
    }

    pub(crate) fn submit(&mut self, hour: u64, ask: JobRequest) -> JobId {
        self.try_submit(hour, ask).expect("a sound request")
    }

    pub(crate) fn end(&mut self, now: Time, job: JobId, satisfied: bool) -> Result<(), Rejection> {
        let ended = self.run(|market, books| market.end_job(now, job, satisfied, books));
        self.advance(now);
        ended
    }

    pub(crate) fn advance(&mut self, now: Time) {
        self.run(|market, books| market.advance(now, books));
    }

    /// Meets every deadline up to `to` at its own time.
    pub(crate) fn wait_until(&mut self, to: Time) {
        while self.market.next_deadline() <= to {
            let due = self.market.next_deadline();
            self.advance(due);
        }
    }

    /// Devices go offline together, in one batch.
    pub(crate) fn lose(&mut self, now: Time, devices: &[DeviceId]) {
        for device in devices {
            self.registry.flags[device.at()] &= !flag::ONLINE;
        }
        self.run(|market, books| {
            for device in devices {
                market.device_lost(now, *device, books);
            }
            market.ask_for_pass(now);
            market.advance(now, books);
        });
    }

    /// Devices come back together, in one batch.
    pub(crate) fn restore(&mut self, now: Time, devices: &[DeviceId]) {
        for device in devices {
            self.registry.flags[device.at()] |= flag::ONLINE;
        }
        self.run(|market, books| {
            for device in devices {
                market.device_deployable(*device, books);
            }
            market.ask_for_pass(now);
            market.advance(now, books);
        });
    }

    pub(crate) fn usd(&self, account: AccountId) -> Amount {
        self.ledger.balance(self.purses[account.at()], Asset::Usd)
    }

    /// What the owner of a device holds.
    pub(crate) fn earned(&self, device: DeviceId) -> Amount {
        self.usd(self.registry.account[device.at()])
    }

    pub(crate) fn fees(&self) -> Amount {
        self.ledger.balance(self.billing.network_purse(), Asset::Usd)
    }

    pub(crate) fn escrow(&self) -> Amount {
        self.ledger.balance(self.billing.escrow_purse(), Asset::Usd)
    }
}

/// The instant `hours` after genesis.
pub(crate) fn at(hours: u64) -> Time {
    Time(Span::HOUR.0 * hours)
}
