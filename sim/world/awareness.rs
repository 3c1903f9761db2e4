//! Who has heard of the network: contagion with one threshold per individual.
//!
//! Each individual has a threshold drawn once from Exp(1); it becomes aware when its group's cumulative hazard passes
//! it. So awareness costs nothing per hour but for those who hear, and more people move nobody's luck.

/// The spread of awareness within one group.
#[derive(Clone, Debug, Default)]
pub struct Spread {
    /// (threshold, person), ascending; ties by person.
    waiting: Vec<(f64, u32)>,
    next: usize,
    hazard: f64,
}

impl Spread {
    /// A group whose members have these thresholds.
    #[must_use]
    pub fn new(mut thresholds: Vec<(f64, u32)>) -> Spread {
        thresholds.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        Spread { waiting: thresholds, next: 0, hazard: 0.0 }
    }

    /// Adds hazard and hands over everyone who has now heard.
    pub fn advance(&mut self, hazard: f64, mut heard: impl FnMut(u32)) {
        self.hazard += hazard;
        while let Some(&(threshold, person)) = self.waiting.get(self.next) {
            if threshold > self.hazard {
                break;
            }
            heard(person);
            self.next += 1;
        }
    }

    /// Members who have heard.
    #[must_use]
    pub fn aware(&self) -> usize {
        self.next
    }
}

#[cfg(test)]
mod tests {
    use super::Spread;

    #[test]
    fn a_constant_hazard_makes_awareness_exponential() {
        let n = 10_000u32;
        let thresholds = (0..n).map(|i| (-libm::log(1.0 - (f64::from(i) + 0.5) / f64::from(n)), i)).collect();
        let mut spread = Spread::new(thresholds);
        for _ in 0..100 {
            spread.advance(0.01, |_| {});
        }
        let expected = f64::from(n) * (1.0 - libm::exp(-1.0));
        assert!((spread.aware() as f64 - expected).abs() < 2.0);
    }

    #[test]
    fn more_people_move_nobody() {
        let heard = |thresholds: Vec<(f64, u32)>| {
            let mut order = Vec::new();
            let mut spread = Spread::new(thresholds);
            spread.advance(1.0, |p| order.push(p));
            order
        };
        let few = heard(vec![(0.9, 1), (0.2, 2), (1.5, 3)]);
        let many = heard(vec![(0.9, 1), (0.2, 2), (1.5, 3), (0.5, 4)]);
        assert_eq!(few, vec![2, 1]);
        assert_eq!(many, vec![2, 4, 1]);
    }
}
