//! Questions to the replications that a mean does not answer: how bad it gets, how likely something is, a ratio of means,
//! the level of a series once it has settled.

use crate::measure::metrics::explain;
use crate::measure::record::Record;
use crate::measure::statistics::batch_means::BatchMeans;
use crate::measure::statistics::order::quantile_interval;
use crate::measure::statistics::proportion::wilson;
use crate::measure::statistics::ratio::ratio;
use crate::measure::statistics::warm_up::{self, WarmUp, mser};
use crate::measure::statistics::{half_width, mean, quantile};
use crate::report::number::short;
use serde_json::{Value, json};

/// Confidence of every interval here.
const CONFIDENCE: f64 = 0.95;
/// Batches of one long series. Assumed: Schmeiser (1982) finds 10 to 30 enough.
const BATCHES: usize = 20;

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// The value below which a metric lies in this share of replications.
    Quantile(String, f64),
    /// How likely a metric is above (true) or below a value.
    Chance(String, bool, f64),
    /// Mean of one metric / mean of another.
    Ratio(String, String),
    /// Mean of a series after its warm-up; the group is empty for the whole network.
    Steady(String, String),
}

/// The options of `run` that ask.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Asked {
    /// The value that METRIC stays below in a share SHARE of replications, as rewards.gini@0.9; may be repeated
    #[arg(long, value_name = "METRIC@SHARE", value_parser = a_quantile)]
    quantile: Vec<Question>,
    /// How likely METRIC is above (or, with <, below) VALUE in a replication, as 'rewards.share_to_fakes>0.2'; may be
    /// repeated
    #[arg(long, value_name = "METRIC>VALUE", value_parser = chance)]
    chance: Vec<Question>,
    /// Mean of one metric over the mean of another, by the jackknife, as economics.cloud_revenue_usd/rewards.paid_tokens;
    /// may be repeated
    #[arg(long, value_name = "OVER/UNDER", value_parser = a_ratio)]
    ratio: Vec<Question>,
    /// Mean of a column of series.parquet after its warm-up (MSER-5), as supply.connected or cloud.occupancy:room; may be
    /// repeated
    #[arg(long, value_name = "SERIES[:GROUP]", value_parser = steady)]
    steady: Vec<Question>,
}

/// What is answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The question as it was put.
    pub question: String,
    /// The estimate; `None` where there is none.
    pub value: Option<f64>,
    /// Its interval of 95 %; `None` where so few replications give none.
    pub interval: Option<[f64; 2]>,
    /// How it was found, or why it was not.
    pub method: String,
}

fn known(metric: &str) -> Result<String, String> {
    match explain(metric) {
        Some(_) => Ok(metric.to_owned()),
        None => Err(format!("no metric is called {metric}; depin-sim list metrics says them all")),
    }
}

fn number(text: &str) -> Result<f64, String> {
    let value = text.trim().parse::<f64>().ok().filter(|value| value.is_finite());
    value.ok_or_else(|| format!("expected a number, found '{text}'"))
}

fn a_quantile(text: &str) -> Result<Question, String> {
    let (metric, share) = text.split_once('@').ok_or("expected METRIC@SHARE, such as rewards.gini@0.9")?;
    let share = number(share)?;
    if share > 0.0 && share < 1.0 {
        Ok(Question::Quantile(known(metric)?, share))
    } else {
        Err("expected a share between 0 and 1".to_owned())
    }
}

fn chance(text: &str) -> Result<Question, String> {
    let at = text.find(['>', '<']).ok_or("expected METRIC>VALUE or METRIC<VALUE")?;
    let (metric, value) = (&text[..at], &text[at + 1..]);
    Ok(Question::Chance(known(metric.trim())?, text.as_bytes()[at] == b'>', number(value)?))
}

fn a_ratio(text: &str) -> Result<Question, String> {
    let (over, under) = text.split_once('/').ok_or("expected OVER/UNDER, two metrics")?;
    Ok(Question::Ratio(known(over)?, known(under)?))
}

fn steady(text: &str) -> Result<Question, String> {
    let (series, group) = text.split_once(':').unwrap_or((text, ""));
    if series.is_empty() {
        Err("expected a column of series.parquet".to_owned())
    } else {
        Ok(Question::Steady(series.to_owned(), group.to_owned()))
    }
}

impl Asked {
    /// All questions.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.quantile.iter().chain(&self.chance).chain(&self.ratio).chain(&self.steady)
    }

    /// The options as words of a command.
    pub fn words(&self) -> impl Iterator<Item = String> + '_ {
        self.questions().flat_map(|question| [question.option().to_owned(), question.text()])
    }
}

impl Question {
    fn option(&self) -> &'static str {
        match self {
            Question::Quantile(..) => "--quantile",
            Question::Chance(..) => "--chance",
            Question::Ratio(..) => "--ratio",
            Question::Steady(..) => "--steady",
        }
    }

    fn text(&self) -> String {
        match self {
            Question::Quantile(metric, share) => format!("{metric}@{share}"),
            Question::Chance(metric, true, value) => format!("{metric}>{value}"),
            Question::Chance(metric, false, value) => format!("{metric}<{value}"),
            Question::Ratio(over, under) => format!("{over}/{under}"),
            Question::Steady(series, group) if group.is_empty() => series.clone(),
            Question::Steady(series, group) => format!("{series}:{group}"),
        }
    }

    /// What the replications answer.
    pub fn answer(&self, records: &[Record]) -> Answer {
        let (value, interval, method) = match self {
            Question::Quantile(metric, share) => a_quantile_of(&values(records, metric), *share),
            Question::Chance(metric, above, bound) => chance_of(&values(records, metric), *above, *bound),
            Question::Ratio(over, under) => ratio_of(records, over, under),
            Question::Steady(series, group) => settled(records, series, group),
        };
        Answer {
            question: format!("{} {}", self.option().trim_start_matches('-'), self.text()),
            value,
            interval,
            method,
        }
    }
}

type Found = (Option<f64>, Option<[f64; 2]>, String);

/// Values of the replications that define a metric.
fn values(records: &[Record], metric: &str) -> Vec<f64> {
    let value = |record: &Record| record.metrics.get(metric)?.value.filter(|value| value.is_finite());
    records.iter().filter_map(value).collect()
}

fn a_quantile_of(values: &[f64], share: f64) -> Found {
    let count = values.len();
    let value = quantile(values, share);
    match quantile_interval(values, share, CONFIDENCE) {
        Some(between) => {
            let holds = between.confidence * 100.0;
            let method =
                format!("ordered values of {count} replications; the interval holds with {holds:.1} %");
            (value, Some([between.low, between.high]), method)
        }
        None => {
            (value, None, format!("interval not reached: {count} replications are too few for this quantile"))
        }
    }
}

fn chance_of(values: &[f64], above: bool, bound: f64) -> Found {
    let hits = values.iter().filter(|value| if above { **value > bound } else { **value < bound }).count();
    let (hits, count) = (hits as u64, values.len() as u64);
    let share = (count > 0).then(|| hits as f64 / count as f64);
    (share, wilson(hits, count, CONFIDENCE), format!("{hits} of {count} replications; Wilson's interval"))
}

fn ratio_of(records: &[Record], over: &str, under: &str) -> Found {
    let pair = |record: &Record| {
        let value = |metric| record.metrics.get(metric)?.value.filter(|value: &f64| value.is_finite());
        Some((value(over)?, value(under)?))
    };
    let (tops, bottoms): (Vec<f64>, Vec<f64>) = records.iter().filter_map(pair).unzip();
    match ratio(&tops, &bottoms, CONFIDENCE) {
        Some(found) => {
            let interval = [found.value - found.half_width, found.value + found.half_width];
            (
                Some(found.value),
                Some(interval),
                format!("ratio of means over {} replications, jackknife", tops.len()),
            )
        }
        None => (
            None,
            None,
            "not reached: it takes two replications, and a mean below the line that is not zero".to_owned(),
        ),
    }
}

fn settled(records: &[Record], series: &str, group: &str) -> Found {
    let column = |record: &'_ Record| -> Option<Vec<f64>> {
        let found = record.series.columns.iter().find(|c| c.metric == series && c.group == group)?;
        Some(found.values.clone())
    };
    let all: Vec<Vec<f64>> = records.iter().filter_map(column).collect();
    if all.is_empty() {
        return (None, None, "no such column: series.parquet has their names and groups".to_owned());
    }
    let mut kept: Vec<&[f64]> = Vec::new();
    let mut longest = 0;
    for values in &all {
        match mser(values, warm_up::BATCH) {
            WarmUp::Ends(cut) => {
                longest = longest.max(cut);
                kept.push(&values[cut..]);
            }
            WarmUp::NotReached => {
                return (
                    None,
                    None,
                    "not reached: no steady state is in sight, the run is too short for one".to_owned(),
                );
            }
            WarmUp::TooShort => {
                return (
                    None,
                    None,
                    "not reached: it takes twenty epochs in which the series is defined".to_owned(),
                );
            }
        }
    }
    let warm = format!("after a warm-up of at most {longest} epochs (MSER-5)");
    let means: Vec<f64> = kept.iter().filter_map(|values| mean(values)).collect();
    if let [single] = kept[..] {
        let Some(batches) = BatchMeans::of(single, BATCHES) else {
            return (means.first().copied(), None, format!("{warm}; too short for batches"));
        };
        let half = batches.half_width(CONFIDENCE);
        let memory = batches.correlation().unwrap_or(0.0);
        let method =
            format!("{warm}; {BATCHES} batch means of one replication, neighbours correlate by {memory:.2}");
        return (Some(batches.mean()), Some([batches.mean() - half, batches.mean() + half]), method);
    }
    let (middle, half) = (mean(&means), half_width(&means, CONFIDENCE));
    let interval = middle.zip(half).map(|(middle, half)| [middle - half, middle + half]);
    (middle, interval, format!("{warm}; means of {} replications (replication and deletion)", means.len()))
}

impl Answer {
    /// For people: a line.
    pub fn line(&self) -> String {
        let value = self.value.map_or_else(|| "no answer".to_owned(), short);
        let interval = self
            .interval
            .map_or_else(String::new, |[low, high]| format!(" [{}, {}]", short(low), short(high)));
        format!("{}  {value}{interval}  {}\n", self.question, self.method)
    }

    /// For programs.
    pub fn data(&self) -> Value {
        json!({ "question": self.question, "value": self.value, "interval": self.interval, "method": self.method })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::record::{Column, Metric, Series};

    fn records(values: &[f64]) -> Vec<Record> {
        let record = |(replication, value): (u32, &f64)| {
            let mut record = Record { replication, ..Record::default() };
            record.metrics.insert("rewards.gini".into(), Metric { unit: "", value: Some(*value) });
            record.metrics.insert("rewards.hhi".into(), Metric { unit: "", value: Some(2.0 * *value) });
            record
        };
        (0..).zip(values).map(record).collect()
    }

    #[test]
    fn quantiles_chances_and_ratios_have_their_intervals_and_say_when_runs_are_too_few() {
        let hundred: Vec<f64> = (1..=100).map(f64::from).collect();
        let all = records(&hundred);
        let of = |question: Question| question.answer(&all);
        let high = of(a_quantile("rewards.gini@0.9").expect("sound"));
        // Binomial(100, 0.9): ranks 84 and 96 enclose the quantile with 95.2 % at least.
        let [low, top] = high.interval.expect("a hundred are enough");
        assert!((82.0..=85.0).contains(&low) && (95.0..=97.0).contains(&top), "{high:?}");
        let few = a_quantile("rewards.gini@0.99").expect("sound").answer(&all);
        assert!(few.interval.is_none() && few.method.starts_with("interval not reached"), "{few:?}");
        let chance = of(super::chance("rewards.gini>90").expect("sound"));
        assert_eq!(chance.value, Some(0.1));
        let [low, high] = chance.interval.expect("Wilson's");
        assert!((low - 0.0552).abs() < 1e-3 && (high - 0.1744).abs() < 1e-3, "{chance:?}");
        let ratio = of(a_ratio("rewards.hhi/rewards.gini").expect("sound"));
        assert!((ratio.value.expect("a ratio") - 2.0).abs() < 1e-9);
        assert_eq!(a_ratio("rewards.hhi/rewards.gini").expect("sound").answer(&all[..1]).value, None);
    }

    #[test]
    fn a_series_that_settles_has_a_level_and_one_that_grows_has_none() {
        let series = |values: Vec<f64>| {
            let columns = vec![Column { metric: "supply.connected", unit: "", group: String::new(), values }];
            let unix_s = vec![0; columns[0].values.len()];
            Record { series: Series { unix_s, columns }, ..Record::default() }
        };
        let ripple = |i: usize| ((i * 7919) % 13) as f64 - 6.0;
        let settles: Vec<f64> =
            (0..400).map(|i| 100.0 + ripple(i) - if i < 40 { 80.0 } else { 0.0 }).collect();
        let grows: Vec<f64> = (0..400).map(|i| i as f64).collect();
        let ask = super::steady("supply.connected").expect("sound");
        let one = ask.answer(&[series(settles.clone())]);
        assert!((one.value.expect("a level") - 100.0).abs() < 0.5, "{one:?}");
        assert!(one.method.contains("40 epochs") && one.method.contains("batch means"), "{one:?}");
        let two = ask.answer(&[series(settles.clone()), series(settles)]);
        assert!(two.method.contains("replication and deletion"), "{two:?}");
        assert!(ask.answer(&[series(grows)]).method.starts_with("not reached"));
        assert!(ask.answer(&[Record::default()]).method.starts_with("no such column"));
    }

    #[test]
    fn what_cannot_be_asked_is_told() {
        for wrong in ["rewards.gini", "rewards.gini@1", "rewards.gini@x", "nothing.here@0.5"] {
            assert!(a_quantile(wrong).is_err(), "{wrong}");
        }
        assert!(super::chance("rewards.gini=1").is_err() && super::chance("rewards.gini>nan").is_err());
        assert!(a_ratio("rewards.gini").is_err() && super::steady("").is_err());
    }
}
