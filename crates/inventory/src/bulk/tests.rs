//! Tests of what only this module can see: how often the plain reader is called, and how much is
//! kept. That both readers find the same is shown by `tests/suite/bulk.rs`.

use std::convert::Infallible;

use super::chunk::{ChunkReader, ChunkStart, Position};
use super::*;
use crate::batch::{Batch, Projection};
use crate::columns::Purpose;
use crate::input::Stream;
use synthetic_fleet::{Format, Options, write, write_csv};

/// A sink that counts devices.
struct Count;

impl Sink for Count {
    type Local = ();
    type Partial = usize;

    fn projection(&self) -> Projection {
        Projection { identity: true, keys: true, ..Projection::default() }
    }

    fn local(&self) {}

    fn partial(&self) -> usize {
        0
    }

    fn consume(&self, (): &mut (), partial: &mut usize, batch: &mut Batch) {
        *partial += batch.len();
    }
}

#[test]
fn the_rows_of_an_export_do_not_need_the_plain_reader() {
    let mut file = Vec::new();
    write_csv(&Options::new(1000, 1), &mut file).unwrap();
    let input = file.as_slice();
    let Text { header, first, .. } = Text::open(Purpose::Inventory, &input).unwrap();
    let plan = ColumnPlan::new(&header.layout);
    let batch = Batch::new(Count.projection());
    let mut scanner = Scanner::new(&input, &plan, &header, batch, Sizes::USUAL);
    let begin = ChunkStart::At(Position::at(first.0));
    let done = scanner.read(begin, file.len() as u64, &Count, &mut ()).unwrap();
    assert_eq!((done.partial, scanner.plain_rows()), (1000, 0));
}

#[test]
fn devices_of_graph_do_not_need_the_plain_reader_but_at_the_ends_of_pages() {
    for (format, plain) in [(Format::Ndjson, 1), (Format::Graph, 2)] {
        let mut file = Vec::new();
        write(format, &Options::new(900, 1), &mut file).unwrap();
        let input = file.as_slice();
        let Text { header, first, device, .. } = Text::open(Purpose::Inventory, &input).unwrap();
        let plan = ColumnPlan::with_twins(&header.layout);
        let (device, batch) = (device.unwrap(), Batch::new(Count.projection()));
        let mut objects = Objects::new(&input, &plan, &header, &device, batch, Sizes::USUAL);
        let begin = ChunkStart::At(Position::at(first.0));
        let done = objects.read(begin, file.len() as u64, &Count, &mut ()).unwrap();
        assert!(done.partial == 900 && objects.plain_rows() <= plain, "{format:?}");
    }
}

#[test]
fn a_stream_with_a_row_of_40_megabytes_is_read_in_bounded_memory() {
    for threads in [1, 2] {
        let long = io::repeat(b'x').take(40 << 20);
        let file = "Device ID,OS\n1,Linux\n".as_bytes().chain(long).chain(&b"\n17,Windows\n"[..]);
        let stream = Stream::new(file);
        let text = Text::open(Purpose::Inventory, &stream).unwrap();
        let (mut devices, mut rejections) = (0, Vec::new());
        let threads = NonZero::new(threads).unwrap();
        let read = text.read(&stream, Sizes::USUAL, threads, &Count, |chunk| {
            devices += chunk.partial;
            rejections.extend(chunk.rejections);
            Ok::<(), Infallible>(())
        });
        assert_eq!((devices, read.unwrap().counts.read), (2, 3));
        assert_eq!(
            rejections[0].to_string(),
            "row 2 (line 3): found more than 1048576 bytes, expected at most 1048576"
        );
        let room = stream.room();
        assert!(room < 16 << 20, "{room} bytes");
    }
}
