//! What RNP-019 makes of a model: its published score, and its memory against 24 GB.

use super::hundredths;
use crate::registry::Model;
use crate::units::{ONE, Ppm};

/// GPU model scores in hundredths (RNP-019, table of GPU Model Scores); a name is compared by its letters and digits.
const GPUS: [(&str, u32); 23] = [
    ("rtx5090", 170),
    ("rtx5090d", 165),
    ("rtx4090", 100),
    ("rtx4090d", 95),
    ("rtx4080", 85),
    ("rtx5080", 135),
    ("rtx5070ti", 110),
    ("rtx5070", 105),
    ("rtx4070ti", 75),
    ("rtx4070", 65),
    ("rtx4060ti", 55),
    ("rtx4060", 50),
    ("rtx3090ti", 90),
    ("rtx3090", 85),
    ("rtx3080ti", 80),
    ("rtx308012g", 75),
    ("rtx3080", 70),
    ("rtx3070ti", 65),
    ("rtx3070", 60),
    ("rtx3060ti", 55),
    ("rtx3060", 50),
    ("rtx3060m", 45),
    ("rtx3050", 40),
];

/// Throughput of an RTX 4090 in GFLOPS, dense FP16 (data sheet).
const BASELINE_GFLOPS: u64 = 165_200;
/// Its memory in megabytes, and the most that is worth nothing.
const BASELINE_MB: u64 = 24_000;
const USELESS_MB: u32 = 4_000;

/// The published score of a model, or its throughput against the baseline's, to hundredths.
pub(super) fn gpu(model: &Model) -> Ppm {
    let name: String =
        model.name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    match GPUS.iter().find(|(known, _)| *known == name) {
        Some((_, score)) => score * 10_000,
        None => hundredths(u64::from(model.gflops) * u64::from(ONE) / BASELINE_GFLOPS),
    }
}

/// Memory against the baseline, to hundredths as the page prints it (32 GB is 1.33); nothing up to 4 GB.
pub(super) fn vram(model: &Model) -> Ppm {
    if model.memory_mb <= USELESS_MB {
        return 0;
    }
    hundredths(u64::from(model.memory_mb) * u64::from(ONE) / BASELINE_MB)
}
