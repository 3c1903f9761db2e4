//! Everything the protocol answers: facts in the past tense, in the order in which they came about.

use crate::ids::{AccountId, DeviceId, JobId, LeaseId, SeasonId, SlashId};
use crate::ledger::Entry;
use crate::slashing::Reason;
use crate::units::{Amount, Ppm, Time};
use serde::Serialize;

/// Why a lease ended.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
pub enum Outcome {
    /// The term was served.
    Completed,
    /// A device was lost.
    DeviceLost,
    /// The renter ended it early, satisfied.
    EndedEarly,
    /// The renter ended it early because the devices did not deliver.
    NotDelivered,
    /// A device was lost, and the job goes on later.
    Interrupted,
    /// It was stopped for another job, and its own goes on later.
    Preempted,
}

/// Why a job left the queue without a lease.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
pub enum Unserved {
    /// No listed device could ever meet the request at its price.
    NoMatch,
    /// Patience ran out.
    Expired,
    /// Withdrawn by the renter.
    Withdrawn,
    /// Patience ran out after it had run and was interrupted.
    Abandoned,
    /// The waiting room was full.
    NoRoom,
}

/// One effect.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
pub enum Effect {
    /// An account exists.
    AccountOpened(AccountId),
    /// Devices were listed with consecutive ids.
    Registered {
        /// Owner.
        account: AccountId,
        /// First id.
        first: DeviceId,
        /// How many.
        count: u32,
        /// Cards each.
        cards: u16,
    },
    /// Registrations beyond the network's throughput, or refused by the admission check.
    RegistrationRefused {
        /// Who tried.
        account: AccountId,
        /// How many devices.
        count: u32,
        /// True when the admission check refused them, false when throughput ran out.
        by_check: bool,
    },
    /// The network sees these devices as connected.
    WentOnline {
        /// First id.
        first: DeviceId,
        /// How many consecutive ids.
        count: u32,
    },
    /// The network has noticed that these devices are gone.
    WentOffline {
        /// First id.
        first: DeviceId,
        /// How many consecutive ids.
        count: u32,
    },
    /// Devices left for good.
    Withdrew {
        /// First id.
        first: DeviceId,
        /// How many consecutive ids.
        count: u32,
    },
    /// A device failed too often and earns nothing until it passes again.
    Quarantined(DeviceId),
    /// A quarantined device passed again.
    Released(DeviceId),
    /// A device is excluded for good.
    Banned(DeviceId),
    /// Challenges go out; answers are due at `due`. Every device online now is asked.
    ChallengesIssued {
        /// Round number.
        round: u32,
        /// Beacon from which each device's start offset follows.
        beacon: u64,
        /// When answers are judged.
        due: Time,
    },
    /// A round was judged.
    ChallengesJudged {
        /// Round number.
        round: u32,
        /// Devices that passed.
        passed: u32,
        /// Devices that failed.
        failed: u32,
    },
    /// All workers must log in again.
    ReauthenticationRequired,
    /// A job waits.
    JobQueued(JobId),
    /// A job left without being served, or without being served to the end.
    JobUnserved(JobId, Unserved),
    /// An interrupted job waits in the queue again.
    JobRequeued(JobId),
    /// An interrupted job holds what is left of its gang.
    JobHolds(JobId),
    /// Suppliers may offer devices to a job until then.
    OffersInvited(JobId, Time),
    /// A supplier offered a device to a job.
    Offered {
        /// The job.
        job: JobId,
        /// The device.
        device: DeviceId,
        /// Micro-dollars per card and hour.
        price: u32,
    },
    /// A job holds all its devices.
    JobStarted(JobId, LeaseId),
    /// A device belongs to a lease from now on.
    DeviceLeased(LeaseId, DeviceId),
    /// A lease is over and its devices are free or gone.
    LeaseEnded(LeaseId, JobId, Outcome),
    /// A season began.
    SeasonOpened(SeasonId, Amount),
    /// A season's points were counted (again): total in base units.
    SeasonCounted(SeasonId, Amount),
    /// A season's pool was paid: tokens in base units.
    SeasonPaid(SeasonId, Amount),
    /// The epoch is closed.
    EpochClosed(u32),
    /// A posting in the network's own ledger.
    Posted(Entry),
    /// An account was found to be linked to others: score in parts per million.
    AccountFlagged(AccountId, Ppm),
    /// The owner of a flagged account appealed.
    FlagAppealed(AccountId),
    /// An appeal was decided: true when the account is cleared.
    FlagAppealDecided(AccountId, bool),
    /// So many devices of a flagged account lost their points in open and unpaid seasons.
    Purged(AccountId, u32),
    /// A stake is locked up.
    Staked {
        /// Whose devices it backs.
        supplier: AccountId,
        /// Who put it up.
        staker: AccountId,
        /// Base units.
        amount: Amount,
    },
    /// A stake no longer counts and cools down.
    UnstakeStarted {
        /// Whose devices it backed.
        supplier: AccountId,
        /// Who put it up.
        staker: AccountId,
        /// Base units.
        amount: Amount,
        /// When it comes back.
        until: Time,
    },
    /// A stake came back, less what was slashed of it.
    Unstaked {
        /// Whose devices it backed.
        supplier: AccountId,
        /// Who put it up.
        staker: AccountId,
        /// Base units.
        amount: Amount,
    },
    /// Stake was seized; it is slashed at `until` unless the charge is withdrawn and was appealed.
    SlashPending {
        /// Its name.
        slash: SlashId,
        /// Whose stake.
        supplier: AccountId,
        /// For which device.
        device: DeviceId,
        /// Why.
        reason: Reason,
        /// Base units.
        amount: Amount,
        /// When it is decided.
        until: Time,
    },
    /// A pending slash was appealed.
    SlashAppealed(SlashId),
    /// A slash was upheld: the stake is gone, in base units.
    Slashed(SlashId, Amount),
    /// A slash was not upheld: the stake is back, in base units.
    SlashDropped(SlashId, Amount),
    /// An owner appealed for a device.
    AppealFiled {
        /// Owner.
        account: AccountId,
        /// The device.
        device: DeviceId,
    },
    /// An appeal was decided.
    AppealDecided {
        /// The device.
        device: DeviceId,
        /// True when it is in neither quarantine nor ban from now on.
        granted: bool,
    },
    /// Epochs of the schedule of emission ended; amounts in base units.
    EmissionReleased {
        /// Epochs that have ended since it began, these included.
        epochs: u64,
        /// Minted for these, to be paid to accounts.
        minted: Amount,
        /// Released to nobody.
        burned: Amount,
        /// Kept for the next release.
        retained: Amount,
    },
    /// The pool for quests was paid: tokens in base units.
    QuestsPaid(Amount),
}
