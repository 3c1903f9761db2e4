//! Books kept beside a network from its effects alone, and what must hold after every command.

use crate::driver::Driver;
use crate::network::{Choice, Concern};
use depin_protocol::command::JobRequest;
use depin_protocol::effect::Effect;
use depin_protocol::ids::{AccountId, DeviceId, JobId, LeaseId, SeasonId};
use depin_protocol::ledger::{Asset, Category, Entry};
use depin_protocol::market::Job;
use depin_protocol::recording::Recorded;
use depin_protocol::registry::flag;
use depin_protocol::rewards::Blocks;
use depin_protocol::scheduling::suits;
use depin_protocol::units::Amount;
use std::collections::{BTreeMap, BTreeSet};

/// See the file's header.
#[derive(Default)]
pub struct Books {
    balances: Vec<[Amount; 3]>,
    /// What was held for each running lease.
    held: BTreeMap<LeaseId, (Asset, Amount)>,
    latest_hold: Option<(Asset, Amount)>,
    /// What left escrow since a lease last ended.
    left_escrow: [Amount; 3],
    stakes: Amount,
    seized: Amount,
    staked_once: BTreeSet<AccountId>,
    rewarded: Amount,
    ever_rewarded: Amount,
    /// Minted by a schedule and not yet said, minted in all, and paid of that.
    blocks: [Amount; 3],
    /// Paid for quests and not yet said.
    quests: Amount,
    quests_paid: bool,
    pools: BTreeMap<SeasonId, Amount>,
    counted: BTreeMap<SeasonId, Amount>,
    paid: BTreeSet<SeasonId>,
    requests: BTreeMap<JobId, JobRequest>,
    waiting: BTreeSet<JobId>,
    running: BTreeMap<LeaseId, (JobId, Vec<DeviceId>)>,
    /// How often an equal request that came later was served first.
    pub passed: Vec<String>,
    /// Leases begun, and those that ended.
    pub leases: [u32; 2],
    pub slashes: u32,
    /// How many commands were refused.
    pub refused: u32,
}

impl Books {
    pub fn paid_seasons(&self) -> u32 {
        self.paid.len() as u32
    }

    /// Follows the driver's latest command and checks everything.
    pub fn check(&mut self, choice: &Choice, driver: &Driver) {
        let mut started = Vec::new();
        for effect in &driver.effects {
            self.follow(choice, driver, effect, &mut started);
        }
        let told = driver.story.last().expect("something was told");
        self.refused += u32::from(told.answer.is_err());
        self.check_money(choice, driver);
        self.check_stakes(driver);
        self.check_points(driver);
        self.check_blocks(driver);
        self.check_leases(choice, driver, &started);
    }

    fn follow(&mut self, choice: &Choice, driver: &Driver, effect: &Effect, started: &mut Vec<LeaseId>) {
        match *effect {
            Effect::Posted(entry) => self.post(driver, &entry),
            Effect::JobQueued(job) => {
                let told = driver.story.last().expect("something was told");
                if let Recorded::SubmitJob { request, .. } = &told.command {
                    self.requests.insert(job, *request);
                }
                self.waiting.insert(job);
            }
            Effect::JobUnserved(job, _) => {
                self.waiting.remove(&job);
            }
            Effect::JobRequeued(job) => {
                self.waiting.insert(job);
            }
            Effect::JobStarted(job, lease) => {
                self.waiting.remove(&job);
                let held = self.latest_hold.take().expect("a lease begins with an escrow");
                self.held.insert(lease, held);
                self.running.insert(lease, (job, Vec::new()));
                self.leases[0] += 1;
                started.push(lease);
            }
            Effect::DeviceLeased(lease, device) => {
                if !choice.shares() {
                    let twice = self.running.iter().find(|(_, (_, devices))| devices.contains(&device));
                    assert!(twice.is_none(), "{device:?} serves {lease:?} and {twice:?}");
                }
                self.running.get_mut(&lease).expect("it runs").1.push(device);
            }
            Effect::LeaseEnded(lease, ..) => {
                self.running.remove(&lease).expect("it ran");
                self.leases[1] += 1;
                let (asset, held) = self.held.remove(&lease).expect("it was held for");
                let left = std::mem::take(&mut self.left_escrow);
                if !choice.hourly() {
                    let mut expected = [0; 3];
                    expected[asset as usize] = held;
                    assert_eq!(left, expected, "{lease:?}: paid out of escrow, and held");
                }
            }
            Effect::Staked { supplier, amount, .. } => {
                self.staked_once.insert(supplier);
                self.stakes += amount;
            }
            Effect::Unstaked { amount, .. } => self.stakes -= amount,
            Effect::SlashPending { supplier, amount, .. } => {
                assert!(amount > 0 && self.staked_once.contains(&supplier), "{supplier:?} loses {amount}");
                self.stakes -= amount;
                self.seized += amount;
                self.slashes += 1;
            }
            Effect::Slashed(_, amount) => self.seized -= amount,
            Effect::SlashDropped(_, amount) => {
                self.seized -= amount;
                self.stakes += amount;
            }
            Effect::EmissionReleased { minted, burned, retained, .. } => {
                assert_eq!(std::mem::take(&mut self.blocks[0]), minted, "what was posted is what was minted");
                assert!(burned >= 0 && retained >= 0, "{effect:?}");
                self.blocks[1] += minted;
            }
            Effect::QuestsPaid(paid) => {
                assert_eq!(std::mem::take(&mut self.quests), paid, "what was posted is what was paid");
                assert!(!std::mem::replace(&mut self.quests_paid, true), "the pool for quests is paid once");
                assert_eq!(paid, crate::catalogue::POOL / 10, "and whole");
            }
            Effect::SeasonOpened(season, pool) => {
                self.pools.insert(season, pool);
            }
            Effect::SeasonCounted(season, points) => {
                self.counted.insert(season, points);
            }
            Effect::Purged(account, _) => {
                for season in self.counted.keys().filter(|season| !self.paid.contains(season)) {
                    let points = driver.protocol.season_points(*season, account);
                    assert_eq!(points, 0, "{account:?} was purged and keeps points of {season:?}");
                }
            }
            Effect::SeasonPaid(season, paid) => {
                self.paid.insert(season);
                assert_eq!(
                    std::mem::take(&mut self.rewarded),
                    paid,
                    "{season:?}: what was posted is what was paid"
                );
                // A season that is open from the first instant is opened before anyone listens.
                let pool = self.pools.get(&season).copied().unwrap_or(crate::catalogue::POOL / 2);
                assert!((0..=pool).contains(&paid), "{season:?} paid {paid} of {pool}");
                self.ever_rewarded += paid;
                assert!(self.ever_rewarded <= crate::catalogue::POOL, "more than the emission allows");
            }
            _ => {}
        }
    }

    fn post(&mut self, driver: &Driver, entry: &Entry) {
        let Entry { asset, category, from, to, amount } = *entry;
        assert!(amount > 0, "{entry:?}");
        let purses = driver.protocol.ledger().balances().len();
        self.balances.resize(purses, [0; 3]);
        self.balances[from.0 as usize][asset as usize] -= amount;
        self.balances[to.0 as usize][asset as usize] += amount;
        let escrow = driver.protocol.billing().escrow_purse();
        if to == escrow && category == Category::Escrow {
            self.latest_hold = Some((asset, amount));
        }
        if from == escrow {
            self.left_escrow[asset as usize] += amount;
        }
        let blocks = driver.protocol.blocks().map(Blocks::purse);
        match category {
            Category::Reward if Some(from) == blocks => self.blocks[2] += amount,
            Category::Reward => self.rewarded += amount,
            Category::Quest => self.quests += amount,
            Category::Emission => {
                assert_eq!((Some(to), asset), (blocks, Asset::Token), "{entry:?}");
                self.blocks[0] += amount;
            }
            _ => {}
        }
    }

    fn check_money(&mut self, choice: &Choice, driver: &Driver) {
        let ledger = driver.protocol.ledger();
        assert_eq!(ledger.recount(), [0; 3], "an asset does not sum to zero");
        self.balances.resize(ledger.balances().len(), [0; 3]);
        assert_eq!(self.balances, ledger.balances(), "balances do not follow from the postings");
        let escrow = driver.protocol.billing().escrow_purse();
        for asset in [Asset::Usd, Asset::Token, Asset::Points] {
            let held: Amount =
                self.held.values().filter(|(of, _)| *of == asset).map(|(_, amount)| amount).sum();
            let balance = ledger.balance(escrow, asset);
            if choice.hourly() {
                assert!((0..=held).contains(&balance), "escrow has {balance} {asset:?} for {held}");
            } else {
                assert_eq!(balance, held, "escrow of {asset:?}, and what running leases hold");
            }
        }
    }

    fn check_stakes(&self, driver: &Driver) {
        let Some(staking) = driver.protocol.staking() else {
            assert_eq!((self.stakes, self.seized), (0, 0));
            return;
        };
        let (ledger, asset) = (driver.protocol.ledger(), staking.spec().asset);
        let purse = ledger.balance(staking.purse(), asset);
        assert_eq!(
            (purse, staking.total()),
            (self.stakes, self.stakes),
            "the purse of stakes, and the stakes"
        );
        let slashing = driver.protocol.slashing().expect("it is on with staking");
        assert_eq!(ledger.balance(slashing.seized_purse(), asset), self.seized, "the purse of seized stakes");
    }

    /// What a schedule released is minted, burned or kept; what was minted is paid or owed and lies in its purse.
    fn check_blocks(&self, driver: &Driver) {
        let Some(blocks) = driver.protocol.blocks() else {
            assert_eq!(self.blocks, [0; 3]);
            return;
        };
        let [unsaid, minted, paid] = self.blocks;
        assert_eq!((unsaid, minted), (0, blocks.minted()));
        assert_eq!(blocks.released(), minted + blocks.burned() + blocks.retained());
        let cap = blocks.issuance().limits().cap.unwrap_or(Amount::MAX);
        assert!(blocks.released() <= cap, "{} of {cap}", blocks.released());
        let owed: Amount = (0..driver.protocol.accounts()).map(|a| blocks.owed(AccountId(a))).sum();
        let held = driver.protocol.ledger().balance(blocks.purse(), Asset::Token);
        assert_eq!((held, held), (minted - paid, owed), "the purse of the schedule");
    }

    fn check_points(&self, driver: &Driver) {
        let accounts = (0..driver.protocol.accounts()).map(AccountId);
        let purses = accounts.map(|account| driver.protocol.purse(account));
        let points: Amount = purses.map(|purse| driver.protocol.ledger().balance(purse, Asset::Points)).sum();
        assert_eq!(points, self.counted.values().sum::<Amount>(), "points held, and points counted");
    }

    fn check_leases(&mut self, choice: &Choice, driver: &Driver, started: &[LeaseId]) {
        for lease in started {
            let Some((job, devices)) = self.running.get(lease) else {
                continue;
            };
            let request = self.requests[job];
            let cards = driver.protocol.lease_cards(*lease);
            if choice.shares() {
                check_part(driver, &request, &cards);
                continue;
            }
            let registry = driver.protocol.registry();
            let members = &driver.protocol.lease(*lease).expect("it runs").members;
            let dear = members.iter().find(|member| member.price > request.price_limit);
            assert!(dear.is_none(), "{job:?} pays {dear:?} for {request:?}");
            let sum: usize = cards.iter().map(|(_, cards)| cards.len()).sum();
            assert_eq!(sum, request.cards as usize, "{job:?}: a gang is whole");
            assert_eq!(cards.iter().map(|(device, _)| *device).collect::<Vec<_>>(), *devices);
            assert!(!request.one_host || devices.len() == 1, "{job:?} asked for one host");
            for (device, cards) in &cards {
                assert!(cards.len() <= usize::from(registry.cards[device.at()]), "{job:?}: {device:?}");
                // In an auction a device may have been offered for less than it asks.
                let limit = if choice.auctions() { u32::MAX } else { request.price_limit };
                let wanted = JobRequest { price_limit: limit, ..request };
                assert!(suits(registry, &wanted, *device), "{job:?}: {device:?} does not suit {request:?}");
                let must = flag::ONLINE | flag::WAITED | flag::VERIFIED | flag::LEASED;
                let must_not = flag::BANNED | flag::QUARANTINED | flag::WITHDRAWN | flag::NEEDS_LOGIN;
                let flags = registry.flags[device.at()];
                assert_eq!(flags & (must | must_not), must, "{job:?}: {device:?} has {flags:b}");
            }
            // A gang that goes on keeps the devices that it has.
            let goes_on = driver.protocol.job(*job).is_some_and(Job::resumes);
            let plain = choice.label(Concern::Pricing) == "posted" && !choice.shuns() && !goes_on;
            let cheapest = choice.label(Concern::Placement) == "cheapest";
            if cheapest && plain && !choice.promises() && !choice.stakes() {
                check_cheapest(driver, &request, devices);
            }
        }
        let flags = &driver.protocol.registry().flags;
        for (lease, (job, devices)) in &self.running {
            // A time-lock quarantines hired devices, which keep their leases until they are banned.
            let gone = flag::BANNED | flag::WITHDRAWN | flag::NEEDS_LOGIN;
            let serves = |device: &&DeviceId| flags[device.at()] & (flag::ONLINE | gone) == flag::ONLINE;
            let lost = devices.iter().find(|device| !serves(device));
            assert_eq!(lost, None, "{lease:?} of {job:?} goes on without it");
        }
        if choice.shares() {
            self.check_shares(driver);
        }
        for lease in started {
            let Some((job, _)) = self.running.get(lease) else {
                continue;
            };
            // Auctions open anew after an interruption, and who shuns a device may have to wait where others need not.
            if choice.auctions() || choice.shuns() {
                continue;
            }
            // What was interrupted is no longer equal: some of its work is done, and getting going again takes time.
            let fresh = |job: &JobId| !driver.protocol.job(*job).is_some_and(Job::resumes);
            let equal = |other: &&JobId| {
                **other < *job && fresh(other) && self.requests[*other] == self.requests[job]
            };
            if let Some(other) = self.waiting.iter().find(equal) {
                self.passed.push(format!("{job:?} before {other:?} at {:?}", driver.now));
            }
        }
    }

    /// No host and no card gives more than it has.
    fn check_shares(&self, driver: &Driver) {
        let mut cards: BTreeMap<(DeviceId, u16), u32> = BTreeMap::new();
        let mut hosts: BTreeMap<DeviceId, (u64, u64)> = BTreeMap::new();
        for (lease, (job, _)) in &self.running {
            let part = self.requests[job].part;
            for (device, held) in driver.protocol.lease_cards(*lease) {
                let sums = hosts.entry(device).or_default();
                sums.0 += u64::from(part.cpu_milli);
                sums.1 += u64::from(part.memory_mib);
                for card in held {
                    *cards.entry((device, card)).or_default() += u32::from(part.card_milli);
                }
            }
        }
        let (cpu, memory): (Vec<_>, Vec<_>) = hosts
            .iter()
            .map(|(device, (cpu, memory))| {
                let size = crate::catalogue::host_size(device.at());
                (*cpu <= u64::from(size.0), *memory <= u64::from(size.1))
            })
            .unzip();
        assert!(cpu.into_iter().chain(memory).all(|fits| fits), "a host gives more than it has: {hosts:?}");
        assert!(cards.values().all(|milli| *milli <= 1_000), "a card gives more than itself: {cards:?}");
    }
}

/// A part of a host: one host, the cards that were asked for, of a model that will do.
fn check_part(driver: &Driver, request: &JobRequest, cards: &[(DeviceId, Vec<u16>)]) {
    let [(device, held)] = cards else {
        panic!("a part of one host: {cards:?}");
    };
    let registry = driver.protocol.registry();
    assert_eq!(held.len(), request.cards as usize, "all cards or none");
    let distinct: BTreeSet<&u16> = held.iter().collect();
    assert_eq!(distinct.len(), held.len(), "no card twice: {held:?}");
    let model = registry.model[device.at()];
    assert!(request.part.models == 0 || request.part.models >> model.0 & 1 == 1, "{model:?}: {request:?}");
    assert!(registry.flags[device.at()] & flag::ONLINE != 0 && registry.tier[device.at()] > 0);
}

/// Nothing cheaper that would have done is left idle.
fn check_cheapest(driver: &Driver, request: &JobRequest, devices: &[DeviceId]) {
    let told = driver.story.last().expect("something was told");
    if told.command != Recorded::Advance {
        return;
    }
    let registry = driver.protocol.registry();
    let dearest = devices.iter().map(|device| registry.price[device.at()]).max().expect("some device");
    for idle in (0..driver.protocol.devices()).map(DeviceId) {
        let price = registry.price[idle.at()];
        let would_do = registry.deployable(idle) && suits(registry, request, idle);
        assert!(!would_do || price >= dearest, "{idle:?} at {price} idles beside {devices:?} at {dearest}");
    }
}
