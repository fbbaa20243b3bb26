//! Invented names.

/// The company's reserved domain.
pub(crate) const DOMAIN: &str = "quillmoor.example";

pub(crate) const FIRST_NAMES: &[&str] = &[
    "Ada", "Bram", "Chidi", "Dana", "Emil", "Farah", "Goran", "Hana", "Ivo", "Jana", "Kofi",
    "Lena", "Mateo", "Nadia", "Oskar", "Priya", "Quinn", "Rosa", "Samir", "Tove", "Umar", "Vera",
    "Wanda", "Xenia", "Yusuf", "Zoë",
];

pub(crate) const LAST_NAMES: &[&str] = &[
    "Abara",
    "Bergqvist",
    "Castellan",
    "Dimmock",
    "Ekström",
    "Fennwick",
    "Garrowby",
    "Holloran",
    "Ibarra",
    "Janssen",
    "Kowalczyk",
    "Lindqvist",
    "Marchetti",
    "Nakata",
    "Oduya",
    "Pettigrew",
    "Quarles",
    "Rasmussen",
    "Sandoval",
    "Thackeray",
    "Urbina",
    "Vantongeren",
    "Whitlock",
    "Yardley",
    "Zielinski",
];

/// Names of shared devices; a CSV must quote some.
pub(crate) const PLACES: &[&str] = &[
    "Reception, ground floor",
    "Reception, annex",
    "Warehouse 2, dock 5",
    "The \"Loft\" meeting room",
    "Scanner\nbay 4",
    "Canteen",
];

pub(crate) const CATEGORIES: &[&str] = &["", "", "", "Office", "Field", "Warehouse, day shift"];
