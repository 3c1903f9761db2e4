//! Who gets the work and at what price, seen from outside: commands in, money in suppliers' purses.

use depin_protocol::billing::BillingSpec;
use depin_protocol::command::{Claim, Command, JobRequest, Part, Role};
use depin_protocol::effect::{Effect, Unserved};
use depin_protocol::emission::{FixedPool, FixedPoolSpec};
use depin_protocol::ids::{AccountId, DeviceId, ModelId};
use depin_protocol::ledger::Asset;
use depin_protocol::linkage::NoLinkage;
use depin_protocol::prices::Prices;
use depin_protocol::registry::Model;
use depin_protocol::rewards::ignition_points::IgnitionSpec;
use depin_protocol::scheduling::{CheapestSpec, FcfsSpec, OneSiteFirstSpec, Placement, TopKSpec};
use depin_protocol::units::{ONE, Span, Time, USD};
use depin_protocol::verification::metadata_only::MetadataOnly;
use depin_protocol::{Protocol, Rules};

/// A network of two models, a rich renter (account 0), and a supplier for each device.
struct Network {
    protocol: Protocol,
    now: Time,
    effects: Vec<Effect>,
    /// What beacons are made of.
    luck: u64,
}

impl Network {
    fn new(placement: Box<dyn Placement>, prices: Prices) -> Network {
        let model = |name: &str| Model { name: name.into(), memory_mb: 16_000, gflops: 1, multiplier: ONE };
        let rules = Rules {
            models: vec![model("small"), model("large")],
            registration: Default::default(),
            liveness: Default::default(),
            supply: Default::default(),
            verification: Box::new(MetadataOnly),
            challenges: false,
            reputation: Default::default(),
            prices,
            placement,
            sharing: None,
            queueing: FcfsSpec::default().build(),
            same_instant: Default::default(),
            waiting_room: None,
            churn: Default::default(),
            pricing: Default::default(),
            billing: BillingSpec::default(),
            reward: IgnitionSpec::default().build(),
            emission: Box::new(FixedPool::new(FixedPoolSpec { pool_base_units: 0 })),
            season: Default::default(),
            blocks: None,
            quests: None,
            opening_announced: false,
            opening_season: None,
            linkage: Box::new(NoLinkage),
            linkage_spec: Default::default(),
            staking: None,
            slashing: None,
        };
        let mut n = Network { protocol: Protocol::new(rules), now: Time::ZERO, effects: Vec::new(), luck: 0 };
        n.apply(Command::OpenAccount { role: Role::Renter });
        n.apply(Command::Deposit { account: AccountId(0), usd: 1_000_000 * USD });
        n
    }

    fn apply(&mut self, command: Command<'_>) {
        self.protocol.apply(self.now, command, &mut self.effects).expect("a sound command");
    }

    /// A device of one card with an owner of its own.
    fn list(&mut self, model: u16, price: u32, subnet: u32) {
        self.apply(Command::OpenAccount { role: Role::Supplier });
        let account = AccountId(self.protocol.accounts() - 1);
        let first = DeviceId(self.protocol.devices());
        let claim =
            Claim { model: ModelId(model), cards: 1, tier: 2, price, address: 0, subnet, fingerprint: 0 };
        self.apply(Command::Register { account, claim, count: 1, spread: false, answers_admission: true });
        self.apply(Command::Heartbeat { first, count: 1, beating: true });
    }

    fn hours(&mut self, hours: u64) {
        for _ in 0..hours {
            self.now += Span::HOUR;
            self.apply(Command::CloseEpoch { beacon: self.now.0 ^ self.luck });
        }
    }

    /// Submits a job for so many hours and lets it pass.
    fn serve(&mut self, cards: u32, hours: u64, price_limit: u32) {
        let request = JobRequest {
            model: None,
            min_memory_mb: 0,
            cards,
            one_host: false,
            min_tier: 0,
            term: Span::HOUR.times(hours),
            price_limit,
            patience: Span::HOUR,
            priority: 0,
            interruptible: false,
            part: Part::default(),
        };
        self.apply(Command::SubmitJob { renter: AccountId(0), request });
        self.hours(hours + 1);
    }

    /// Micro-dollars in the purse of each supplier, by device.
    fn earned(&self) -> Vec<i128> {
        let suppliers = (1..self.protocol.accounts()).map(AccountId);
        suppliers.map(|a| self.protocol.ledger().balance(self.protocol.purse(a), Asset::Usd)).collect()
    }

    /// Devices that earned anything.
    fn hired(&self) -> Vec<usize> {
        let earned = self.earned();
        (0..earned.len()).filter(|device| earned[*device] > 0).collect()
    }
}

/// Ten equal devices after forty jobs of an hour, one after the other.
fn forty_jobs(placement: Box<dyn Placement>, luck: u64) -> Network {
    let mut n = Network::new(placement, Prices::default());
    n.luck = luck;
    for _ in 0..10 {
        n.list(0, 500_000, 1);
    }
    n.hours(13);
    for _ in 0..40 {
        n.serve(1, 1, 1_000_000);
    }
    n
}

#[test]
fn of_ten_equals_the_first_gets_all_work_or_the_first_five_share_it() {
    let best = |candidates| TopKSpec { candidates, ..TopKSpec::default() }.build();
    assert_eq!(forty_jobs(CheapestSpec::default().build(), 0).hired(), [0]);
    assert_eq!(forty_jobs(best(1), 0).hired(), [0]);
    assert_eq!(forty_jobs(best(5), 0).hired(), [0, 1, 2, 3, 4]);
    assert_eq!(forty_jobs(best(10), 0).hired().len(), 10, "each is missed with probability 0.9^40 = 1.5 %");
}

#[test]
fn the_beacons_told_at_epoch_ends_decide_the_lots() {
    let with = |luck| forty_jobs(TopKSpec::default().build(), luck).earned();
    assert_eq!(with(1), with(1));
    assert_ne!(with(1), with(1 << 40));
}

#[test]
fn a_gang_is_hired_on_one_subnet_though_it_costs_more() {
    let mut n = Network::new(OneSiteFirstSpec::default().build(), Prices::default());
    for (price, subnet) in
        [(100_000, 1), (100_000, 2), (100_000, 3), (900_000, 7), (900_000, 7), (900_000, 7)]
    {
        n.list(0, price, subnet);
    }
    n.hours(13);
    n.serve(3, 1, 1_000_000);
    assert_eq!(n.hired(), [3, 4, 5]);
    n.serve(1, 1, 1_000_000);
    assert_eq!(n.hired(), [0, 3, 4, 5]);
}

/// Model 0 costs 40 cents whoever asks what; model 1 has no row.
fn priced(prices: Prices) -> Network {
    let mut n = Network::new(CheapestSpec::default().build(), prices);
    n.list(0, 5_000_000, 1);
    n.list(1, 450_000, 1);
    n.hours(13);
    n
}

#[test]
fn a_fixed_price_holds_whatever_the_owner_asks_and_is_what_is_paid() {
    let fixed = || Prices::fixed([(ModelId(0), 400_000)]);
    let mut n = priced(fixed());
    n.serve(1, 10, 500_000);
    // 10 hours at 40 cents, less the reservation fee of a quarter of a per cent.
    assert_eq!(n.earned(), [3_990_000, 0]);
    n.serve(2, 10, 500_000);
    // 4.50 dollars less 0.25 %: without a row the asking price stands.
    assert_eq!(n.earned(), [7_980_000, 4_488_750]);
    let mut n = priced(fixed());
    n.serve(1, 10, 399_999);
    assert!(n.effects.iter().any(|effect| matches!(effect, Effect::JobUnserved(_, Unserved::NoMatch))));
}

#[test]
fn without_a_table_every_price_is_the_one_that_is_asked() {
    let mut n = priced(Prices::default());
    n.serve(1, 10, 500_000);
    assert_eq!(n.earned(), [0, 4_488_750]);
}
