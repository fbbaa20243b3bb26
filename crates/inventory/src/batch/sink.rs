//! Who consumes batches, and what of each row.

use eligibility::classes::Classes;
use eligibility::facts::FactSet;

use super::Batch;
use crate::columns::Layout;
use crate::format::Format;
use crate::source::intune::header::Column;

/// Consumes the rows of an inventory, chunk by chunk.
///
/// A file is cut into chunks that threads share. A thread has its own [`Local`](Self::Local) state
/// and calls [`consume`](Self::consume) for every batch of a chunk. Where the rows of a chunk begin
/// may be a guess; only chunks that were cut rightly are kept, in the order of the file, and the
/// partial results of the others are dropped.
pub trait Sink: Sync {
    /// The state of one thread, kept from chunk to chunk, such as the meaning of its keys.
    type Local: Send;
    /// The partial result of one chunk.
    type Partial: Send;

    /// Returns which facts and texts the batches must have.
    fn projection(&self) -> Projection;

    /// Returns the classes of versions that it distinguishes; without them it distinguishes all
    /// versions.
    ///
    /// The batches have one version of a class in place of all others, so that a file in which
    /// versions vary much has few distinct rows all the same.
    fn versions(&self) -> Option<Classes> {
        None
    }

    /// Returns the state that a thread begins with.
    fn local(&self) -> Self::Local;

    /// Returns the partial result that a chunk begins with.
    fn partial(&self) -> Self::Partial;

    /// Adds the next rows of a chunk to its partial result.
    ///
    /// A sink that hands the batch on to another may change its facts before.
    fn consume(&self, local: &mut Self::Local, partial: &mut Self::Partial, batch: &mut Batch);
}

/// The part of each row that a batch carries. Everything else is checked all the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Projection {
    /// The facts.
    pub facts: FactSet,
    /// The device's id and name.
    pub identity: bool,
    /// The device's key, which with the last check-in distinguishes rows of the same device.
    pub keys: bool,
    /// The last check-in, which a batch with keys always has.
    pub check_ins: bool,
    /// The key of the serial number alone, by which facts may be joined.
    pub serial_numbers: bool,
    /// True if a [`Chunk`](crate::Chunk) lists all cells that were not understood. They are counted
    /// in any case.
    pub problems: bool,
    /// True if an apostrophe before a text that a spreadsheet would take for a formula is not part
    /// of the text, see [`is_formula`](crate::is_formula). The file decides, whatever a sink
    /// requests.
    pub protected: bool,
    /// The number of columns that are [carried](crate::Inventory::carry). The file decides this as
    /// well.
    pub carried: usize,
}

impl Projection {
    /// Returns what of it a file with these columns can have.
    pub(crate) fn among(self, layout: &Layout) -> Self {
        let serial_numbers = self.serial_numbers && layout.column(Column::SerialNumber).is_some();
        let protected = layout.format == Format::Tidy;
        let carried = layout.carried.len();
        Self { keys: self.keys && layout.has_keys(), serial_numbers, protected, carried, ..self }
    }
}
