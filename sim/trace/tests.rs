//! What the readers are tried on: hand-made text, published files, damage.

mod damage;
mod formats;
mod load;
mod published;
mod times;

use super::draft::Draft;
use super::gavel::{self, Throughputs};
use super::{Format, TimeUnit, Trace, TraceError, fill, source};
use std::io::Write;
use std::path::Path;

/// Throughputs of two job types: one measured on one and two cards, one that a V100 cannot run.
const SPEEDS: &str = r#"{"v100": {"('A (b 1)', 1)": {"null": 4.0, "('B', 1)": [1.0, 2.0]},
 "('A (b 1)', 2)": {"null": 7.5}, "('B', 1)": {"null": 0.0}}, "k80": {}}"#;

/// Stored bytes read as one format, errors as a file `file` gives them.
fn bytes(format: Format, bytes: &[u8], unit: TimeUnit, machine: Option<u32>) -> Result<Trace, TraceError> {
    let mut draft = Draft::new(unit, machine);
    let filled = if format == Format::Gavel {
        Throughputs::read(SPEEDS.as_bytes(), "v100")
            .and_then(|speeds| gavel::read(bytes, &speeds, &mut draft))
    } else {
        fill(bytes, format, &mut draft)
    };
    filled.and_then(|()| draft.finish(source::hash(bytes))).map_err(|fault| fault.in_file(Path::new("file")))
}

fn text(format: Format, text: &str) -> Result<Trace, TraceError> {
    bytes(format, text.as_bytes(), TimeUnit::SECOND, None)
}

/// The message of a text that must be refused.
fn refused(format: Format, bad: &str) -> String {
    match text(format, bad) {
        Ok(trace) => panic!("{bad:?} was read as {trace:?}"),
        Err(error) => error.to_string(),
    }
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).expect("memory can be written");
    out.finish().expect("memory can be written")
}

/// A good file of each format.
const GOOD: [(Format, &str); 6] = [
    (
        Format::Swf,
        "; MaxProcs: 64\n1 0 -1 10 2 -1 -1 2 20 -1 1 7 -1 -1 -1 -1 -1 -1\n\
         2 5 -1 -1 4 -1 -1 4 30 -1 1 -1 -1 -1 -1 -1 -1 -1\n3 4 -1 9 128 -1 -1 4 3 -1 1 -1 -1 -1 -1 -1 -1 -1\n",
    ),
    (
        Format::Openb,
        "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,deletion_time,scheduled_time\n\
         a,12000,16384,1,460,V100M16|T4,LS,Running,3,20,5\nb,100,200,0,0,,BE,Pending,1,9,\n",
    ),
    (Format::Gavel, "A (b 1)\tcmd x\t-n\t1\t8\t0.5\t1\nA (b 1)\tcmd\t-n\t0\t30\t6.000000\t4\n"),
    (
        Format::Philly,
        r#"[{"status":"Pass","vc":"ee9","jobid":"app_2","submitted_time":"2017-10-09 07:01:55","user":"u","attempts":[
 {"start_time":"2017-10-09 07:02:00","end_time":"2017-10-09 07:03:00","detail":[{"ip":"m1","gpus":["gpu0","gpu1"]},{"ip":"m2","gpus":["gpu3"]}]},
 {"start_time":"2017-11-05 01:50:00","end_time":"2017-11-05 01:10:00","detail":[{"ip":"m1","gpus":["gpu0"]}]},
 {"start_time":"2017-10-09 08:00:00","end_time":"None","detail":[]}]},
 {"status":"Killed","vc":"ee9","jobid":"app_1","submitted_time":"2017-10-09 07:01:54","user":"v","attempts":[]}]"#,
    ),
    (
        Format::Batsim,
        r#"{"nb_res": 32, "jobs": [
 {"id": 7, "subtime": 1.5, "walltime": 10, "res": 4, "profile": "long"},
 {"id": "w0!8", "subtime": 1e-3, "walltime": -1, "res": 1, "profile": "long"}],
 "profiles": {"long": {"type": "delay", "delay": 12.25}, "sum": {"type": "parallel_homogeneous", "cpu": 1e9, "com": 0}}}"#,
    ),
    (
        Format::Jsonl,
        "{\"id\":\"a\",\"submit\":2,\"run\":5.5,\"estimate\":4,\"procs\":2,\"models\":[\"T4\"],\"user\":\"u\"}\n\n{\"id\":9,\"submit\":0,\"run\":0}\n",
    ),
];
