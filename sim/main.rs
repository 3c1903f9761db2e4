//! Parse, call, print, exit code.

fn main() {
    let sets: Vec<String> = std::env::args().skip(2).collect();
    let path = std::env::args().nth(1).expect("a scenario");
    let scenario = match depin_sim::scenario::Scenario::load(std::path::Path::new(&path), &sets) {
        Ok(s) => std::sync::Arc::new(s),
        Err(report) => {
            eprintln!("{report}");
            std::process::exit(2);
        }
    };
    let began = std::time::Instant::now();
    let record = depin_sim::experiment::replicate(&scenario, 0, &|_, t, e| {
        eprintln!("{:.1} d {e} events {:.1} s", t.0 as f64 / 8.64e13, began.elapsed().as_secs_f64())
    });
    for (name, m) in &record.metrics {
        println!("{name:50} {:>16} {}", m.value.map_or("-".into(), |v| format!("{v:.4}")), m.unit);
    }
    if std::env::var("SERIES").is_ok() {
        for (i, t) in record.series.unix_s.iter().enumerate().filter(|(i, _)| i % 120 == 119) {
            let _ = i;
            print!("{}", (t - scenario.run.start) / 86400);
            for name in [
                "supply.connected",
                "supply.displayed",
                "supply.verified",
                "supply.deployable",
                "supply.real",
                "token.believed_price_usd",
                "narrative.index",
            ] {
                let c = record.series.columns.iter().find(|c| c.metric == name).unwrap();
                print!(" {:.4}", c.values[i]);
            }
            for c in record.series.columns.iter().filter(|c| c.metric == "supply.connected_by") {
                print!(" {}={}", &c.group[..4], c.values[i]);
            }
            for c in record.series.columns.iter().filter(|c| c.metric == "cloud.quote_usd_month") {
                print!(" {}={:.0}", &c.group, c.values[i]);
            }
            println!();
        }
    }
    for m in &record.marks {
        println!("{} {} {}", m.unix_s, m.kind, m.note);
    }
    println!("events {} digest {}", record.events, depin_sim::measure::digest::hex(&record.digest));
}
