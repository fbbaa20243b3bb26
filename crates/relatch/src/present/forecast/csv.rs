//! A forecast as rows: one for each group, checkpoint, ending and reason that occurs.
//!
//! `(all)` in the columns of the facts means all devices, in the column `why` for all
//! reasons: intervals cannot be added up, so sums have rows of their own.

use device_sim::forecast::{Ending, Why};

use crate::present::wording::{self, since_press};
use crate::report::forecast::ForecastReport;

const ALL: &str = "(all)";

pub(super) fn render(report: &ForecastReport) -> String {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    let mut write = |cells: Vec<String>| {
        writer.write_record(cells).expect("a vector takes every record of one length");
    };
    let facts = report.by.iter().map(ToString::to_string);
    let rest = ["after", "ending", "why", "low", "median", "high"].map(str::to_owned);
    write(facts.chain(rest).collect());
    rows(report, None, &vec![ALL.to_owned(); report.by.len()], &mut write);
    if !report.by.is_empty() {
        for (number, (values, _)) in report.groups.iter().enumerate() {
            rows(report, Some(number), &wording::group(&report.by, values), &mut write);
        }
    }
    let bytes = writer.into_inner().expect("a vector takes everything");
    String::from_utf8(bytes).expect("every cell is text")
}

fn rows(
    report: &ForecastReport,
    group: Option<usize>,
    values: &[String],
    write: &mut impl FnMut(Vec<String>),
) {
    for (checkpoint, after) in report.outlook.checkpoints().iter().enumerate() {
        for ending in Ending::ALL {
            let reasons = Why::ALL.iter().map(|why| Some(*why));
            for why in std::iter::once(None).chain(reasons) {
                let devices = report.outlook.count(group, checkpoint, *ending, why);
                if why.is_some() && devices.high == 0 {
                    continue;
                }
                let why = why.map_or(ALL, Why::as_str);
                let words = [since_press(*after), ending.as_str().to_owned(), why.to_owned()];
                let counts = [devices.low, devices.median, devices.high];
                let counts = counts.map(|count| count.to_string());
                write(values.iter().cloned().chain(words).chain(counts).collect());
            }
        }
    }
}
