//! Slashing: what a fault costs of the stake behind a device, how it can be contested, and where the stake goes.
//!
//! *Rule*: a fault that the network notices is charged at once: a fraction of what stands behind the device is seized
//! into a purse of its own. After the appeal window it is decided: the slash is upheld, unless it was appealed and its
//! reason has been withdrawn since, by a challenge that the device passed or by the operators. An upheld slash is
//! burned, goes to the treasury, or to the renter of the failed lease; otherwise the stake returns to those who lost
//! it. A device has at most one pending charge for each reason.
//!
//! *Formula*: `amount = down(behind(device) * fraction)`, the fraction by policy, [`Staking::behind`] by staking.
//!
//! *Source*: io.net docs, Staking: slashing of the stake for spoofing, data compromise and bad service, one month to
//! appeal, then burned. That stake is out of its owner's hands while an appeal runs, and that silence counts as
//! consent, are assumed.
//!
//! *Known weakness*: "not delivered" is the renter's word alone, and [`Destination::Victim`] pays for it; when a gang
//! fails at one instant, the device with the lowest id takes the blame.

mod fixed_share;
mod graduated;
mod none;

pub use fixed_share::FixedShare;
pub use graduated::Graduated;
pub use none::NoSlash;

use crate::command::Rejection;
use crate::effect::Effect;
use crate::ids::{AccountId, DeviceId, SlashId};
use crate::ledger::{Asset, Category, Ledger, Purse};
use crate::staking::Staking;
use crate::units::{Amount, ONE, Ppm, Span, Time, portion};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What a device did.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
pub enum Reason {
    /// Failed its challenges.
    FailedVerification,
    /// Was lost under a lease, not by the network's own doing.
    Desertion,
    /// Did not deliver, as its renter says.
    Fraud,
}

/// Which verdict is charged as [`Reason::FailedVerification`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize)]
pub enum Trigger {
    /// The ban, after which nothing can be proved any more.
    #[default]
    Ban,
    /// The quarantine already, so that a challenge passed later can withdraw the charge.
    Quarantine,
}

/// Where a slashed stake goes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize)]
pub enum Destination {
    /// To a purse from which nothing is paid.
    #[default]
    Burn,
    /// To the network's treasury.
    Treasury,
    /// To the renter of the failed lease, or the treasury when there is none.
    Victim,
}

/// What a policy may know of a fault.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Charge {
    /// What happened.
    pub reason: Reason,
    /// Slashes of this supplier upheld before.
    pub earlier: u32,
}

/// How much of the stake behind a device a fault costs.
pub trait SlashPolicy: std::fmt::Debug + Send {
    /// Name as written in a scenario.
    fn name(&self) -> &'static str;

    /// The fraction; more than [`ONE`] counts as [`ONE`].
    fn fraction(&self, charge: Charge) -> Ppm;
}

/// Rules of slashing.
#[derive(Debug)]
pub struct SlashingSpec {
    /// How much.
    pub policy: Box<dyn SlashPolicy>,
    /// To whom.
    pub destination: Destination,
    /// Time between charge and decision. 30 days (io.net docs: one month).
    pub appeal_window: Span,
    /// What counts as failed verification. The ban (assumed).
    pub trigger: Trigger,
}

impl Default for SlashingSpec {
    fn default() -> Self {
        SlashingSpec {
            policy: Box::new(NoSlash),
            destination: Destination::default(),
            appeal_window: Span::DAY.times(30),
            trigger: Trigger::default(),
        }
    }
}

/// Where a slash stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
pub enum State {
    /// The window is open.
    Pending,
    /// The stake is gone.
    Upheld,
    /// The stake went back.
    Dropped,
}

/// One slash, from charge to decision.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Slash {
    /// Whose stake.
    pub supplier: AccountId,
    /// For which device.
    pub device: DeviceId,
    /// Why.
    pub reason: Reason,
    /// Renter of the failed lease.
    pub victim: Option<AccountId>,
    /// Base units seized.
    pub amount: Amount,
    /// Who lost how much.
    pub parts: Vec<(AccountId, Amount)>,
    /// When it is decided.
    pub until: Time,
    /// Contested in time.
    pub appealed: bool,
    /// The reason no longer stands.
    pub withdrawn: bool,
    /// Where it stands.
    pub state: State,
}

/// A fault, as the network came to know it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fault {
    /// Owner of the device.
    pub supplier: AccountId,
    /// The device.
    pub device: DeviceId,
    /// What it did.
    pub reason: Reason,
    /// Renter of the failed lease.
    pub victim: Option<AccountId>,
}

/// The books a charge moves stake in.
#[derive(Debug)]
pub struct Stakes<'a> {
    /// Who staked what.
    pub staking: &'a mut Staking,
    /// Money.
    pub ledger: &'a mut Ledger,
    /// Purse of each account, by [`AccountId::at`].
    pub purses: &'a [Purse],
    /// Where facts are told.
    pub effects: &'a mut Vec<Effect>,
}

impl Stakes<'_> {
    fn transfer(&mut self, category: Category, from: Purse, to: Purse, amount: Amount) {
        let asset: Asset = self.staking.spec().asset;
        self.ledger
            .transfer(asset, category, from, to, amount, self.effects)
            .expect("stakes and seized stakes are covered by their purses");
    }
}

/// All slashes of a network.
#[derive(Debug)]
pub struct Slashing {
    spec: SlashingSpec,
    seized: Purse,
    burned: Purse,
    treasury: Purse,
    slashes: Vec<Slash>,
    due: BTreeSet<(Time, SlashId)>,
    open: BTreeMap<(DeviceId, Reason), SlashId>,
    upheld: BTreeMap<AccountId, u32>,
}

impl Slashing {
    /// Opens the purses of seized, burned and retained stakes.
    #[must_use]
    pub fn open(spec: SlashingSpec, ledger: &mut Ledger) -> Slashing {
        Slashing {
            spec,
            seized: ledger.open(),
            burned: ledger.open(),
            treasury: ledger.open(),
            slashes: Vec::new(),
            due: BTreeSet::new(),
            open: BTreeMap::new(),
            upheld: BTreeMap::new(),
        }
    }

    /// The rules in force.
    #[must_use]
    pub fn spec(&self) -> &SlashingSpec {
        &self.spec
    }

    /// Where seized stakes wait for a decision.
    #[must_use]
    pub fn seized_purse(&self) -> Purse {
        self.seized
    }

    /// Where burned stakes lie for good.
    #[must_use]
    pub fn burned_purse(&self) -> Purse {
        self.burned
    }

    /// Where the treasury's stakes arrive.
    #[must_use]
    pub fn treasury_purse(&self) -> Purse {
        self.treasury
    }

    /// All slashes, by [`SlashId::at`].
    #[must_use]
    pub fn slashes(&self) -> &[Slash] {
        &self.slashes
    }

    /// Charges the faults of one command, which [`Slashing::advance`] decides when their window is over. What stands
    /// behind each device is taken as of before the first charge, so that their order does not matter to the sums.
    /// A fault costs nothing when the policy takes nothing, nothing stands behind the device, or the same charge is
    /// pending.
    pub fn charge(&mut self, now: Time, faults: &[Fault], stakes: &mut Stakes<'_>) {
        let behind = |fault: &Fault| stakes.staking.behind(fault.supplier, fault.device);
        let before: Vec<Amount> = faults.iter().map(behind).collect();
        for (fault, behind) in faults.iter().zip(before) {
            self.charge_one(now, *fault, behind, stakes);
        }
    }

    fn charge_one(&mut self, now: Time, fault: Fault, behind: Amount, stakes: &mut Stakes<'_>) {
        let Fault { supplier, device, reason, victim } = fault;
        if self.open.contains_key(&(device, reason)) {
            return;
        }
        let earlier = self.upheld.get(&supplier).copied().unwrap_or(0);
        let fraction = self.spec.policy.fraction(Charge { reason, earlier }).min(ONE);
        // Two faults of one device may ask for more than there is.
        let parts = stakes.staking.seize(supplier, portion(behind, fraction));
        let amount = parts.iter().map(|(_, part)| part).sum();
        if amount == 0 {
            return;
        }
        let id = SlashId(u32::try_from(self.slashes.len()).expect("fewer than 2^32 slashes"));
        let until = now + self.spec.appeal_window;
        stakes.transfer(Category::Slash, stakes.staking.purse(), self.seized, amount);
        stakes.effects.push(Effect::SlashPending { slash: id, supplier, device, reason, amount, until });
        self.slashes.push(Slash {
            supplier,
            device,
            reason,
            victim,
            amount,
            parts,
            until,
            appealed: false,
            withdrawn: false,
            state: State::Pending,
        });
        self.open.insert((device, reason), id);
        self.due.insert((until, id));
    }

    /// The supplier contests a pending slash.
    ///
    /// # Errors
    /// [`Rejection::Unknown`] when there is no such slash, [`Rejection::WrongState`] when it is decided or contested.
    pub fn appeal(&mut self, slash: SlashId, effects: &mut Vec<Effect>) -> Result<(), Rejection> {
        let record = self.slashes.get_mut(slash.at()).ok_or(Rejection::Unknown)?;
        if record.state != State::Pending || record.appealed {
            return Err(Rejection::WrongState);
        }
        record.appealed = true;
        effects.push(Effect::SlashAppealed(slash));
        Ok(())
    }

    /// The operators withdraw the reason of a pending slash.
    ///
    /// # Errors
    /// As [`Slashing::appeal`].
    pub fn withdraw(&mut self, slash: SlashId) -> Result<(), Rejection> {
        let record = self.slashes.get_mut(slash.at()).ok_or(Rejection::Unknown)?;
        if record.state != State::Pending || record.withdrawn {
            return Err(Rejection::WrongState);
        }
        record.withdrawn = true;
        Ok(())
    }

    /// A device passed a challenge: a pending charge of failed verification no longer stands.
    pub fn passed(&mut self, device: DeviceId) {
        if let Some(slash) = self.open.get(&(device, Reason::FailedVerification)) {
            self.slashes[slash.at()].withdrawn = true;
        }
    }

    /// When the next slash is decided, or never.
    #[must_use]
    pub fn next_deadline(&self) -> Time {
        self.due.first().map_or(Time::NEVER, |(at, _)| *at)
    }

    /// Decides every slash that is due; suppliers whose stake came back are pushed onto `restored`.
    pub fn advance(&mut self, now: Time, stakes: &mut Stakes<'_>) -> Vec<AccountId> {
        let mut restored = Vec::new();
        while let Some(&(at, id)) = self.due.first()
            && at <= now
        {
            self.due.pop_first();
            let slash = &self.slashes[id.at()];
            let supplier = slash.supplier;
            self.open.remove(&(slash.device, slash.reason));
            if slash.appealed && slash.withdrawn {
                self.drop_charge(id, stakes);
                restored.push(supplier);
            } else {
                self.uphold(id, stakes);
            }
        }
        restored
    }

    fn uphold(&mut self, id: SlashId, stakes: &mut Stakes<'_>) {
        let slash = &mut self.slashes[id.at()];
        slash.state = State::Upheld;
        let to = match (self.spec.destination, slash.victim) {
            (Destination::Burn, _) => self.burned,
            (Destination::Victim, Some(victim)) => stakes.purses[victim.at()],
            (Destination::Treasury, _) | (Destination::Victim, None) => self.treasury,
        };
        *self.upheld.entry(slash.supplier).or_default() += 1;
        stakes.transfer(Category::Slash, self.seized, to, slash.amount);
        stakes.effects.push(Effect::Slashed(id, slash.amount));
    }

    fn drop_charge(&mut self, id: SlashId, stakes: &mut Stakes<'_>) {
        let slash = &mut self.slashes[id.at()];
        slash.state = State::Dropped;
        stakes.transfer(Category::Stake, self.seized, stakes.staking.purse(), slash.amount);
        stakes.staking.restore(slash.supplier, &slash.parts);
        stakes.effects.push(Effect::SlashDropped(id, slash.amount));
    }
}

#[cfg(test)]
mod tests;
