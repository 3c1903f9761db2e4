//! `validate`: expected results of others, answered by the functions that this program's results are made with.

mod answers;
mod emission;
mod row;
mod sensitivity;

use super::failure::Failure;
use super::{Format, output, shell};
use answers::{Answer, KINDS, Tolerance};
use row::Row;
use serde_json::{Value, json};
use std::path::PathBuf;

/// The table that is run where none is named.
const OWN: &str = include_str!("own.csv");

const EXAMPLES: &str = "\
EXAMPLES
  depin-sim validate                     the program's own table of expected results, each with its source
  depin-sim validate expected.csv        a table of yours: name,kind,params,metric,expected,source
  depin-sim validate --format json       the same for a program

Kinds that are answered: adjust, batch_means, emission, gini, hhi, interval, lognormal, morris, mser5, nakamoto,
philox4x32, quantile, sensitivity, split, t_quantile, theil, tost, welch. Rows of other kinds are listed as not answered.
Exit codes: 0 every answer is right; 1 at least one is wrong; 2 the table cannot be read.";

/// Answer a table of expected results and say which answers are right
///
/// Whole numbers must be equal; others within the tolerance of their kind. A row that cannot be answered is listed as such and
/// never counted as right.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Validate {
    /// Table of expected results [default: the program's own]
    #[arg(value_name = "CSV")]
    table: Option<PathBuf>,
    /// How it is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// What came of a row.
struct Verdict<'r> {
    row: &'r Row,
    got: String,
    word: &'static str,
    /// Why there is no answer, or how far off it may be.
    note: String,
}

impl Validate {
    /// Answers the table.
    ///
    /// # Errors
    /// When it cannot be read, or an answer is wrong.
    pub fn call(self) -> Result<(), Failure> {
        let shown = self
            .table
            .as_ref()
            .map_or("the program's own table".to_owned(), |path| path.display().to_string());
        let again = || {
            let path = self.table.as_ref().map(|path| path.display().to_string());
            shell::line(["depin-sim", "validate"].into_iter().chain(path.as_deref()))
        };
        let rows = match &self.table {
            Some(path) => row::read(path),
            None => row::parse(OWN),
        };
        let rows = rows
            .map_err(|error| Failure::new(format!("error: cannot read {shown}: {error}")).again(again()))?;
        let verdicts: Vec<Verdict<'_>> = rows.iter().map(judge).collect();
        output::print(&match self.format {
            Format::Text => text(&verdicts),
            Format::Json => output::json(&data(&verdicts)),
        })?;
        let wrong = count(&verdicts, "wrong");
        if wrong > 0 {
            return Err(Failure::new(format!("{wrong} of {} rows are wrong", rows.len()))
                .found()
                .again(again()));
        }
        Ok(())
    }
}

fn count(verdicts: &[Verdict<'_>], word: &str) -> usize {
    verdicts.iter().filter(|verdict| verdict.word == word).count()
}

fn judge(row: &Row) -> Verdict<'_> {
    if !KINDS.contains(&row.kind.as_str()) {
        let note = format!("rows of {} are not answered by this command yet", row.kind);
        return Verdict { row, got: String::new(), word: "not answered", note };
    }
    match answers::answer(row) {
        Ok(answer) => compared(row, &answer),
        // The kind is answered; a row of it that is not is a fault, of the row or of the program.
        Err(why) => Verdict { row, got: String::new(), word: "wrong", note: why },
    }
}

fn compared<'r>(row: &'r Row, answer: &Answer) -> Verdict<'r> {
    match answer {
        Answer::Text(got) => {
            let same = got.split_whitespace().eq(row.expected.split_whitespace());
            Verdict { row, got: got.clone(), word: word(same), note: "exact".to_owned() }
        }
        Answer::Numbers(got, tolerance) => {
            let parts =
                row.expected.split(|c: char| c.is_whitespace() || c == '|').filter(|part| !part.is_empty());
            let expected: Result<Vec<f64>, String> = parts.map(row::number).collect();
            let same = expected.is_ok_and(|expected| {
                expected.len() == got.len()
                    && got.iter().zip(&expected).all(|(got, wanted)| within(*got, *wanted, *tolerance))
            });
            let shown: Vec<String> = got.iter().map(f64::to_string).collect();
            let note = match tolerance {
                Tolerance::Absolute(by) => format!("within {by}"),
                Tolerance::Relative(by) => format!("within {by} of it"),
            };
            Verdict { row, got: shown.join(" "), word: word(same), note }
        }
    }
}

fn word(right: bool) -> &'static str {
    if right { "right" } else { "wrong" }
}

fn within(got: f64, expected: f64, tolerance: Tolerance) -> bool {
    match tolerance {
        Tolerance::Absolute(by) => (got - expected).abs() <= by,
        Tolerance::Relative(by) => (got - expected).abs() <= by * expected.abs(),
    }
}

fn text(verdicts: &[Verdict<'_>]) -> String {
    let short = |text: &str| {
        let cut: String = text.chars().take(40).collect();
        if cut.len() < text.len() { format!("{cut}...") } else { cut }
    };
    let mut rows: Vec<Vec<String>> =
        vec![["row", "of", "expected", "got", "verdict", ""].map(str::to_owned).to_vec()];
    for verdict in verdicts {
        let row = verdict.row;
        rows.push(vec![
            row.name.clone(),
            format!("{} {}", row.kind, row.metric),
            short(&row.expected),
            short(&verdict.got),
            verdict.word.to_owned(),
            verdict.note.clone(),
        ]);
    }
    format!(
        "{}\n{} rows: {} right, {} wrong, {} not answered\n",
        output::aligned(&rows, |_| true),
        verdicts.len(),
        count(verdicts, "right"),
        count(verdicts, "wrong"),
        count(verdicts, "not answered")
    )
}

fn data(verdicts: &[Verdict<'_>]) -> Value {
    let rows = verdicts.iter().map(|verdict| {
        json!({
            "name": verdict.row.name,
            "kind": verdict.row.kind,
            "params": verdict.row.params,
            "metric": verdict.row.metric,
            "expected": verdict.row.expected,
            "got": verdict.got,
            "verdict": verdict.word,
            "note": verdict.note,
            "source": verdict.row.source,
        })
    });
    json!({
        "schema": 1,
        "rows": rows.collect::<Vec<_>>(),
        "right": count(verdicts, "right"),
        "wrong": count(verdicts, "wrong"),
        "not_answered": count(verdicts, "not answered"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(kind: &str, params: &str, metric: &str, expected: &str) -> (&'static str, String) {
        let row = Row {
            name: String::new(),
            kind: kind.to_owned(),
            params: params.to_owned(),
            metric: metric.to_owned(),
            expected: expected.to_owned(),
            source: String::new(),
        };
        let found = judge(&row);
        (found.word, found.note)
    }

    #[test]
    fn every_row_of_the_programs_own_table_has_a_source_and_a_right_answer() {
        let rows = row::parse(OWN).expect("it is shipped");
        for row in &rows {
            let found = judge(row);
            assert_eq!(
                (found.word, row.source.is_empty()),
                ("right", false),
                "{row:?}: {}, {}",
                found.got,
                found.note
            );
        }
        let kinds: std::collections::BTreeSet<&str> = rows.iter().map(|row| row.kind.as_str()).collect();
        assert!(kinds.len() >= 16, "{kinds:?}");
    }

    #[test]
    fn a_wrong_expectation_is_seen_and_an_unknown_kind_is_no_success() {
        assert_eq!(verdict("split", "total=100;weights=1,1,1", "payouts", "33 34 33").0, "wrong");
        assert_eq!(verdict("gini", "x=1,1", "gini", "0.000001").0, "wrong");
        assert_eq!(verdict("quantile", "x=1,2;p=0.5", "quantile", "1.5 1.5").0, "wrong");
        assert_eq!(verdict("mmc", "c=1", "wait_mean", "1").0, "not answered");
        for (kind, params, metric) in [
            ("gini", "y=1", "gini"),
            ("split", "total=-1;weights=1", "payouts"),
            ("split", "total=1;weights=-1", "payouts"),
            ("emission", "schedule=nothing;epoch=1", "amount"),
            ("emission", "schedule=../small;epoch=1", "amount"),
            ("philox4x32", "ctr=0;key=0 0;rounds=10", "output_words"),
            ("sensitivity", "function=sobol_g;a=0,1", "S9"),
            ("morris", "function=x500;levels=4", "mu_star"),
            ("lognormal", "mean=1;cv=1", "median"),
            ("interval", "x=1;confidence=0.95", "half_width"),
        ] {
            let (word, note) = verdict(kind, params, metric, "1");
            assert!(word == "wrong" && !note.is_empty(), "{kind} {params}: {word}, {note}");
        }
    }
}
