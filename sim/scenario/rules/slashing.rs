//! `[protocol.slashing.NAME]`: what a fault costs of the stake, how it can be contested, and who gets it.

use super::super::reading::{Days, Share, Table};
use super::ppm;
use depin_protocol::slashing::{Destination, FixedShare, Graduated, SlashPolicy, SlashingSpec, Trigger};
use depin_protocol::units::Span;

/// How much a fault costs.
#[derive(Clone, Copy, Debug)]
enum Scale {
    Fixed(FixedShare),
    Graduated(Graduated),
}

/// The rules of slashing.
#[derive(Clone, Copy, Debug)]
pub struct SlashingRule {
    scale: Scale,
    destination: Destination,
    window: Span,
    trigger: Trigger,
}

impl SlashingRule {
    pub(super) fn build(self) -> SlashingSpec {
        let policy: Box<dyn SlashPolicy> = match self.scale {
            Scale::Fixed(policy) => Box::new(policy),
            Scale::Graduated(policy) => Box::new(policy),
        };
        SlashingSpec {
            policy,
            destination: self.destination,
            appeal_window: self.window,
            trigger: self.trigger,
        }
    }

    /// Whether the renter of a failed lease gets the stake.
    #[must_use]
    pub fn pays_victims(&self) -> bool {
        self.destination == Destination::Victim
    }

    /// Time between a charge and its decision.
    #[must_use]
    pub fn window(&self) -> Span {
        self.window
    }
}

/// The rules of slashing, if faults cost anything.
pub(super) fn read(t: &Table<'_>, staking: bool) -> Option<SlashingRule> {
    let chosen = t.choose(
        "slashing",
        &["none", "fixed_share", "graduated"],
        "what a fault costs of the stake: [protocol.slashing.NAME]",
    );
    let (name, s) = chosen.filter(|(name, _)| *name != "none")?;
    if !staking {
        t.problem("slashing", "without staking there is nothing to slash", "add [protocol.staking]");
    }
    let (scale, shares) = match name {
        "graduated" => {
            let first = read_first_shares(&s);
            (Scale::Graduated(Graduated { first }), first)
        }
        _ => {
            let shares = read_shares(&s);
            (Scale::Fixed(shares), shares)
        }
    };
    let destination = read_destination(&s);
    let trigger = s.word(
        "trigger",
        &["ban", "quarantine"],
        Some("ban"),
        "which verdict counts as failed verification; the quarantine's charge falls with a challenge passed later; assumed",
    );
    if destination == Destination::Victim && shares.desertion == 0 && shares.fraud == 0 {
        s.problem(
            "destination",
            "no slash has a victim: neither desertion nor fraud is slashed",
            "raise desertion_share or fraud_share, or burn",
        );
    }
    Some(SlashingRule {
        scale,
        destination,
        window: Span(
            s.or("appeal_days", Days(30.0), "from the charge to its decision; io.net docs, one month").ns(),
        ),
        trigger: if trigger == "quarantine" { Trigger::Quarantine } else { Trigger::Ban },
    })
}

fn read_shares(s: &Table<'_>) -> FixedShare {
    FixedShare {
        verification: ppm(s
            .or("verification_share", Share(1.0), "of the device's stake, for failed verification; assumed")
            .0),
        desertion: ppm(s
            .or("desertion_share", Share(0.05), "of the device's stake, for leaving a lease; assumed")
            .0),
        fraud: ppm(s
            .or(
                "fraud_share",
                Share(1.0),
                "of the device's stake, for not delivering, as the renter says; assumed",
            )
            .0),
    }
}

fn read_first_shares(s: &Table<'_>) -> FixedShare {
    FixedShare {
        verification: ppm(s
            .or("verification_share", Share(0.25), "first offence, failed verification; doubles; assumed")
            .0),
        desertion: ppm(s.or("desertion_share", Share(0.01), "first offence, desertion; doubles; assumed").0),
        fraud: ppm(s.or("fraud_share", Share(0.25), "first offence, not delivering; doubles; assumed").0),
    }
}

fn read_destination(s: &Table<'_>) -> Destination {
    let word = s.word(
        "destination",
        &["burn", "treasury", "victim"],
        Some("burn"),
        "where a slashed stake goes; victim: the renter of the failed lease, else the treasury; burned, io.net docs",
    );
    match word {
        "treasury" => Destination::Treasury,
        "victim" => Destination::Victim,
        _ => Destination::Burn,
    }
}
