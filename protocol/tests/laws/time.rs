//! Time: whoever advances a network late, or needlessly often, learns the same facts in the same order.

use crate::driver::{Case, Driver, Told, retell};
use crate::lcg::Lcg;
use crate::network::for_every_policy;
use depin_protocol::effect::Effect;
use depin_protocol::recording::Recorded;
use depin_protocol::units::{Span, Time};

fn facts(driver: &Driver) -> Vec<Effect> {
    driver.all.iter().map(|(_, effect)| *effect).collect()
}

/// Idle calls between the commands of a story, never at the instant of another command.
fn often(story: &[Told], lcg: &mut Lcg) -> Vec<Told> {
    let mut more = Vec::new();
    for pair in story.windows(2) {
        more.push(pair[0].clone());
        let gap = pair[1].at.since(pair[0].at).0;
        if gap > 1 {
            let at = Time(pair[0].at.0 + 1 + lcg.below(gap - 1));
            more.push(Told { at, command: Recorded::Advance, answer: Ok(()) });
        }
    }
    more.extend(story.last().cloned());
    more
}

#[test]
fn advancing_late_or_often_tells_the_same_story_under_every_policy() {
    for_every_policy(3, |choice, seed| {
        let _case = Case(format!("seed {seed}: {}", choice.name()));
        let mut lcg = Lcg::new(2_000 + seed);
        let mut driver = Driver::new(choice);
        driver.live(&mut lcg, 90, &mut |_| {});
        driver.now += Span::MINUTE;
        driver.tell(Recorded::Advance).expect("time goes on");
        let mut late = retell(choice, &driver.story, true);
        late.now = driver.now;
        late.tell(Recorded::Advance).expect("time goes on");
        let often = retell(choice, &often(&driver.story, &mut lcg), false);
        for (other, how) in [(&late, "late"), (&often, "often")] {
            let (ours, theirs) = (facts(&driver), facts(other));
            let same = ours.iter().zip(&theirs).take_while(|(a, b)| a == b).count();
            assert!(
                ours == theirs,
                "{how}: fact {same} of {} is {:?} instead of {:?}",
                ours.len(),
                theirs.get(same),
                ours.get(same)
            );
            let same = format!("{:?}", driver.protocol.ledger()) == format!("{:?}", other.protocol.ledger());
            assert!(same, "{how}: the ledgers differ");
        }
    });
}
