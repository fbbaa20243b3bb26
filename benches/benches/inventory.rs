//! Reading inventories, and planning from them. Axes: `reader` (plain, bulk), `rows`, `shape`
//! (columns), `quoted` share of the rows, `versions` (distinct ones), `unknown` share of the
//! cells.

use std::convert::Infallible;
use std::hint::black_box;
use std::num::NonZero;

use benches::shapes::{self, Shape};
use benches::{shipped_policies, sized};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use eligibility::policy::{PolicyDocument, Reading};
use fleet::{Census, Coder, Counted, Counter, Program, Summary};
use inventory::{Batch, Entry, Inventory, Projection, Reader, Sink};
use synthetic_fleet::{self as generate, Format, Options};

fn file(shape: Shape, rows: u64) -> Vec<u8> {
    let mut file = Vec::new();
    shapes::write(shape, rows, 1, &mut file).expect("memory can be written");
    file
}

/// Returns a tidy table whose cells are under control.
fn table(rows: u64, quoted: u64, versions: u64, unknown: u64) -> Vec<u8> {
    let mut file = "device-id,device-name,platform,management,os-version,ownership\n".to_owned();
    for row in 0..rows {
        // The shares are spread evenly: 7919 is a prime and has no pattern with a hundred.
        let share = row * 7919 % 100;
        let name = if share < quoted { "\"Reception, ground floor\"" } else { "Reception" };
        let rest = if (99 - share) < unknown {
            ",,,".to_owned()
        } else {
            let version = row % versions;
            let (major, minor) = (1 + version / 100, version % 100);
            format!("android,personal-work-profile,{major}.{minor},personal")
        };
        file += &format!("{row:08},{name},{rest}\n");
    }
    file.into_bytes()
}

fn plainly(file: &[u8], program: &Program) -> u64 {
    let mut reader = Reader::open(file).expect("the file is an inventory");
    let mut allowed = 0;
    while let Some(entry) = reader.next_entry().expect("memory can be read") {
        if let Entry::Row(row) = entry {
            let decision = program.decision(program.decide(&row.facts));
            allowed += u64::from(decision.headline().verdict().allows());
        }
    }
    allowed
}

/// Counts cells of devices.
struct Counting(Counter);

impl Sink for Counting {
    type Local = Coder;
    type Partial = Counted;

    fn projection(&self) -> Projection {
        Projection { facts: self.0.facts(), ..Projection::default() }
    }

    fn local(&self) -> Coder {
        Coder::default()
    }

    fn partial(&self) -> Counted {
        Counted::default()
    }

    fn consume(&self, local: &mut Coder, partial: &mut Counted, batch: &mut Batch) {
        self.0.consume(local, batch, partial);
    }
}

fn in_bulk(file: &[u8], program: &Program) -> u64 {
    let inventory = Inventory::open(file).expect("the file is an inventory");
    let mut census = Census::new(&[program.policy()], &[]);
    let counting = Counting(census.counter().clone());
    let read = inventory.read(NonZero::<usize>::MIN, &counting, |chunk| {
        census.keep(chunk.partial);
        Ok::<(), Infallible>(())
    });
    assert!(read.is_ok(), "memory can be read");
    let verdicts = Summary::new(program, &census, &[]).verdicts;
    let allowed = eligibility::decide::VerdictWord::ALL[..2].iter();
    allowed.map(|verdict| verdicts.of(*verdict)).sum()
}

fn program() -> Program {
    let texts = shipped_policies();
    let documents = texts
        .iter()
        .map(|text| PolicyDocument::parse(text).expect("shipped policies are usable").0);
    let mut named = documents.filter(|document| document.id == "intune-2018-03-29");
    Program::new(named.next().expect("the policy is shipped").read(Reading::Literal))
}

fn both(criterion: &mut Criterion, group: &str, files: &[(String, Vec<u8>)]) {
    let program = program();
    let mut group = criterion.benchmark_group(group);
    group.sample_size(10);
    for (name, file) in files {
        let expected = plainly(file, &program);
        group.throughput(Throughput::Bytes(file.len() as u64));
        for (reader, read) in [("bulk", in_bulk as fn(&[u8], &Program) -> u64), ("plain", plainly)]
        {
            group.bench_with_input(BenchmarkId::new(reader, name), file, |bencher, file| {
                bencher.iter(|| assert_eq!(read(black_box(file), &program), expected));
            });
        }
    }
}

fn shapes_and_rows(criterion: &mut Criterion) {
    let shapes = [("portal", Shape::Portal), ("wide", Shape::Wide), ("narrow", Shape::Narrow)];
    let mut files = Vec::new();
    for rows in [sized(10_000), sized(200_000)] {
        files.extend(
            shapes.map(|(name, shape)| (format!("{name}, {rows} rows"), file(shape, rows))),
        );
    }
    both(criterion, "inventory/plan by shape and rows", &files);
}

fn cells(criterion: &mut Criterion) {
    let rows = sized(200_000);
    let quoted = [0, 5, 100].map(|share| (format!("{share} %"), table(rows, share, 20, 0)));
    both(criterion, "inventory/plan by quoted rows", &quoted);
    let versions = [1, 100, 10_000].map(|count| (count.to_string(), table(rows, 5, count, 0)));
    both(criterion, "inventory/plan by distinct versions", &versions);
    let unknown = [0, 50, 100].map(|share| (format!("{share} %"), table(rows, 5, 20, share)));
    both(criterion, "inventory/plan by unknown cells", &unknown);
}

/// The fleet of the portal's export in Parquet; the plain reader reads it as CSV.
fn parquet(criterion: &mut Criterion) {
    let (program, rows) = (program(), sized(200_000));
    let expected = plainly(&file(Shape::Portal, rows), &program);
    let mut file = Vec::new();
    let written = generate::write(Format::Parquet, &Options::new(rows, 1), &mut file);
    written.expect("memory can be written");
    let mut group = criterion.benchmark_group("inventory/plan from parquet");
    group.sample_size(10).throughput(Throughput::Elements(rows));
    group.bench_function("bulk", |bencher| {
        bencher.iter(|| assert_eq!(in_bulk(black_box(&file), &program), expected));
    });
}

criterion_group!(benches, shapes_and_rows, cells, parquet);
criterion_main!(benches);
