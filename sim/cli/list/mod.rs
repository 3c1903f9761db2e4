//! `list`: what exists, one entry each.

mod rules;

use super::failure::Failure;
use super::{Format, output, shipped};
use crate::measure::metrics::METRICS;
use depin_protocol::rewards::formula::variables;
use serde_json::{Value, json};

const EXAMPLES: &str = "\
EXAMPLES
  depin-sim list scenarios               shipped scenarios and the question each one asks
  depin-sim list experiments             shipped designs of many runs, for sweep
  depin-sim list rules                   the network's rules: formula, source, known weakness
  depin-sim list variables               the names that a formula of rewards may use
  depin-sim list metrics                 the numbers of a summary: unit and meaning
  depin-sim list metrics --format json   the same for a program";

/// Say what exists: shipped scenarios and experiments, the network's rules, names of a formula, metrics
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct List {
    /// What to list
    #[arg(value_enum)]
    what: What,
    /// How it is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum What {
    /// Shipped scenarios
    Scenarios,
    /// Shipped experiments, for `sweep`
    Experiments,
    /// Policies of the network
    Rules,
    /// Names that `weight` in `[protocol.rewards.formula]` may use
    Variables,
    /// Numbers of a summary
    Metrics,
}

impl List {
    /// Prints the list.
    ///
    /// # Errors
    /// When standard output cannot be written.
    pub fn call(self) -> Result<(), Failure> {
        let text = match (self.what, self.format) {
            (What::Scenarios, Format::Text) => questions_text(&scenarios()),
            (What::Scenarios, Format::Json) => output::json(&questions_data(&scenarios())),
            (What::Experiments, Format::Text) => questions_text(&experiments()),
            (What::Experiments, Format::Json) => output::json(&questions_data(&experiments())),
            (What::Rules, Format::Text) => rules::text(),
            (What::Rules, Format::Json) => output::json(&rules::data()),
            (What::Variables, Format::Text) => variables_text(),
            (What::Variables, Format::Json) => output::json(&variables_data()),
            (What::Metrics, Format::Text) => metrics_text(),
            (What::Metrics, Format::Json) => output::json(&metrics_data()),
        };
        output::print(&text)
    }
}

/// Names and questions.
type Questions = Vec<(&'static str, String)>;

fn scenarios() -> Questions {
    let files = shipped::SCENARIOS.iter();
    files.map(|file| (file.name(), file.scenario().0.question)).collect()
}

fn experiments() -> Questions {
    shipped::EXPERIMENTS.iter().map(|file| (file.name(), file.question())).collect()
}

fn questions_text(questions: &Questions) -> String {
    let rows: Vec<Vec<&str>> = questions.iter().map(|(n, q)| vec![*n, q.as_str()]).collect();
    format!("{}\n  depin-sim new mine --from NAME   copies one for you to change\n", output::columns(&rows))
}

fn questions_data(questions: &Questions) -> Value {
    let rows = questions.iter();
    rows.map(|(name, question)| json!({ "name": name, "question": question })).collect()
}

fn variables_text() -> String {
    let known: Vec<_> = variables().collect();
    let rows: Vec<Vec<&str>> = known.iter().map(|v| vec![v.name, v.unit, v.meaning]).collect();
    output::columns(&rows)
}

fn variables_data() -> Value {
    variables().map(|v| json!({ "name": v.name, "unit": v.unit, "meaning": v.meaning })).collect()
}

fn metrics_text() -> String {
    let rows: Vec<Vec<&str>> = METRICS.iter().map(|m| vec![m.pattern, m.unit, m.meaning]).collect();
    output::columns(&rows)
}

fn metrics_data() -> Value {
    METRICS.iter().map(|m| json!({ "name": m.pattern, "unit": m.unit, "meaning": m.meaning })).collect()
}
