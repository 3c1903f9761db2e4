//! `[[timeline]]` and `[[trigger]]`: what the world did, what the team had decided, and what it does in answer.

use super::market::{Cloud, refer};
use super::reading::Table;
use super::reading::{Count, Days, Hours, Instant, NonNegative, Positive, Share, Tokens};
use super::run::Run;
use depin_protocol::units::{Span, Time};

/// What happens to the world or is done by the team.
#[derive(Clone, Debug)]
pub enum Act {
    /// The narrative index jumps by this much.
    Narrative(f64),
    /// The reference token trades at this price, USD.
    Reference(f64),
    /// The log of belief in the token's value jumps by this much.
    Belief(f64),
    /// The network is told this price of the token from now on, USD.
    TokenPrice(f64),
    /// Renters come at this share of their ordinary rate.
    Demand(f64),
    /// The listing is now promised for this date.
    ListingSlips(Time),
    /// This share of workers loses its connection at once (a network-wide outage).
    Outage(f64),
    /// Tutorials and videos: set-up takes this share of the time it took.
    SetupFactor(f64),
    /// New cards come to this cloud offer.
    Restock(usize, u64),
    /// Challenges on or off.
    ProofOfWork(bool),
    /// Registration demands an answered challenge.
    AdmissionCheck(bool),
    /// The metadata interface accepts any owner's name: identity farms can write.
    MetadataHole(bool),
    /// Everyone must log in again.
    RequireLogin,
    /// Failed devices lose their standing and points.
    Purge,
    /// Accounts are assessed for links; those flagged lose their points.
    PurgeFlagged,
    /// The open season is counted.
    CountSeason,
    /// The last counted season is counted again by the integral, without quarantined devices.
    Recount,
    /// A season opens: pool in base units, and its announced length.
    OpenSeason(i128, Span),
    /// The open season's pool and end are made public.
    AnnounceSeason,
    /// Counted seasons are paid.
    PayOut,
    /// The public page shows this many more cards each epoch.
    Pad(u32),
}

/// A dated entry.
#[derive(Clone, Debug)]
pub struct Dated {
    /// When.
    pub at: Time,
    /// True when the outside world did it; false for a decision of the team.
    pub outside: bool,
    /// What it was, for the reader.
    pub note: String,
    /// What changes.
    pub acts: Vec<Act>,
}

/// What the team can see when it decides.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sign {
    /// Registrations refused in the last epoch.
    RefusedPerHour,
    /// Registrations accepted in the last epoch.
    RegisteredPerHour,
    /// Connected cards now.
    Connected,
    /// Share of connected cards lost against the highest of the last week.
    SupplyLost,
    /// Complaints by suppliers in the last week, as a share of all who take part.
    Complaints,
    /// Share of devices that failed the last challenge round.
    FailedChallenges,
    /// Hours since the team last opened a season; 0 before it has.
    HoursSinceOpening,
}

const SIGNS: &[(&str, Sign)] = &[
    ("refused_per_hour", Sign::RefusedPerHour),
    ("registered_per_hour", Sign::RegisteredPerHour),
    ("connected", Sign::Connected),
    ("supply_lost", Sign::SupplyLost),
    ("complaints", Sign::Complaints),
    ("failed_challenges", Sign::FailedChallenges),
    ("hours_since_opening", Sign::HoursSinceOpening),
];

const SIGN_NAMES: &[&str] = &[
    "refused_per_hour",
    "registered_per_hour",
    "connected",
    "supply_lost",
    "complaints",
    "failed_challenges",
    "hours_since_opening",
];

/// A standing order of the team; it fires once.
#[derive(Clone, Debug)]
pub struct Trigger {
    /// What it watches.
    pub sign: Sign,
    /// It fires when the sign is above this (counts are scaled with the run).
    pub above: f64,
    /// It sleeps until this date.
    pub from: Time,
    /// Between seeing and acting.
    pub delay: Span,
    /// What it was, for the reader.
    pub note: String,
    /// What is done.
    pub acts: Vec<Act>,
}

/// Reads `[[timeline]]`, in date order.
pub(super) fn read_timeline(root: &Table<'_>, run: &Run, clouds: &[Cloud]) -> Vec<Dated> {
    let mut all: Vec<Dated> = root
        .each("timeline", "what the world did and what the team had decided")
        .into_iter()
        .map(|t| {
            let at = date(&t, "at", run);
            let kind = t.word(
                "kind",
                &["outside", "team"],
                None,
                "outside: the world did it; team: decided beforehand",
            );
            let acts = read_acts(&t, run, clouds);
            if kind == "outside"
                && let Some(act) = acts.iter().find(|a| a.by_team())
            {
                t.problem(
                    "kind",
                    format!("{act:?} is something only the team can do"),
                    "say kind = \"team\", or make it a [[trigger]]",
                );
            }
            Dated {
                at,
                outside: kind == "outside",
                note: t.require("note", "what it was, for the reader"),
                acts,
            }
        })
        .collect();
    all.sort_by_key(|d| d.at);
    all
}

/// Reads `[[trigger]]`.
pub(super) fn read_triggers(root: &Table<'_>, run: &Run, clouds: &[Cloud]) -> Vec<Trigger> {
    root.each("trigger", "standing orders of the team, fired by what happens in the run")
        .into_iter()
        .map(|t| {
            let word = t.word("when", SIGN_NAMES, None, "what the team watches");
            let sign =
                SIGNS.iter().find(|(name, _)| *name == word).map_or(Sign::Connected, |(_, sign)| *sign);
            Trigger {
                sign,
                above: t
                    .require::<NonNegative>(
                        "above",
                        "it fires when the sign is above this; counts before run.scale",
                    )
                    .0,
                from: if t.has("from") { date(&t, "from", run) } else { Time(0) },
                delay: Span(t.or("delay_hours", Hours(0.0), "between seeing and acting").ns()),
                note: t.require("note", "what it was, for the reader"),
                acts: read_acts(&t, run, clouds),
            }
        })
        .collect()
}

fn date(t: &Table<'_>, key: &'static str, run: &Run) -> Time {
    let date = t.require::<Instant>(key, "calendar date, UTC").0;
    run.instant(date).unwrap_or_else(|| {
        t.problem(key, "the date lies before run.start", "move the date, or start the run earlier");
        Time(0)
    })
}

fn read_acts(t: &Table<'_>, run: &Run, clouds: &[Cloud]) -> Vec<Act> {
    let mut acts = Vec::new();
    if let Some(jump) = t.optional::<f64>("narrative", "jump of the narrative index") {
        acts.push(Act::Narrative(jump));
    }
    if let Some(price) = t.optional::<Positive>("reference_usd", "new price of the reference token") {
        acts.push(Act::Reference(price.0));
    }
    if let Some(jump) = t.optional::<f64>("belief", "jump of the log of believed value") {
        acts.push(Act::Belief(jump));
    }
    if let Some(price) =
        t.optional::<Positive>("token_price_usd", "price of the token that the network is told from now on")
    {
        acts.push(Act::TokenPrice(price.0));
    }
    if let Some(share) =
        t.optional::<Share>("demand_share", "renters come at this share of their ordinary rate from now on")
    {
        acts.push(Act::Demand(share.0));
    }
    if t.has("listing_slips_to") {
        acts.push(Act::ListingSlips(date(t, "listing_slips_to", run)));
    }
    if let Some(share) =
        t.optional::<Share>("outage_share", "share of workers that lose their connection at once")
    {
        acts.push(Act::Outage(share.0));
    }
    if let Some(factor) =
        t.optional::<Positive>("setup_factor", "set-up takes this share of the time it took at first")
    {
        acts.push(Act::SetupFactor(factor.0));
    }
    if let Some(r) = t.table("restock", "new cards come to an offer") {
        let names: Vec<&str> = clouds.iter().map(|c| c.name.as_str()).collect();
        let cloud: String = r.require("cloud", "which [cloud.NAME]");
        let cards = r.require::<Count>("cards", "how many, before run.scale").0;
        acts.push(Act::Restock(refer(&r, "cloud", &cloud, &names, "cloud"), run.scaled(cards)));
    }
    switch(t, "proof_of_work", "challenges on or off", &mut acts, Act::ProofOfWork);
    switch(
        t,
        "admission_check",
        "registration demands an answered challenge",
        &mut acts,
        Act::AdmissionCheck,
    );
    switch(
        t,
        "metadata_hole",
        "the metadata interface accepts any owner's name",
        &mut acts,
        Act::MetadataHole,
    );
    once(t, "require_login", "everyone must log in again", &mut acts, Act::RequireLogin);
    once(t, "purge", "failed devices lose standing and points", &mut acts, Act::Purge);
    once(
        t,
        "purge_flagged",
        "accounts are looked at for links, and those flagged lose their points; needs [protocol.linkage.NAME]",
        &mut acts,
        Act::PurgeFlagged,
    );
    once(t, "count_season", "the open season is counted", &mut acts, Act::CountSeason);
    once(t, "recount", "the last counted season is counted again by the integral", &mut acts, Act::Recount);
    if let Some(s) = t.table("open_season", "a season of points opens") {
        let pool = s.require::<Tokens>("pool_tokens", "tokens promised, before run.scale").0;
        let days = s.require::<Days>("days", "announced length");
        acts.push(Act::OpenSeason((pool as f64 * run.scale + 0.5) as i128, Span(days.ns())));
    }
    once(
        t,
        "announce_season",
        "the open season\'s pool and end are made public",
        &mut acts,
        Act::AnnounceSeason,
    );
    once(t, "pay_out", "counted seasons are paid", &mut acts, Act::PayOut);
    if let Some(cards) =
        t.optional::<Count>("pad_cards_per_epoch", "cards the public page adds each epoch; 0 stops it")
    {
        acts.push(Act::Pad(run.scaled(cards.0) as u32));
    }
    if acts.is_empty() {
        t.problem(
            "note",
            "this entry changes nothing",
            "give it an act, e.g. narrative = 0.5 or require_login = true",
        );
    }
    acts
}

fn switch(t: &Table<'_>, key: &'static str, doc: &'static str, acts: &mut Vec<Act>, act: fn(bool) -> Act) {
    if let Some(on) = t.optional::<bool>(key, doc) {
        acts.push(act(on));
    }
}

fn once(t: &Table<'_>, key: &'static str, doc: &'static str, acts: &mut Vec<Act>, act: Act) {
    match t.optional::<bool>(key, doc) {
        Some(true) => acts.push(act),
        Some(false) => t.problem(key, "false does nothing here", "leave the key out"),
        None => {}
    }
}

impl Act {
    /// True for what only the team can do.
    #[must_use]
    pub fn by_team(&self) -> bool {
        !matches!(
            self,
            Act::Narrative(_)
                | Act::Reference(_)
                | Act::Belief(_)
                | Act::TokenPrice(_)
                | Act::Demand(_)
                | Act::ListingSlips(_)
                | Act::Outage(_)
                | Act::SetupFactor(_)
                | Act::Restock(..)
        )
    }
}
