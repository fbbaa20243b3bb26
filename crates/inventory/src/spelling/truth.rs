//! Truth values: `Supervised`, `Encrypted`.
//!
//! No page of Microsoft's defines the texts. Programs that read or imitate the portal's export
//! know `true` / `false`, `True` / `False` and `Yes` / `No`; blank means not reported.

use super::{Lexicon, spelling};

pub(crate) const TRUTH: Lexicon<bool> = Lexicon {
    expected: "`True`, `False`, `Yes`, `No` or blank",
    spellings: &[
        spelling("True", true),
        spelling("False", false),
        spelling("Yes", true),
        spelling("No", false),
        // What a spreadsheet saves in German, French, Spanish, Italian, Portuguese, Dutch, Danish,
        // Norwegian, Swedish, Finnish, Polish, Czech and Hungarian.
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
    ],
};
