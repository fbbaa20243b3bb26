//! Column names in another language than English.
//!
//! Columns that are not understood are passed over, so an export whose column names are translated
//! would lose `Managed by` and `Device state`, which decide, without a word.

/// Pieces of the words for device, managed, owner, state and operating system in the portal's
/// languages that are written in Latin letters, as far as they need no accent. (With one they are
/// recognised by it.)
const WORDS: [&str; 42] = [
    // German
    "geraet",
    "besitz",
    "verwalt",
    "betriebssystem",
    "zustand",
    // French
    "appareil",
    "gere par",
    "propriet",
    "systeme",
    "exploitation",
    // Spanish, Portuguese and Italian
    "dispositiv",
    "administrado",
    "gestionado",
    "propied",
    "operativo",
    "estado",
    "gerenciado",
    "gerido",
    "operacional",
    "gestito",
    "stato",
    "sistema",
    // Dutch
    "apparaat",
    "beheer",
    "eigendom",
    "besturingssysteem",
    // Swedish, Danish and Norwegian
    "enhet",
    "enhed",
    "hanteras",
    "administreres",
    "eierskap",
    "ejerskab",
    "operativsystem",
    "tilstand",
    // Polish, Czech, Hungarian and Turkish
    "urzadzeni",
    "zarzadz",
    "wlasno",
    "system operacyjny",
    "zarizeni",
    "eszkoz",
    "cihaz",
    "yoneten",
];

/// Returns true if a column name is in another language, as far as its letters show.
pub(crate) fn looks_translated(name: &str) -> bool {
    let foreign_letter = name.chars().any(|letter| letter.is_alphabetic() && !letter.is_ascii());
    let lower = name.to_lowercase();
    foreign_letter || WORDS.iter().any(|word| lower.contains(word))
}

/// The names of `Managed by` in other languages of the portal.
const MANAGED_BY: [&str; 14] = [
    "verwaltet",
    "beheerd",
    "gere par",
    "géré par",
    "administrado por",
    "gestionado por",
    "gerenciado por",
    "gerido por",
    "gestito da",
    "hanteras av",
    "administreres af",
    "zarządzane",
    "управл",
    "管理元",
];

/// Returns true if a column name is `Managed by` in another language.
pub(crate) fn is_managed_by(name: &str) -> bool {
    let lower = name.to_lowercase();
    MANAGED_BY.iter().any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_other_languages_are_seen_and_english_ones_are_not() {
        for name in [
            "管理者",
            "Gerätestatus",
            "Verwaltet von",
            "Propriété",
            "Estado del dispositivo",
            "Stato dispositivo",
            "Apparaatstatus",
            "Стан пристрою",
        ] {
            assert!(looks_translated(name), "{name}");
        }
        assert!(is_managed_by("Beheerd door") && !is_managed_by("Verwaltungseinheit"));
        for name in ["Managed by", "Device state", "Site", "Building", "Cost centre", "Status"] {
            assert!(!looks_translated(name), "{name}");
        }
    }
}
