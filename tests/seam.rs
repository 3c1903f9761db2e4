//! The seam between the network and the world: each fact is told once, and what is told is true.

use depin_protocol::Protocol;
use depin_protocol::command::{Command, TeamAction};
use depin_protocol::effect::Effect;
use depin_sim::engine::Time;

use crate::lab::shipped;

#[test]
fn a_log_in_for_everyone_is_announced_once() {
    let scenario = shipped("small", &[]);
    let mut network = Protocol::new(scenario.rules.build(&scenario.hardware));
    let mut effects = Vec::new();
    let order = Command::Team(TeamAction::RequireReauthentication);
    network.apply(Time::ZERO, order, &mut effects).expect("the team may ask");
    // Twice would send every owner home twice.
    assert_eq!(effects, [Effect::ReauthenticationRequired]);
}
