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
        eprintln!(
            "{:.1} d {e} events {:.1} s",
            t.0 as f64 / 8.64e13,
            began.elapsed().as_secs_f64()
        )
    });
    for (name, m) in &record.metrics {
        println!(
            "{name:50} {:>16} {}",
            m.value.map_or("-".into(), |v| format!("{v:.4}")),
            m.unit
        );
    }
    for m in &record.marks {
        println!("{} {} {}", m.unix_s, m.kind, m.note);
    }
    println!(
        "events {} digest {}",
        record.events,
        depin_sim::measure::digest::hex(&record.digest)
    );
}
