//! The kinds of devices of the invented fleet, and the share of each.

/// Devices of one kind.
pub(crate) struct Kind {
    /// The share of the fleet, in thousandths.
    pub(crate) weight: u32,
    /// The text of the column `OS`.
    pub(crate) os: &'static str,
    /// The family, for the values that depend on nothing finer.
    pub(crate) family: Family,
    /// The text of the column `Managed by`.
    pub(crate) agent: &'static str,
    /// The percentage that belongs to the company.
    pub(crate) corporate: u32,
    /// OS versions and their weights.
    pub(crate) versions: &'static [(&'static str, u32)],
    /// Manufacturers and models.
    pub(crate) models: &'static [(&'static str, &'static str)],
}

/// A family of devices.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    Apple,
    Android,
    Mac,
    Pc,
    Other,
}

/// Android versions of devices whose owners choose them: every minor version that rules name.
const ANY_ANDROID: &[(&str, u32)] = &[
    ("5.1", 1),
    ("6.0", 2),
    ("6.0.1", 3),
    ("7.0", 4),
    ("7.1.1", 3),
    ("7.1.2", 1),
    ("8.0", 3),
    ("8.0.0", 3),
    ("8.1.0", 4),
    ("9", 7),
    ("10", 9),
    ("11", 11),
    ("12", 12),
    ("13", 14),
    ("14", 16),
    ("15", 17),
    ("16", 12),
    ("", 1),
];

/// Android versions of device administrators, mostly of the years before work profiles.
const OLD_ANDROID: &[(&str, u32)] = &[
    ("5.1", 3),
    ("6.0", 5),
    ("6.0.1", 9),
    ("7.0", 9),
    ("7.1.1", 6),
    ("8.0.0", 6),
    ("8.1.0", 6),
    ("9", 10),
    ("10", 8),
];

/// Android versions of the enrolments that the company chooses.
const COMPANY_ANDROID: &[(&str, u32)] = &[
    ("8.1.0", 2),
    ("9", 4),
    ("10", 8),
    ("11", 14),
    ("12", 14),
    ("13", 18),
    ("14", 18),
    ("15", 16),
    ("16", 10),
];

const PHONES: &[(&str, &str)] = &[
    ("samsung", "SM-A566B"),
    ("samsung", "SM-G973F"),
    ("Google", "Pixel 9a"),
    ("motorola", "moto g75 5G"),
    ("HMD Global", "Nokia 8.3 5G"),
    ("Xiaomi", "Redmi Note 14 Pro 5G"),
];

const RUGGED: &[(&str, &str)] = &[
    ("Zebra Technologies", "TC57"),
    ("Honeywell", "CT45"),
    ("samsung", "SM-T575"),
    ("Google", "Pixel Tablet"),
];

const PCS: &[(&str, &str)] = &[
    ("Dell Inc.", "Latitude 3550"),
    ("HP", "EliteBook 840 G11"),
    ("LENOVO", "ThinkPad T14 Gen 5"),
    ("Microsoft Corporation", "Surface Pro 11"),
];

pub(crate) const KINDS: &[Kind] = &[
    Kind {
        weight: 240,
        os: "iOS/iPadOS",
        family: Family::Apple,
        agent: "Intune",
        corporate: 70,
        versions: &[
            ("12.5.7", 1),
            ("15.8.3", 3),
            ("16.7.11", 5),
            ("17.7.2", 9),
            ("18.6.2", 25),
            ("26.0.1", 15),
            ("26.6.1", 40),
            ("", 1),
        ],
        models: &[
            ("Apple", "iPhone 8"),
            ("Apple", "iPhone SE (3rd generation)"),
            ("Apple", "iPhone 13"),
            ("Apple", "iPhone 16e"),
        ],
    },
    Kind {
        weight: 110,
        os: "iOS/iPadOS",
        family: Family::Apple,
        agent: "Intune",
        corporate: 85,
        versions: &[("12.5.7", 2), ("13.1", 1), ("16.7.11", 8), ("18.6.2", 30), ("26.6.1", 40)],
        models: &[
            ("Apple", "iPad Air 2"),
            ("Apple", "iPad (10th generation)"),
            ("Apple", "iPad Pro 11-inch (M4)"),
        ],
    },
    Kind {
        weight: 170,
        os: "Android (Personally-Owned Work Profile)",
        family: Family::Android,
        agent: "Intune",
        corporate: 0,
        versions: ANY_ANDROID,
        models: PHONES,
    },
    Kind {
        weight: 60,
        os: "Android (Device Administrator)",
        family: Family::Android,
        agent: "Intune",
        corporate: 40,
        versions: OLD_ANDROID,
        models: PHONES,
    },
    Kind {
        weight: 55,
        os: "Android (Corporate-Owned Work Profile)",
        family: Family::Android,
        agent: "Intune",
        corporate: 100,
        versions: COMPANY_ANDROID,
        models: PHONES,
    },
    Kind {
        weight: 50,
        os: "Android (Fully Managed)",
        family: Family::Android,
        agent: "Intune",
        corporate: 100,
        versions: COMPANY_ANDROID,
        models: PHONES,
    },
    Kind {
        weight: 50,
        os: "Android (Dedicated)",
        family: Family::Android,
        agent: "Intune",
        corporate: 100,
        versions: COMPANY_ANDROID,
        models: RUGGED,
    },
    Kind {
        weight: 8,
        os: "AOSP (User-based)",
        family: Family::Android,
        agent: "Intune",
        corporate: 100,
        versions: &[("10", 1), ("12", 1)],
        models: RUGGED,
    },
    Kind {
        weight: 5,
        os: "Android (AOSP)",
        family: Family::Android,
        agent: "Intune",
        corporate: 100,
        versions: &[("10", 1), ("12", 1)],
        models: RUGGED,
    },
    Kind {
        weight: 3,
        os: "Android (fully managed/dedicated/corporate-owned work profile)",
        family: Family::Android,
        agent: "Intune",
        corporate: 100,
        versions: COMPANY_ANDROID,
        models: PHONES,
    },
    Kind {
        weight: 10,
        os: "Android",
        family: Family::Android,
        agent: "EAS",
        corporate: 0,
        versions: ANY_ANDROID,
        models: PHONES,
    },
    Kind {
        weight: 50,
        os: "macOS",
        family: Family::Mac,
        agent: "Intune",
        corporate: 95,
        versions: &[("13.7.8 (22H730)", 1), ("15.6.1 (24G90)", 3), ("26.6.1 (25G80)", 5)],
        models: &[("Apple", "MacBook Air 13-inch (M3)"), ("Apple", "Mac mini (2023)")],
    },
    Kind {
        weight: 160,
        os: "Windows",
        family: Family::Pc,
        agent: "Intune",
        corporate: 97,
        versions: &[
            ("10.0.19045.6216", 2),
            ("10.0.22631.7517", 3),
            ("10.0.26100.9106", 6),
            ("10.0.26200.9106", 5),
        ],
        models: PCS,
    },
    Kind {
        weight: 6,
        os: "Windows",
        family: Family::Pc,
        agent: "ConfigMgr",
        corporate: 100,
        versions: &[("10.0.19045.6216", 1), ("10.0.14393.8422", 1)],
        models: PCS,
    },
    Kind {
        weight: 10,
        os: "Linux",
        family: Family::Other,
        agent: "Intune",
        corporate: 80,
        versions: &[("Ubuntu 22.04 LTS", 1), ("Ubuntu 24.04 LTS", 2)],
        models: PCS,
    },
    Kind {
        weight: 4,
        os: "Windows 10 Mobile",
        family: Family::Other,
        agent: "Intune",
        corporate: 50,
        versions: &[("10.0.15254.603", 1)],
        models: &[("Microsoft Corporation", "Lumia 950")],
    },
    Kind {
        weight: 2,
        os: "Windows Holographic",
        family: Family::Other,
        agent: "Intune",
        corporate: 100,
        versions: &[("10.0.22621.1399", 1)],
        models: &[("Microsoft Corporation", "HoloLens 2")],
    },
    Kind {
        weight: 4,
        os: "ChromeOS",
        family: Family::Other,
        agent: "Intune",
        corporate: 100,
        versions: &[("139.0.7258.172", 1)],
        models: &[("HP", "Chromebook 14")],
    },
    Kind {
        weight: 2,
        os: "tvOS",
        family: Family::Other,
        agent: "Intune",
        corporate: 100,
        versions: &[("18.6", 1), ("26.0", 1)],
        models: &[("Apple", "Apple TV 4K (3rd generation)")],
    },
    Kind {
        weight: 1,
        os: "visionOS",
        family: Family::Other,
        agent: "Intune",
        corporate: 100,
        versions: &[("1.0.3", 1), ("2.6", 1)],
        models: &[("Apple", "Apple Vision Pro")],
    },
];
