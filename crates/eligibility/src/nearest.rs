//! The guess behind "did you mean".

/// Returns the candidate that was most likely meant by `given`, if any is near enough to be a slip.
///
/// Near enough: at most a third of the letters differ, or most of `given` is how the candidate
/// begins.
///
/// ```
/// use eligibility::nearest::nearest;
///
/// assert_eq!(nearest("andriod", ["android", "ios"]), Some("android"));
/// assert_eq!(nearest("resett", ["remove-passcode", "reset-passcode"]), Some("reset-passcode"));
/// assert_eq!(nearest("toaster", ["android", "ios"]), None);
/// ```
pub fn nearest<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let given = given.to_lowercase();
    let close = |candidate: &str| {
        let distance = strsim::damerau_levenshtein(&given, &candidate.to_lowercase());
        let allowed = given.chars().count().max(candidate.chars().count()).div_ceil(3);
        let shared = given.bytes().zip(candidate.bytes()).take_while(|(a, b)| a == b).count();
        let prefix = shared >= 3 && shared * 4 >= given.len() * 3;
        (distance <= allowed || prefix).then_some(distance)
    };
    candidates
        .into_iter()
        .filter_map(|candidate| Some((close(candidate)?, candidate)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
