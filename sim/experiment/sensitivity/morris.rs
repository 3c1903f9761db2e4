//! Elementary effects from Morris's trajectories: how far an outcome moves when one axis does (Morris 1991; the mean of
//! absolute effects after Campolongo, Cariboni and Saltelli 2007).

use super::{Estimate, RESAMPLES, Refused, Resamples, estimate, sound};
use crate::experiment::design::{Design, Method};
use crate::measure::statistics::mean;

/// What an axis does to one outcome, per whole range of the axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// Mean effect.
    pub mu: f64,
    /// Mean size of the effects, with a bootstrap interval of 95 %.
    pub mu_star: Estimate,
    /// Standard deviation of the effects: bends, and other axes that change what this one does.
    pub sigma: f64,
}

/// The effects of outcomes by design row, by axis.
///
/// # Errors
/// When an outcome is missing (NaN), or there is one trajectory. Outcomes that never vary have effects of zero.
///
/// # Panics
/// When the design is not Morris's, or has another number of rows.
pub fn effects(design: &Design, outcomes: &[f64], seed: u64) -> Result<Vec<Effect>, Refused> {
    let Method::Morris { trajectories, .. } = *design.method() else { panic!("the design is not Morris's") };
    assert_eq!(outcomes.len() as u64, design.rows(), "an outcome for each row");
    match sound(outcomes) {
        Ok(()) | Err(Refused::Constant) => {}
        Err(refused) => return Err(refused),
    }
    if trajectories < 2 {
        return Err(Refused::Few);
    }
    let axes = design.axes().len();
    let mut of: Vec<Vec<f64>> = vec![Vec::new(); axes];
    for trajectory in 0..trajectories {
        let first = trajectory * (axes as u64 + 1);
        let mut before = design.coordinates(first).expect("trajectories have coordinates");
        for row in first + 1..=first + axes as u64 {
            let now = design.coordinates(row).expect("trajectories have coordinates");
            let axis = (0..axes).find(|&axis| now[axis] != before[axis]).expect("each step moves an axis");
            let moved = outcomes[row as usize] - outcomes[row as usize - 1];
            of[axis].push(moved / (now[axis] - before[axis]));
            before = now;
        }
    }
    let resamples = Resamples::of(trajectories as usize, seed);
    Ok(of.iter().map(|effects| effect(effects, &resamples)).collect())
}

fn effect(effects: &[f64], resamples: &Resamples) -> Effect {
    let count = effects.len() as f64;
    let mu = mean(effects).expect("there are two effects at least");
    let squares: f64 = effects.iter().map(|effect| (effect - mu) * (effect - mu)).sum();
    let size = |picked: &[usize]| picked.iter().map(|&i| effects[i].abs()).sum::<f64>() / count;
    let all: Vec<usize> = (0..effects.len()).collect();
    let mut picked = Vec::new();
    let again = (0..RESAMPLES).map(|number| {
        resamples.fill(number, &mut picked);
        size(&picked)
    });
    let again = again.collect();
    Effect { mu, mu_star: estimate(size(&all), again), sigma: (squares / (count - 1.0)).sqrt() }
}
