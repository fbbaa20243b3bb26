//! Properties of the documents and messages beside policies and inventories.

use device_sim::apple::wire::{
    Activation, CheckIn, Declaration, Manifest, Message, Order, Report, StatusReport, SyncTokens,
};
use device_sim::forecast::Assumptions;
use device_sim::scenario::Joined;
use eligibility::costs::Costs;
use eligibility::diagnostic::InvalidDocument;
use eligibility::document::parse_document;
use eligibility::policy::Conjunction;

/// Costs, assumptions, and conditions of `--where` are read, or refused with a list of problems; so is
/// a scenario with the set-up that it shares, which here is the second half of the text.
///
/// # Panics
///
/// If reading panics, or if there is neither a document nor a problem.
pub fn settings_are_read_or_refused(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    has_reason(Costs::parse(text).map(drop));
    has_reason(Assumptions::read(text).map(drop));
    let conditions = format!("where = {{ {text} }}");
    has_reason(
        parse_document(&conditions, "condition", |mut top, problems| {
            let conditions = Conjunction::take(&mut top, "where", problems);
            top.finish(problems);
            conditions
        })
        .map(drop),
    );
    let half = (0..=text.len() / 2).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let (scenario, setup) = text.split_at(half);
    let joined = Joined::new(scenario, setup);
    if let Err(problems) = joined.read() {
        has_reason(Err(problems.clone()));
        for problem in problems.problems() {
            let (is_shared, span) = joined.place(problem.primary.span.clone());
            let file = if is_shared { setup } else { scenario };
            assert!(span.end <= file.len() + 1, "{problem} is at {span:?} of {} bytes", file.len());
        }
    }
}

fn has_reason(read: Result<(), InvalidDocument>) {
    if let Err(problems) = read {
        assert!(!problems.problems().is_empty(), "it is refused without a reason");
    }
}

/// A message of a device or a server is refused, or reads the same when it is written again.
///
/// # Panics
///
/// If reading panics, or if something is lost.
pub fn message_is_read_back(bytes: &[u8]) {
    reads_back::<CheckIn>(bytes);
    reads_back::<Order>(bytes);
    reads_back::<Report>(bytes);
    let Ok(text) = str::from_utf8(bytes) else { return };
    macro_rules! json_reads_back {
        ($($message:ident),*) => {$(
            if let Ok(message) = $message::from_json(text) {
                assert_eq!($message::from_json(&message.to_json()), Ok(message));
            }
        )*};
    }
    json_reads_back!(Activation, Declaration, Manifest, StatusReport, SyncTokens);
}

fn reads_back<M: Message + PartialEq + std::fmt::Debug>(bytes: &[u8]) {
    if let Ok(message) = M::from_bytes(bytes) {
        assert_eq!(M::from_bytes(&message.to_xml()).as_ref(), Ok(&message));
    }
}
