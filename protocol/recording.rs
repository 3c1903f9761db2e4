//! Commands as they are kept in a recording: owned twins of [`Command`], which borrows its columns.
//!
//! A twin has the same form in any data format as the command itself, so that a recorder writes commands without a copy
//! and a replay reads twins. Both directions match every variant: a command without a twin does not compile.

use crate::command::{Claim, Command, JobRequest, Role, TeamAction};
use crate::ids::{AccountId, DeviceId, JobId, SlashId};
use crate::ledger::Asset;
use crate::units::{Amount, Ppm};
use serde::{Deserialize, Serialize};

/// One command that owns what it says; the fields are those of [`Command`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub enum Recorded {
    Advance,
    OpenAccount { role: Role },
    Register { account: AccountId, claim: Claim, count: u32, spread: bool, answers_admission: bool },
    Heartbeat { first: DeviceId, count: u32, beating: bool },
    Authenticate { first: DeviceId, count: u32 },
    Withdraw { first: DeviceId, count: u32 },
    AnswerChallenges { round: u32, devices: Vec<DeviceId>, answer_ms: Vec<u32> },
    Deposit { account: AccountId, usd: Amount },
    DepositTokens { account: AccountId, tokens: Amount },
    Withdrawal { account: AccountId, usd: Amount },
    SubmitJob { renter: AccountId, request: JobRequest },
    EndJob { job: JobId, satisfied: bool },
    Offer { account: AccountId, job: JobId, device: DeviceId, price: u32 },
    CloseEpoch { beacon: u64 },
    Team(TeamAction),
    AppealFlag { account: AccountId },
    Stake { account: AccountId, supplier: AccountId, amount: Amount, asset: Asset },
    Unstake { account: AccountId, supplier: AccountId, amount: Amount, asset: Asset },
    InviteCoStakers { supplier: AccountId, share: Ppm },
    AppealSlash { slash: SlashId },
    QuoteToken { micro_dollars: u64 },
    Appeal { account: AccountId, first: DeviceId, count: u32 },
    CompleteQuests { accounts: Vec<AccountId>, points: Vec<u32> },
}

impl Recorded {
    /// The twin of a command.
    #[must_use]
    pub fn of(command: &Command<'_>) -> Recorded {
        match *command {
            Command::Advance => Recorded::Advance,
            Command::OpenAccount { role } => Recorded::OpenAccount { role },
            Command::Register { account, claim, count, spread, answers_admission } => {
                Recorded::Register { account, claim, count, spread, answers_admission }
            }
            Command::Heartbeat { first, count, beating } => Recorded::Heartbeat { first, count, beating },
            Command::Authenticate { first, count } => Recorded::Authenticate { first, count },
            Command::Withdraw { first, count } => Recorded::Withdraw { first, count },
            Command::AnswerChallenges { round, devices, answer_ms } => {
                Recorded::AnswerChallenges { round, devices: devices.to_vec(), answer_ms: answer_ms.to_vec() }
            }
            Command::Deposit { account, usd } => Recorded::Deposit { account, usd },
            Command::DepositTokens { account, tokens } => Recorded::DepositTokens { account, tokens },
            Command::Withdrawal { account, usd } => Recorded::Withdrawal { account, usd },
            Command::SubmitJob { renter, request } => Recorded::SubmitJob { renter, request },
            Command::EndJob { job, satisfied } => Recorded::EndJob { job, satisfied },
            Command::Offer { account, job, device, price } => Recorded::Offer { account, job, device, price },
            Command::CloseEpoch { beacon } => Recorded::CloseEpoch { beacon },
            Command::Team(action) => Recorded::Team(action),
            Command::AppealFlag { account } => Recorded::AppealFlag { account },
            Command::Stake { account, supplier, amount, asset } => {
                Recorded::Stake { account, supplier, amount, asset }
            }
            Command::Unstake { account, supplier, amount, asset } => {
                Recorded::Unstake { account, supplier, amount, asset }
            }
            Command::InviteCoStakers { supplier, share } => Recorded::InviteCoStakers { supplier, share },
            Command::AppealSlash { slash } => Recorded::AppealSlash { slash },
            Command::QuoteToken { micro_dollars } => Recorded::QuoteToken { micro_dollars },
            Command::Appeal { account, first, count } => Recorded::Appeal { account, first, count },
            Command::CompleteQuests { accounts, points } => {
                Recorded::CompleteQuests { accounts: accounts.to_vec(), points: points.to_vec() }
            }
        }
    }

    /// The command, borrowing the columns kept here.
    #[must_use]
    pub fn command(&self) -> Command<'_> {
        match *self {
            Recorded::Advance => Command::Advance,
            Recorded::OpenAccount { role } => Command::OpenAccount { role },
            Recorded::Register { account, claim, count, spread, answers_admission } => {
                Command::Register { account, claim, count, spread, answers_admission }
            }
            Recorded::Heartbeat { first, count, beating } => Command::Heartbeat { first, count, beating },
            Recorded::Authenticate { first, count } => Command::Authenticate { first, count },
            Recorded::Withdraw { first, count } => Command::Withdraw { first, count },
            Recorded::AnswerChallenges { round, ref devices, ref answer_ms } => {
                Command::AnswerChallenges { round, devices, answer_ms }
            }
            Recorded::Deposit { account, usd } => Command::Deposit { account, usd },
            Recorded::DepositTokens { account, tokens } => Command::DepositTokens { account, tokens },
            Recorded::Withdrawal { account, usd } => Command::Withdrawal { account, usd },
            Recorded::SubmitJob { renter, request } => Command::SubmitJob { renter, request },
            Recorded::EndJob { job, satisfied } => Command::EndJob { job, satisfied },
            Recorded::Offer { account, job, device, price } => Command::Offer { account, job, device, price },
            Recorded::CloseEpoch { beacon } => Command::CloseEpoch { beacon },
            Recorded::Team(action) => Command::Team(action),
            Recorded::AppealFlag { account } => Command::AppealFlag { account },
            Recorded::Stake { account, supplier, amount, asset } => {
                Command::Stake { account, supplier, amount, asset }
            }
            Recorded::Unstake { account, supplier, amount, asset } => {
                Command::Unstake { account, supplier, amount, asset }
            }
            Recorded::InviteCoStakers { supplier, share } => Command::InviteCoStakers { supplier, share },
            Recorded::AppealSlash { slash } => Command::AppealSlash { slash },
            Recorded::QuoteToken { micro_dollars } => Command::QuoteToken { micro_dollars },
            Recorded::Appeal { account, first, count } => Command::Appeal { account, first, count },
            Recorded::CompleteQuests { ref accounts, ref points } => {
                Command::CompleteQuests { accounts, points }
            }
        }
    }
}

/// Name of a command's variant, for tables of recordings.
#[must_use]
pub fn kind(command: &Command<'_>) -> &'static str {
    match command {
        Command::Advance => "Advance",
        Command::OpenAccount { .. } => "OpenAccount",
        Command::Register { .. } => "Register",
        Command::Heartbeat { .. } => "Heartbeat",
        Command::Authenticate { .. } => "Authenticate",
        Command::Withdraw { .. } => "Withdraw",
        Command::AnswerChallenges { .. } => "AnswerChallenges",
        Command::Deposit { .. } => "Deposit",
        Command::DepositTokens { .. } => "DepositTokens",
        Command::Withdrawal { .. } => "Withdrawal",
        Command::SubmitJob { .. } => "SubmitJob",
        Command::EndJob { .. } => "EndJob",
        Command::Offer { .. } => "Offer",
        Command::CloseEpoch { .. } => "CloseEpoch",
        Command::Team(_) => "Team",
        Command::AppealFlag { .. } => "AppealFlag",
        Command::Stake { .. } => "Stake",
        Command::Unstake { .. } => "Unstake",
        Command::InviteCoStakers { .. } => "InviteCoStakers",
        Command::AppealSlash { .. } => "AppealSlash",
        Command::QuoteToken { .. } => "QuoteToken",
        Command::Appeal { .. } => "Appeal",
        Command::CompleteQuests { .. } => "CompleteQuests",
    }
}
