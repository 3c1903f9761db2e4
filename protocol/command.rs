//! Everything the outside can tell the protocol.

use crate::ids::{AccountId, DeviceId, JobId, ModelId, SeasonId, SlashId};
use crate::ledger::Asset;
use crate::units::{Amount, Ppm, Span, Time};
use serde::{Deserialize, Serialize};

/// What a supplier says about a device when listing it; nothing in it need be true.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Claim {
    /// GPU model by the network's table.
    pub model: ModelId,
    /// Count of cards of that model in the worker.
    pub cards: u16,
    /// Connectivity tier by declared bandwidth: 0 below the minimum, then low, medium, high, ultra (1 to 4).
    pub tier: u8,
    /// Asking price in micro-dollars per card and hour.
    pub price: u32,
    /// Network address the worker connects from.
    pub address: u32,
    /// Subnet of that address.
    pub subnet: u32,
    /// Hardware fingerprint that the worker reports; 0 when unknown.
    pub fingerprint: u32,
}

/// Whose account it is. Suppliers earn, renters pay.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Role {
    /// Lists devices.
    Supplier,
    /// Submits jobs.
    Renter,
}

/// A part of one host, as a network that leases hosts in parts is asked for it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Part {
    /// Processor, in thousandths of a core.
    pub cpu_milli: u32,
    /// Main memory in mebibytes.
    pub memory_mib: u32,
    /// Thousandths of each card.
    pub card_milli: u16,
    /// Models that will do, as bits of the network's table; zero for any.
    pub models: u128,
}

/// What a renter asks for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct JobRequest {
    /// Exactly this model, or any that meets `min_memory_mb`.
    pub model: Option<ModelId>,
    /// Least memory per card.
    pub min_memory_mb: u32,
    /// Cards needed at the same time; all or nothing.
    pub cards: u32,
    /// True when all cards must sit in one device (communication-bound work).
    pub one_host: bool,
    /// Lowest connectivity tier accepted.
    pub min_tier: u8,
    /// Time for which the devices are rented.
    pub term: Span,
    /// Highest price in micro-dollars per card and hour.
    pub price_limit: u32,
    /// How long the job may wait before it is withdrawn.
    pub patience: Span,
    /// What is asked of one host where hosts are leased in parts; without effect elsewhere.
    pub part: Part,
    /// Rank among those that wait, higher first; read by the priority discipline alone.
    pub priority: u8,
    /// The price limit is a bid, and the job may be stopped for a higher one; read by interruptible bids alone.
    #[serde(default)]
    pub interruptible: bool,
}

/// What the network's operators decide. The only way by which policy changes during a run.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum TeamAction {
    /// Challenges begin (or stop, when false).
    SetProofOfWork(bool),
    /// Registration admits only devices that answer a challenge first (or anyone, when false).
    SetAdmissionCheck(bool),
    /// All workers are disconnected until their owners log in and update.
    RequireReauthentication,
    /// Devices that failed their challenges lose their standing, and their points in open and unpaid seasons.
    Purge,
    /// The open season ends now and its points are counted.
    CountSeason,
    /// A counted, unpaid season is counted again by uptime over the whole season instead of snapshot windows,
    /// leaving out devices quarantined or banned at this moment.
    Recount(SeasonId),
    /// A new season of points.
    OpenSeason {
        /// Tokens promised, in base units.
        pool: Amount,
        /// Announced end.
        ends: Time,
    },
    /// The open season's pool and end, so far kept to themselves, are made public.
    AnnounceSeason,
    /// Every counted season is paid out in tokens.
    PayOut,
    /// The public display adds this many cards per epoch that do not exist (or stops, at zero).
    PadDisplay {
        /// Cards added each epoch.
        cards_per_epoch: u32,
    },
    /// Accounts are assessed for linkage now, and those flagged lose their points in open and unpaid seasons.
    PurgeFlagged,
    /// The reason of a pending slash is withdrawn; its stake comes back if the slash was appealed.
    WithdrawCharge(SlashId),
}

/// One command. Batches are columns, so that a round over a million devices is one command.
#[derive(Clone, Copy, PartialEq, Hash, Debug, Serialize)]
pub enum Command<'a> {
    /// Time has come to the protocol's next deadline; it does what is due.
    Advance,
    /// A new account.
    OpenAccount {
        /// Supplier or renter.
        role: Role,
    },
    /// Lists `count` devices with the same claim (consecutive ids; addresses `claim.address + i` when `spread`).
    Register {
        /// Owner.
        account: AccountId,
        /// The claim.
        claim: Claim,
        /// Devices.
        count: u32,
        /// One address (and subnet per 256 addresses) each instead of one for all.
        spread: bool,
        /// Whether the workers answer the admission challenge in time; read only while the admission check is on.
        answers_admission: bool,
    },
    /// Heartbeats from consecutive devices begin or cease. Edges only.
    Heartbeat {
        /// First device.
        first: DeviceId,
        /// How many consecutive devices.
        count: u32,
        /// True: beats arrive again; false: the last beat was now.
        beating: bool,
    },
    /// An owner logs its workers in again after a forced re-authentication; beats are a separate command.
    Authenticate {
        /// First device.
        first: DeviceId,
        /// How many consecutive devices.
        count: u32,
    },
    /// An owner takes devices off the network for good.
    Withdraw {
        /// First device.
        first: DeviceId,
        /// How many consecutive devices.
        count: u32,
    },
    /// Answers to a challenge round: columns of equal length, devices ascending.
    AnswerChallenges {
        /// The round that was issued.
        round: u32,
        /// Devices that answered.
        devices: &'a [DeviceId],
        /// Their answer times in milliseconds; `u32::MAX` for an error instead of an answer.
        answer_ms: &'a [u32],
    },
    /// Money arrives in an account from outside the network.
    Deposit {
        /// Receiver.
        account: AccountId,
        /// Micro-dollars.
        usd: Amount,
    },
    /// Tokens arrive in an account from outside the network, where somebody bought them.
    DepositTokens {
        /// Receiver.
        account: AccountId,
        /// Base units.
        tokens: Amount,
    },
    /// Money leaves the network.
    Withdrawal {
        /// Payer.
        account: AccountId,
        /// Micro-dollars; at most the balance.
        usd: Amount,
    },
    /// A renter asks for devices.
    SubmitJob {
        /// Who pays.
        renter: AccountId,
        /// What is asked.
        request: JobRequest,
    },
    /// A renter withdraws a waiting job, or ends a running one early.
    EndJob {
        /// The job.
        job: JobId,
        /// False when the renter says the devices did not deliver.
        satisfied: bool,
    },
    /// A supplier offers one of its devices to a job that takes offers.
    Offer {
        /// Who offers.
        account: AccountId,
        /// To which job.
        job: JobId,
        /// The device.
        device: DeviceId,
        /// Micro-dollars per card and hour.
        price: u32,
    },
    /// An epoch ends: uptime is folded, points accrue, rounds start, the ledger is recounted.
    CloseEpoch {
        /// Random beacon for this epoch (challenge offsets, ties).
        beacon: u64,
    },
    /// The operators act.
    Team(TeamAction),
    /// An owner appeals the flag on its account.
    AppealFlag {
        /// The flagged account.
        account: AccountId,
    },
    /// An account locks up a stake behind a supplier: itself, or another that has invited co-stakers.
    Stake {
        /// Who pays.
        account: AccountId,
        /// Whose devices it backs.
        supplier: AccountId,
        /// Base units.
        amount: Amount,
        /// What is staked; the network takes one asset only.
        asset: Asset,
    },
    /// An account asks for a stake back.
    Unstake {
        /// Who staked.
        account: AccountId,
        /// Behind whom.
        supplier: AccountId,
        /// Base units.
        amount: Amount,
        /// What was staked.
        asset: Asset,
    },
    /// A supplier invites co-stakers.
    InviteCoStakers {
        /// The supplier.
        supplier: AccountId,
        /// Share of what their stake earns that it leaves to them.
        share: Ppm,
    },
    /// Its supplier contests a pending slash.
    AppealSlash {
        /// Which.
        slash: SlashId,
    },
    /// The token's price as quoted outside; leases that start from now on are paid at it where tokens are asked.
    QuoteToken {
        /// Micro-dollars per token.
        micro_dollars: u64,
    },
    /// An owner appeals against the quarantine or ban of those of its devices in this range that are under one.
    Appeal {
        /// Owner.
        account: AccountId,
        /// First device.
        first: DeviceId,
        /// How many consecutive devices.
        count: u32,
    },
    /// A platform outside tells which accounts did quests: columns of equal length.
    CompleteQuests {
        /// Accounts; one may stand several times.
        accounts: &'a [AccountId],
        /// What each quest was worth, above zero.
        points: &'a [u32],
    },
}

/// Why a command was refused. A refused command changes nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
pub enum Rejection {
    /// No such account, device, job, model or season, or it is not the caller's.
    Unknown,
    /// It is not in a state that allows this.
    WrongState,
    /// The payer's balance does not cover it.
    Unfunded,
    /// Zero, too many, or columns of unequal length.
    BadSize,
    /// Time ran backward.
    BackInTime,
    /// Answers for a round that is not open.
    NoSuchRound,
}

/// Fees and thresholds are ratios; a rate per hour is in micro-dollars.
pub type FeePpm = Ppm;
