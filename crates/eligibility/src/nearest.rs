//! The guess behind "did you mean".

/// The candidate that was most likely meant by `given`, if any is near enough to be a slip.
///
/// Near enough: at most a third of the letters differ, or one is the beginning of the other.
///
/// ```
/// use eligibility::nearest::nearest;
///
/// assert_eq!(nearest("andriod", ["android", "ios"]), Some("android"));
/// assert_eq!(nearest("toaster", ["android", "ios"]), None);
/// ```
pub fn nearest<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let given = given.to_lowercase();
    let close = |candidate: &str| {
        let distance = strsim::damerau_levenshtein(&given, &candidate.to_lowercase());
        let allowed = given.chars().count().max(candidate.chars().count()).div_ceil(3);
        let prefix =
            given.len() >= 3 && (candidate.starts_with(&given) || given.starts_with(candidate));
        (distance <= allowed || prefix).then_some(distance)
    };
    candidates
        .into_iter()
        .filter_map(|candidate| Some((close(candidate)?, candidate)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
