//! Writes an inventory of a shape: `shapes wide|narrow|portal DEVICES SEED FILE`.

use std::fs::File;
use std::io::{self, BufWriter};
use std::process::ExitCode;

use benches::shapes::{self, Shape};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [shape, devices, seed, path] = arguments.as_slice() else { return usage() };
    let shape = match shape.as_str() {
        "wide" => Shape::Wide,
        "narrow" => Shape::Narrow,
        "portal" => Shape::Portal,
        _ => return usage(),
    };
    let (Ok(devices), Ok(seed)) = (devices.parse(), seed.parse()) else { return usage() };
    match generate(shape, devices, seed, path) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: `{path}`: {error}");
            ExitCode::FAILURE
        }
    }
}

fn generate(shape: Shape, devices: u64, seed: u64, path: &str) -> io::Result<()> {
    shapes::write(shape, devices, seed, BufWriter::with_capacity(1 << 20, File::create(path)?))
}

fn usage() -> ExitCode {
    eprintln!("usage: shapes wide|narrow|portal DEVICES SEED FILE");
    ExitCode::from(2)
}
