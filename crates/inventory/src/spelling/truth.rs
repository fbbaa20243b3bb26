//! Truth values: `Supervised`, `Encrypted`.
//!
//! No page of Microsoft's defines the texts. Programs that read or imitate the portal's export
//! know `true` / `false`, `True` / `False` and `Yes` / `No`; blank means not reported. Databases
//! write `1` / `0` and `t` / `f`.
//!
//! The words of spreadsheets in other languages are the names of the functions TRUE and FALSE in
//! `src/PhpSpreadsheet/Calculation/locale` of <https://github.com/PHPOffice/PhpSpreadsheet>; those
//! of Romanian, Greek and Ukrainian are the words of these languages.

use super::{Lexicon, spelling};

pub(crate) const TRUTH: Lexicon<bool> = Lexicon {
    expected: "`True`, `False`, `Yes`, `No`, `1`, `0` or blank",
    spellings: &[
        spelling("True", true),
        spelling("False", false),
        spelling("Yes", true),
        spelling("No", false),
        spelling("Y", true),
        spelling("N", false),
        spelling("1", true),
        spelling("0", false),
        spelling("T", true),
        spelling("F", false),
        // The words that a spreadsheet saves in German, French, Spanish, Italian, Portuguese,
        // Dutch, Danish, Norwegian, Swedish, Finnish, Polish, Czech, Hungarian, Russian and
        // Bulgarian, Ukrainian, Turkish, Romanian and Greek.
        spelling("WAHR", true),
        spelling("FALSCH", false),
        spelling("VRAI", true),
        spelling("FAUX", false),
        spelling("VERDADERO", true),
        spelling("FALSO", false),
        spelling("VERO", true),
        spelling("VERDADEIRO", true),
        spelling("WAAR", true),
        spelling("ONWAAR", false),
        spelling("SAND", true),
        spelling("FALSK", false),
        spelling("SANN", true),
        spelling("USANN", false),
        spelling("SANT", true),
        spelling("FALSKT", false),
        spelling("TOSI", true),
        spelling("EPÄTOSI", false),
        spelling("PRAWDA", true),
        spelling("FAŁSZ", false),
        spelling("PRAVDA", true),
        spelling("NEPRAVDA", false),
        spelling("IGAZ", true),
        spelling("HAMIS", false),
        spelling("ИСТИНА", true),
        spelling("ЛОЖЬ", false),
        spelling("ІСТИНА", true),
        spelling("ХИБНІСТЬ", false),
        spelling("DOĞRU", true),
        spelling("YANLIŞ", false),
        spelling("ADEVĂRAT", true),
        spelling("FALS", false),
        spelling("ΑΛΗΘΗΣ", true),
        spelling("ΨΕΥΔΗΣ", false),
        spelling("ΑΛΗΘΕΣ", true),
        spelling("ΨΕΥΔΕΣ", false),
    ],
};
