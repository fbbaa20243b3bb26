//! Counts the decisions of an exported inventory:
//! `cargo run -p fleet --example plan_file examples/quillmoor.csv`.

use std::error::Error;
use std::io::Read;

use eligibility::builtin;
use eligibility::decide::VerdictWord;
use eligibility::policy::Reading;
use fleet::{Census, Program, Summary};
use inventory::{Entry, Reader};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: plan_file INVENTORY")?;
    print!("{}", plan(std::fs::File::open(path)?)?);
    Ok(())
}

/// Returns a line for each verdict, and one for the rows that cannot be read.
fn plan(file: impl Read) -> Result<String, Box<dyn Error>> {
    let policy = builtin::latest().document().read(Reading::Literal);
    let mut census = Census::new(&[&policy], &[]);
    let mut reader = Reader::open(file)?;
    while let Some(entry) = reader.next_entry()? {
        if let Entry::Row(row) = entry {
            census.add(&row.facts);
        }
    }
    let summary = Summary::new(&Program::new(policy), &census, &[]);
    let mut text = String::new();
    for verdict in VerdictWord::ALL {
        text += &format!("{:>6} {verdict}\n", summary.verdicts.of(*verdict));
    }
    Ok(text + &format!("{:>6} rejected\n", reader.counts().rejected))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verdicts_add_up_to_the_rows() {
        let file = include_str!("../../../examples/quillmoor.csv");
        let text = plan(file.as_bytes()).expect("it is an inventory");
        let counts = text.lines().map(|line| line[..6].trim().parse::<usize>());
        let total: usize = counts.sum::<Result<_, _>>().expect("each line begins with a number");
        assert_eq!(total, 400);
    }
}
