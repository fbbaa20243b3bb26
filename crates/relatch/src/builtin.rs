//! The policies that are part of the program: the files of `policies/`, embedded.

/// One embedded file.
pub(crate) struct Builtin {
    /// The id of the policy in it.
    pub(crate) id: &'static str,
    /// Its text.
    pub(crate) text: &'static str,
}

macro_rules! intune {
    ($($date:literal),+ $(,)?) => {
        /// All embedded policies, by date.
        pub(crate) const BUILTIN: &[Builtin] = &[ $( Builtin {
            id: concat!("intune-", $date),
            text: include_str!(concat!("../../../policies/intune/", $date, ".toml")),
        } ),+ ];
    };
}

intune![
    "2016-11-08",
    "2016-11-23",
    "2017-03-06",
    "2017-04-14",
    "2017-08-09",
    "2018-03-15",
    "2018-03-29",
    "2018-06-25",
    "2018-07-03",
    "2018-07-13",
    "2018-09-18",
    "2019-06-25",
    "2019-09-03",
    "2019-09-05",
    "2020-01-06",
    "2020-02-14",
    "2020-04-14",
    "2020-11-13",
    "2022-08-13",
    "2025-02-28",
    "2025-09-22",
    "2025-10-27",
    "2026-04-21",
];

/// The versions that were really released, as `policies/releases.toml` lists them.
pub(crate) const RELEASES: &str = include_str!("../../../policies/releases.toml");

/// The disagreements on record between these policies and simulated devices.
pub(crate) const DISAGREEMENTS: &str = include_str!("../../../policies/disagreements.toml");

/// The page that relatch implements.
pub(crate) const DEFAULT: &str = "intune-2018-03-29";

#[cfg(test)]
mod tests {
    use super::*;
    use eligibility::policy::PolicyDocument;

    #[test]
    fn every_file_of_the_folder_is_embedded_under_its_own_id_and_in_order() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies/intune");
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".toml"))
            .map(|name| format!("intune-{}", name.trim_end_matches(".toml")))
            .collect();
        names.sort();
        let embedded: Vec<_> = BUILTIN.iter().map(|one| one.id.to_owned()).collect();
        assert_eq!(embedded, names);
        for one in BUILTIN {
            let (document, warnings) = PolicyDocument::parse(one.text).unwrap();
            assert_eq!(document.id, one.id);
            assert_eq!(format!("intune-{}", document.documented), one.id);
            assert_eq!(warnings, []);
        }
    }
}
