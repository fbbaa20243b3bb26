//! The texts of rows, which mostly stay in the bytes of the file.

/// Returns true if a text begins as what a spreadsheet takes for a formula, perhaps behind
/// apostrophes.
///
/// Tidy CSV has one more apostrophe before such a text, so that opening it runs nothing; the characters
/// are those of <https://owasp.org/www-community/attacks/CSV_Injection> that a trimmed text can begin
/// with, also behind control characters, which a spreadsheet may leave out.
///
/// ```
/// use inventory::is_formula;
///
/// assert!(is_formula(b"=1+1") && is_formula(b"'-2") && is_formula(b"\0=1"));
/// assert!(!is_formula(b"Ada's phone") && !is_formula(b"'t Hooft"));
/// ```
#[inline]
pub fn is_formula(text: &[u8]) -> bool {
    let first = text.iter().find(|byte| **byte != b'\'' && !byte.is_ascii_control());
    first.is_some_and(|byte| b"=+-@".contains(byte))
}

/// A text of a row.
#[derive(Clone, Copy, Debug)]
pub struct RowText<'b> {
    /// The text, and the bytes that happen to be behind it.
    bytes: &'b [u8],
    length: usize,
    bare: bool,
}

impl<'b> From<&'b str> for RowText<'b> {
    fn from(text: &'b str) -> Self {
        Self { bytes: text.as_bytes(), length: text.len(), bare: false }
    }
}

impl<'b> RowText<'b> {
    /// Returns the text.
    pub fn as_str(self) -> &'b str {
        str::from_utf8(self.as_bytes()).expect("every source checks its texts")
    }

    /// Returns its bytes, which are UTF-8.
    #[inline]
    pub fn as_bytes(self) -> &'b [u8] {
        &self.bytes[..self.length]
    }

    /// Returns the text without the apostrophe that protects it, if it may have one.
    #[inline]
    pub(super) fn unprotected(self, protected: bool) -> Self {
        match self.as_bytes() {
            [b'\'', rest @ ..] if protected && is_formula(rest) => {
                Self { bytes: &self.bytes[1..], length: self.length - 1, ..self }
            }
            _ => self,
        }
    }

    /// Returns true if it surely has no comma, quote or line end: it was in a CSV without quotes.
    #[inline]
    pub fn is_bare(self) -> bool {
        self.bare
    }

    /// Returns the length of the text, and `N` bytes that begin with it, so that they can be copied
    /// without a loop; `None` if it is longer, or if fewer bytes are there.
    #[inline]
    pub fn head<const N: usize>(self) -> Option<(usize, &'b [u8; N])> {
        let head = self.bytes.first_chunk()?;
        (self.length <= N).then_some((self.length, head))
    }
}

/// The texts of a column: some of their own, some in the bytes of the file.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    own: Vec<u8>,
    places: Vec<TextPlace>,
}

#[derive(Clone, Copy, Debug)]
struct TextPlace {
    start: u32,
    length: u32,
    sort: TextSort,
}

/// The location of a text, and what is known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextSort {
    /// In memory of its own.
    Own,
    /// In the bytes of the file.
    InFile,
    /// In the bytes of the file, a CSV, without quotes.
    Bare,
}

/// The number of bytes behind the texts, so that they can be [copied](RowText::head) without a
/// loop.
const BEHIND: usize = 64;

impl Texts {
    pub(crate) fn push(&mut self, text: &str) {
        self.own.truncate(self.own.len().saturating_sub(BEHIND));
        let start = place(self.own.len());
        self.own.extend_from_slice(text.as_bytes());
        self.places.push(TextPlace { start, length: place(text.len()), sort: TextSort::Own });
        self.own.extend_from_slice(&[0; BEHIND]);
    }

    /// Adds the text of a cell without quotes that is in the bytes of the file as it is, so that
    /// nothing has to be removed from it.
    #[inline(always)]
    pub(crate) fn push_place(&mut self, start: usize, end: usize, sort: TextSort) {
        let (start, length) = (place(start), place(end - start));
        self.places.push(TextPlace { start, length, sort });
    }

    #[inline]
    pub(super) fn get<'b>(&'b self, index: usize, bytes: &'b [u8]) -> RowText<'b> {
        let Some(place) = self.places.get(index) else {
            return RowText { bytes: &[], length: 0, bare: true };
        };
        let bytes = if place.sort == TextSort::Own { &self.own } else { bytes };
        let bytes = &bytes[place.start as usize..];
        let bare = place.sort == TextSort::Bare;
        RowText { bytes, length: place.length as usize, bare }
    }

    pub(super) fn resize(&mut self, count: usize) {
        let none = TextPlace { start: 0, length: 0, sort: TextSort::Bare };
        self.places.resize(count, none);
        if count == 0 {
            self.own.clear();
        }
    }
}

fn place(at: usize) -> u32 {
    u32::try_from(at).expect("the texts of a batch are far smaller than 4 GiB")
}
