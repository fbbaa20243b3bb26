//! The paging information of an answer of Graph, apart from its devices.
//!
//! Sources: <https://learn.microsoft.com/en-us/graph/paging>; that an answer may lack devices
//! without naming a next page,
//! <https://learn.microsoft.com/en-us/answers/questions/484466/the-manageddevices-graph-api-call-does-not-include>;
//! the filters that give every device,
//! <https://learn.microsoft.com/en-us/answers/questions/934936/microsoft-graph-filtering-managed-devices-by-wifim>
//! and <https://github.com/microsoftgraph/microsoft-graph-docs-contrib/issues/2416>.

use super::object::{Value, properties};

/// The properties by which Graph is known not to filter: the answer holds every device.
const NOT_FILTERED_BY: [&str; 3] = ["wiFiMacAddress", "ethernetMacAddress", "skuFamily"];

/// The names of the link to the next page: that of `OData` 4, that of version 3
/// (<https://www.odata.org/documentation/odata-version-3-0/json-verbose-format/>), and that of Azure's
/// own interfaces (<https://github.com/microsoft/api-guidelines/blob/vNext/azure/Guidelines.md>) and of Google's
/// (<https://google.aip.dev/158>).
const NEXT: [&str; 4] = ["@odata.nextLink", "odata.nextLink", "nextLink", "nextPageToken"];

/// The names of what says that there is a next page, and not which.
const MORE: [&str; 3] = ["hasMore", "has_more", "hasNextPage"];

/// The names of the number of devices of the whole answer, likewise.
const COUNT: [&str; 4] = ["@odata.count", "odata.count", "totalCount", "totalRecords"];

/// Returns true if a property of a page says that there is a next one.
fn is_next(name: &str, value: &Value<'_>) -> bool {
    match value {
        Value::Text(link) => NEXT.contains(&name) && !link.is_empty(),
        Value::Truth(more) => MORE.contains(&name) && *more,
        _ => false,
    }
}

/// Returns true if the text behind a list of devices says that there is a next page; `tail` begins
/// behind the list, or behind the object that holds it.
pub(super) fn says_more(tail: &[u8]) -> bool {
    let mut more = false;
    let whole = [b"{\"value\":null", tail].concat();
    properties(&whole, |name, value| more |= is_next(name, &value));
    more
}

/// Returns a page that names a next one.
pub(super) fn unfinished() -> PagePart {
    PagePart::Whole(WholePages { follow: false, pages: Pages { more: true, ..Pages::default() } })
}

/// The paging information of a file; empty in a file without pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pages {
    /// True if the last page names a next one, so that the file does not hold all devices.
    pub more: bool,
    /// The largest number that a page gives for the devices of the answer. Where Graph counts only
    /// those of the page, as Intune mostly does, it is never more than [`devices`](Self::devices).
    pub counted: Option<u64>,
    /// The number of devices that the pages hold.
    pub devices: u64,
    /// A property by which the answer was to be filtered, and which Graph ignores. Only a page that
    /// names a next one shows its filter.
    pub ignored_filter: Option<&'static str>,
}

/// A part of a page beside its devices. The pages of a `batch` do not follow each other, so each
/// may lack a next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PagePart {
    /// The text before the devices, up to the bracket that opens them.
    Head { text: Vec<u8>, batch: bool },
    /// The text behind the bracket that closes them.
    Tail { text: Vec<u8>, batch: bool },
    /// The paging information of whole pages that follow each other.
    Whole(WholePages),
}

/// The paging information of whole pages that follow each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WholePages {
    /// True if a page before them that names a next one has it here.
    follow: bool,
    pages: Pages,
}

impl WholePages {
    /// Reads a page, from its parts.
    fn of(mut head: Vec<u8>, tail: &[u8], batch: bool) -> Self {
        head.extend_from_slice(b"null");
        head.extend_from_slice(tail);
        let mut pages = Pages::default();
        pages.read(&head, batch);
        Self { follow: !batch, pages }
    }
}

/// Adds a part to those before it. Whole pages are put together, so that a file of millions of pages
/// without devices needs no memory for each.
pub(super) fn push(parts: &mut Vec<PagePart>, part: PagePart) {
    let part = match part {
        PagePart::Tail { text, batch } => match parts.pop() {
            Some(PagePart::Head { text: head, .. }) => {
                PagePart::Whole(WholePages::of(head, &text, batch))
            }
            before => {
                parts.extend(before);
                PagePart::Tail { text, batch }
            }
        },
        part => part,
    };
    match (part, parts.last_mut()) {
        (PagePart::Whole(page), Some(PagePart::Whole(before))) => {
            before.follow |= page.follow;
            before.pages.add(&page);
        }
        (part, _) => parts.push(part),
    }
}

/// Puts the parts of pages together.
#[derive(Debug, Default)]
pub(crate) struct PageParts {
    /// The page that is being read, with `null` for its devices.
    page: Vec<u8>,
    pages: Pages,
}

impl PageParts {
    /// Adds the next parts, and the number of devices in pages that were read with them.
    pub(crate) fn add(&mut self, parts: impl IntoIterator<Item = PagePart>, devices: u64) {
        self.pages.devices += devices;
        for part in parts {
            match part {
                PagePart::Head { text, batch } => {
                    self.page = text;
                    self.page.extend_from_slice(b"null}");
                    self.pages.read(&self.page, batch);
                    self.page.pop();
                }
                PagePart::Tail { text, batch } => {
                    self.page.extend_from_slice(&text);
                    self.pages.read(&self.page, batch);
                }
                PagePart::Whole(whole) => self.pages.add(&whole),
            }
        }
    }

    /// Returns the paging information.
    pub(crate) fn pages(&self) -> &Pages {
        &self.pages
    }

    /// Returns the paging information, when all parts were added.
    pub(crate) fn into_pages(self) -> Pages {
        self.pages
    }
}

impl Pages {
    /// Adds what the pages say that follow these.
    fn add(&mut self, next: &WholePages) {
        self.more = next.pages.more || self.more && !next.follow;
        self.counted = self.counted.max(next.pages.counted);
        self.ignored_filter = self.ignored_filter.or(next.pages.ignored_filter);
    }

    /// Reads the properties of a page; those behind the devices may still be missing.
    fn read(&mut self, page: &[u8], batch: bool) {
        self.more &= batch;
        properties(page, |name, value| match (name, value) {
            (name, value) if is_next(name, &value) => {
                self.more = true;
                if let Value::Text(link) = value {
                    self.ignored_filter = self.ignored_filter.or(ignored_filter(&link));
                }
            }
            (name, Value::Number(number)) if COUNT.contains(&name) => {
                self.counted = self.counted.max(number.as_u64());
            }
            _ => {}
        });
    }
}

/// A part of the addresses of the Intune Data Warehouse, whose `devices` are those of Intune:
/// <https://learn.microsoft.com/en-us/intune/developer/reports-nav-intune-data-warehouse>.
const WAREHOUSE: &str = "/DataWarehouseFEService/";

/// Returns Graph's name for the objects of a page, if they are no managed devices; `head` is the
/// page up to its list, or a single object. Graph names the collection in `@odata.context` and the
/// type of an object in `@odata.type`, see
/// <https://learn.microsoft.com/en-us/odata/concepts/context-url>.
pub(super) fn other_collection(head: &[u8]) -> Option<String> {
    let mut found = None;
    let mut note = |name: &str, value: Value<'_>| {
        if let ("@odata.context" | "@odata.type", Value::Text(text)) = (name, value)
            && let Some((_, fragment)) = text.split_once('#')
        {
            let named = collection(fragment);
            let lower = named.to_ascii_lowercase();
            let managed = lower.trim_end_matches('s').ends_with("manageddevice");
            let warehouse = named == "devices" && text.contains(WAREHOUSE);
            found = found.take().or_else(|| (!managed && !warehouse).then(|| named.to_owned()));
        }
    };
    if !properties(head, &mut note) {
        let mut whole = head.to_vec();
        whole.extend_from_slice(b"null}");
        properties(&whole, note);
    }
    found
}

/// Returns the last name of a context: `managedDevices` of `users('1')/managedDevices(id,osVersion)`.
fn collection(fragment: &str) -> &str {
    let path = fragment.strip_suffix("/$entity").unwrap_or(fragment);
    let path = path.strip_prefix("Collection(").unwrap_or(path);
    let (mut depth, mut begin, mut end) = (0_u32, 0, path.len());
    for (at, letter) in path.char_indices() {
        match letter {
            '(' => {
                end = if depth == 0 { at } else { end };
                depth += 1;
            }
            ')' => {
                end = if depth == 0 { at.min(end) } else { end };
                depth = depth.saturating_sub(1);
            }
            '/' if depth == 0 => (begin, end) = (at + 1, path.len()),
            _ => {}
        }
    }
    let name = &path[begin..end];
    name.rsplit('.').next().unwrap_or(name)
}

/// Returns the property in the filter of a link that Graph ignores.
fn ignored_filter(link: &str) -> Option<&'static str> {
    let (_, query) = link.split_once('?')?;
    let parameters = query.split('&').filter_map(|parameter| parameter.split_once('='));
    let mut filters = parameters.filter(|(name, _)| matches!(*name, "$filter" | "%24filter"));
    filters.find_map(|(_, filter)| {
        let filter = decoded(filter);
        // Texts are in quotes, and every other piece is outside of them.
        let mut names = filter
            .split('\'')
            .step_by(2)
            .flat_map(|piece| piece.split(|letter: char| !letter.is_ascii_alphanumeric()));
        names.find_map(|name| NOT_FILTERED_BY.into_iter().find(|known| *known == name))
    })
}

/// Returns a piece of a link without its escapes.
fn decoded(text: &str) -> String {
    let mut pieces = text.split('%');
    let mut bytes = pieces.next().unwrap_or_default().replace('+', " ").into_bytes();
    for piece in pieces {
        let code = piece.get(..2).and_then(|code| u8::from_str_radix(code, 16).ok());
        let rest = if code.is_some() { &piece[2..] } else { piece };
        bytes.push(code.unwrap_or(b'%'));
        bytes.extend(rest.replace('+', " ").into_bytes());
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a page with a link, or without one.
    fn page(link: &str, batch: bool) -> [PagePart; 2] {
        let head = format!("{{\"@odata.nextLink\":\"{link}\",\"value\":").into_bytes();
        [PagePart::Head { text: head, batch }, PagePart::Tail { text: b"}".to_vec(), batch }]
    }

    #[test]
    fn whole_pages_that_are_put_together_say_what_they_say_one_by_one() {
        let links = ["", "x", "x?$filter=wiFiMacAddress eq '0a'"];
        let choices = links.iter().flat_map(|link| [true, false].map(|batch| (*link, batch)));
        let choices: Vec<_> = choices.collect();
        for number in 0..choices.len().pow(3) {
            let digits = [number % 6, number / 6 % 6, number / 36];
            let all = digits.map(|digit| page(choices[digit].0, choices[digit].1));
            let mut apart = PageParts::default();
            apart.add(all.iter().flatten().cloned(), 3);
            for cut in 0..6 {
                let (mut first, mut rest) = (Vec::new(), Vec::new());
                for (index, part) in all.iter().flatten().enumerate() {
                    push(if index < cut { &mut first } else { &mut rest }, part.clone());
                }
                assert!(first.len() <= 2 && rest.len() <= 2, "{first:?} {rest:?}");
                let mut together = PageParts::default();
                together.add(first, 1);
                together.add(rest, 2);
                assert_eq!(together.pages(), apart.pages(), "{number} {cut}");
            }
        }
    }

    #[test]
    fn contexts_name_the_collection_of_a_page() {
        for context in [
            "deviceManagement/managedDevices",
            "deviceManagement/managedDevices(id,osVersion,users(id,mail))",
            "deviceManagement/managedDevices/$entity",
            "deviceManagement/comanagedDevices",
            "users('a%40b.c')/managedDevices",
            "deviceManagement/detectedApps('1/2')/managedDevices",
            "Collection(microsoft.graph.managedDevice)",
            "microsoft.graph.windowsManagedDevice",
        ] {
            let page = format!("{{\"@odata.context\":\"https://x/$metadata#{context}\",\"value\":");
            assert_eq!(other_collection(page.as_bytes()), None, "{context}");
        }
        let warehouse = "{\"@odata.context\":\"https://fef.x/ReportingService/DataWarehouseFEService/\
            $metadata#devices\",\"value\":";
        assert_eq!(other_collection(warehouse.as_bytes()), None);
        for (context, name) in [
            ("devices(id,displayName)", "devices"),
            ("directoryObjects", "directoryObjects"),
            (
                "deviceManagement/managedDevices('1')/deviceCompliancePolicyStates",
                "deviceCompliancePolicyStates",
            ),
            ("Collection(microsoft.graph.device)", "device"),
        ] {
            let object = format!("{{\"@odata.context\":\"https://x/$metadata#{context}\"}}");
            assert_eq!(other_collection(object.as_bytes()).as_deref(), Some(name));
        }
        let object = b"{\"@odata.type\":\"#microsoft.graph.device\",\"id\":\"1\"}";
        assert_eq!(other_collection(object).as_deref(), Some("device"));
        assert_eq!(other_collection(b"{\"@odata.context\":\"x\",\"id\":1}"), None);
    }

    #[test]
    fn filters_that_are_ignored_are_seen_in_links_as_they_are_written() {
        let link =
            |query: &str| ignored_filter(&format!("https://graph.microsoft.com/v1.0/x?{query}"));
        let plain = link("$filter=wiFiMacAddress eq '0a'&$skiptoken=1");
        let escaped = link("$top=5&%24filter=contains(skuFamily%2C%20%27Pro%27)");
        let behind = link("$filter=isEncrypted%20eq%20true%20and%20ethernetMacAddress%20eq%20'1'");
        assert_eq!(
            [plain, escaped, behind],
            [Some("wiFiMacAddress"), Some("skuFamily"), Some("ethernetMacAddress")]
        );
        assert_eq!(link("$filter=serialNumber eq 'skuFamily'&$orderby=skuFamily"), None);
        assert_eq!(link("$filter=100%+of%zzwiFiMacAddress"), None);
        assert_eq!(ignored_filter("x"), None);
    }

    #[test]
    fn whole_pages_that_are_put_together_say_what_they_say_apart() {
        let counts =
            [("", None), ("\"@odata.count\":2,", Some(2)), ("\"@odata.count\":3,", Some(3))];
        let links = [("", false), (",\"@odata.nextLink\":\"x\"", true)];
        for ((one, first), (two, second)) in
            counts.iter().flat_map(|one| counts.map(|two| (one, two)))
        {
            for ((early, before), (late, after)) in
                links.iter().flat_map(|one| links.map(|two| (one, two)))
            {
                for batch in [false, true] {
                    let mut parts = Vec::new();
                    for (head, tail) in [(*one, *early), (two, late)] {
                        let text = format!("{{{head}\"value\":").into_bytes();
                        push(&mut parts, PagePart::Head { text, batch });
                        push(
                            &mut parts,
                            PagePart::Tail { text: format!("{tail}}}").into_bytes(), batch },
                        );
                    }
                    assert_eq!(parts.len(), 1, "they are put together");
                    let mut pages = PageParts::default();
                    pages.add(parts, 5);
                    let pages = pages.into_pages();
                    assert_eq!((pages.counted, pages.devices), ((*first).max(second), 5));
                    // Of a batch each may lack a next one, of others the last counts.
                    assert_eq!(pages.more, after || batch && *before, "{early} {late} {batch}");
                }
            }
        }
    }
}
