//! From one JSON object to the cells of a device.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::{NESTED, failure};
use crate::columns::facts::{Place, property};
use crate::columns::{ALL_CELLS, OBJECT_CELLS, Purpose, object_twin};
use crate::error::shortened;
use crate::reader::records::Record;
use crate::reader::western::decoded;
use crate::row::Problem;
use crate::source::intune::header::Column;
use crate::spelling::name_key;

/// The number of different names of properties that are remembered; Graph has about 70.
const NAMES: usize = 1 << 10;

/// The property of what an answer about changes no longer has, see
/// <https://learn.microsoft.com/en-us/graph/delta-query-overview>.
pub(crate) const REMOVED: &str = "@removed";

/// The known names of properties.
#[derive(Default)]
pub(super) struct Properties {
    purpose: Purpose,
    facts: bool,
    places: HashMap<Box<str>, (Option<Place>, Option<usize>)>,
    /// The names of the properties that are carried along, and whether a device had them.
    carried: Vec<(String, bool)>,
    /// The positions of those whose names are the same but for case, and their number by that name.
    same: Vec<Vec<usize>>,
    same_names: HashMap<Vec<u8>, usize>,
    cells: Vec<Cell>,
    /// True if the last device was in Windows-1252.
    windows_1252: bool,
}

/// A cell of the device that is being read.
#[derive(Clone, Default)]
struct Cell {
    name: String,
    /// The place of the name among those of the column.
    rank: usize,
    text: String,
    filled: bool,
    nested: bool,
}

impl Properties {
    /// Returns what is known at first; `facts` says whether properties are read that are named
    /// after facts. Otherwise a device that has one is refused, so that nothing of it is lost
    /// without a word.
    pub(super) fn new(purpose: Purpose, facts: bool) -> Self {
        Self { purpose, facts, ..Self::default() }
    }

    /// Carries properties along.
    pub(super) fn carry(&mut self, names: &[String]) {
        self.carried = names.iter().map(|name| (name.clone(), false)).collect();
        self.same = Vec::new();
        self.same_names = HashMap::new();
        for (index, name) in names.iter().enumerate() {
            let number = *self.same_names.entry(name_key(name)).or_insert(self.same.len());
            self.same.resize_with(self.same.len().max(number + 1), Vec::new);
            self.same[number].push(index);
        }
        self.places.clear();
    }

    /// Returns for each property that is carried along whether a device had it.
    pub(super) fn has_carried(&self) -> Vec<bool> {
        self.carried.iter().map(|(_, has)| *has).collect()
    }

    /// Reads an object into the cells that a layout of objects has, with the properties that are
    /// carried along behind them.
    pub(super) fn read(&mut self, object: &[u8], record: &mut Record) -> Result<(), Problem> {
        self.cells.resize(ALL_CELLS + self.carried.len(), Cell::default());
        for cell in &mut self.cells {
            cell.text.clear();
            (cell.filled, cell.nested) = (false, false);
        }
        let text = decoded(object);
        self.windows_1252 = matches!(text, Cow::Owned(_));
        let (mut twice, mut late, mut removed, mut answer) = (None, None, false, false);
        let visitor = Object(|name: &str, value: Value<'_>| {
            removed |= name == REMOVED;
            answer |= name == "status" && matches!(value, Value::Number(_));
            let (place, same) = self.place_of(name);
            if let Some(same) = same {
                self.fill_carried(same, name, &value);
            }
            match place {
                Some(Place::Fact(_)) if !self.facts => late = Some(shortened(name.as_bytes())),
                Some(place) if !self.fill(place, name, &value) => {
                    twice = Some(shortened(name.as_bytes()));
                }
                _ => {}
            }
        });
        let text = paired(text);
        let mut deserializer = serde_json::Deserializer::from_str(&text);
        let read = deserializer.deserialize_map(visitor);
        read.map_err(|error| Problem::of_row(reason(&error), "an object in JSON"))?;
        if removed {
            return Err(Problem::of_row("a device that was removed".to_owned(), "a device"));
        }
        if let Some(name) = twice {
            return Err(Problem::of_row(format!("two properties `{name}`"), "one"));
        }
        if let Some(name) = late {
            let found = format!("`{name}`, which no device at the beginning of the file has");
            return Err(Problem::of_row(found, "it in the first device, too, perhaps as null"));
        }
        // An answer of a batch has an id, too, and a status beside it.
        let is_named = |position: usize| !answer || position != Column::DeviceId as usize;
        if !(0..ALL_CELLS).any(|position| self.cells[position].filled && is_named(position)) {
            let error = failure::of(object).map(|error| error.to_string());
            let found = error.unwrap_or_else(|| "no known property".to_owned());
            return Err(Problem::of_row(found, "a device"));
        }
        record.fill(self.cells.iter().map(|cell| cell.text.as_bytes()));
        Ok(())
    }

    /// Returns the positions of the cells of the last device that are arrays or objects.
    pub(super) fn nested(&self) -> impl Iterator<Item = usize> {
        let cells = self.cells.iter().take(ALL_CELLS).enumerate();
        cells.filter(|(_, cell)| cell.nested).map(|(position, _)| position)
    }

    /// Returns true if the last device was in Windows-1252.
    pub(super) fn is_windows_1252(&self) -> bool {
        self.windows_1252
    }

    /// Returns the name of a cell as the file spells it.
    pub(super) fn name(&self, position: usize) -> &str {
        self.cells.get(position).map_or("", |cell| &cell.name)
    }

    /// Returns where a property is read to, and the number of its name among those that are carried
    /// along.
    fn place_of(&mut self, name: &str) -> (Option<Place>, Option<usize>) {
        if let Some(known) = self.places.get(name) {
            return *known;
        }
        let same = if self.same.is_empty() { None } else { self.same_names.get(&name_key(name)) };
        let found = (property(self.purpose, name), same.copied());
        if self.places.len() < NAMES {
            self.places.insert(name.into(), found);
        }
        found
    }

    /// Puts a value into the cell of a column, or into that of its twin; `false` if the object
    /// has a property of that name already. Of several names for a column without a twin, the
    /// earliest of the table counts, as in a CSV.
    fn fill(&mut self, place: Place, name: &str, value: &Value<'_>) -> bool {
        let (own, twin, rank) = match place {
            Place::Column(column, rank) => (column as usize, object_twin(column), rank),
            Place::Fact(fact) => {
                let position = OBJECT_CELLS + fact as usize;
                let cell = &self.cells[position];
                let (free, same) = (!cell.filled, cell.name == name);
                if free {
                    self.put(position, 0, name, value);
                }
                return free || !same;
            }
        };
        let has = |position: usize| self.cells[position].filled;
        let named = |position: usize| has(position) && self.cells[position].name == name;
        if named(own) || twin.is_some_and(named) {
            return false;
        }
        let position = match (has(own), twin) {
            (false, _) => own,
            (true, Some(twin)) if !has(twin) => twin,
            (true, None) if rank < self.cells[own].rank => own,
            _ => return true,
        };
        self.put(position, rank, name, value);
        true
    }

    /// Puts a value into the cells of the properties of that name that are carried along; of several
    /// that are the same but for case, the very name counts, then the first.
    fn fill_carried(&mut self, same: usize, name: &str, value: &Value<'_>) {
        for at in 0..self.same[same].len() {
            let index = self.same[same][at];
            let (carried, has) = &mut self.carried[index];
            *has = true;
            let (position, rank) = (ALL_CELLS + index, usize::from(name != carried.as_str()));
            let cell = &self.cells[position];
            if !cell.filled || rank < cell.rank {
                self.put(position, rank, name, value);
                if matches!(value, Value::Nested) {
                    self.cells[position].text.push_str(NESTED);
                }
            }
        }
    }

    fn put(&mut self, position: usize, rank: usize, name: &str, value: &Value<'_>) {
        let cell = &mut self.cells[position];
        if cell.name != name {
            name.clone_into(&mut cell.name);
        }
        (cell.filled, cell.rank) = (true, rank);
        cell.nested = matches!(value, Value::Nested);
        cell.text.clear();
        value.write(&mut cell.text);
    }
}

/// Returns the names of an object's properties; `None` if it is none.
pub(super) fn names(object: &[u8]) -> Option<Vec<String>> {
    let mut names = Vec::new();
    properties(object, |name, _| names.push(name.to_owned())).then_some(names)
}

/// Returns what an object that is no device holds objects in: columns, each with the cells of all
/// devices, or properties that are devices. pandas writes the first unless told otherwise
/// (<https://pandas.pydata.org/docs/reference/api/pandas.DataFrame.to_json.html>).
pub(super) fn turned(purpose: Purpose, object: &[u8]) -> Option<&'static str> {
    let (mut known, mut nested, mut all) = (0, 0, 0);
    properties(object, |name, value| {
        all += 1;
        nested += usize::from(matches!(value, Value::Nested));
        known += usize::from(property(purpose, name).is_some());
    });
    match (all, known) {
        (0 | 1, _) => None,
        _ if nested < all => None,
        (_, 0) => Some("an object with other objects in place of a list"),
        _ => Some("an object of columns in place of a list of devices"),
    }
}

/// Gives each property of an object to a function; `false` if it turns out to be none.
pub(super) fn properties(object: &[u8], each: impl FnMut(&str, Value<'_>)) -> bool {
    let text = paired(decoded(object));
    let mut deserializer = serde_json::Deserializer::from_str(&text);
    deserializer.deserialize_map(Object(each)).is_ok()
}

/// Returns an object with `\ufffd` for each unpaired half of a surrogate pair. Programs that cut
/// names by units of UTF-16 write such halves, and no text can have them.
fn paired(object: Cow<'_, str>) -> Cow<'_, str> {
    let bytes = object.as_bytes();
    let (mut alone, mut at) = (Vec::new(), 0);
    while let Some(next) = bytes[at..].iter().position(|byte| *byte == b'\\') {
        at += next;
        let half = half(&bytes[at..]);
        let other = bytes.get(at + ESCAPE..).and_then(self::half);
        at += match (half, other) {
            (None, _) => 2,
            (Some(Half::First), Some(Half::Second)) => 2 * ESCAPE,
            (Some(_), _) => {
                alone.push(at);
                ESCAPE
            }
        };
        at = at.min(bytes.len());
    }
    if alone.is_empty() {
        return object;
    }
    let mut mended = object.into_owned();
    for at in alone {
        mended.replace_range(at..at + ESCAPE, "\\ufffd");
    }
    mended.into()
}

/// The number of bytes of the escape of a letter by its number.
const ESCAPE: usize = 6;

/// Which half of a surrogate pair an escape is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    First,
    Second,
}

/// Returns the half of a surrogate pair that is at the beginning.
fn half(bytes: &[u8]) -> Option<Half> {
    let [b'\\', b'u', b'd' | b'D', second, third, fourth] = *bytes.first_chunk::<ESCAPE>()? else {
        return None;
    };
    let hexadecimal = third.is_ascii_hexdigit() && fourth.is_ascii_hexdigit();
    match second {
        b'8' | b'9' | b'a' | b'b' | b'A' | b'B' => hexadecimal.then_some(Half::First),
        b'c'..=b'f' | b'C'..=b'F' => hexadecimal.then_some(Half::Second),
        _ => None,
    }
}

/// Returns the reason why an object cannot be read, without the place, which would count from its
/// beginning.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    format!("damaged JSON ({})", shortened(text.as_bytes()))
}

/// Gives each property of an object to a function.
struct Object<F>(F);

impl<'de, F: FnMut(&str, Value<'_>)> Visitor<'de> for Object<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(Text(name)) = map.next_key()? {
            let value = map.next_value()?;
            (self.0)(&name, value);
        }
        Ok(())
    }
}

/// A string, borrowed where it has no escapes.
struct Text<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Texts;
        impl<'de> Visitor<'de> for Texts {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(text.into()))
            }

            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(text.to_owned().into()))
            }
        }
        deserializer.deserialize_str(Texts)
    }
}

/// The value of a property. Windows PowerShell wraps a date with properties of its own into an
/// object, `{"value": "/Date(…)/", "DisplayHint": 2, "DateTime": "…"}`, whose `value` counts (see
/// <https://github.com/PowerShell/PowerShell/issues/5797>).
pub(super) enum Value<'de> {
    Null,
    Truth(bool),
    Number(serde_json::Number),
    Text(Cow<'de, str>),
    /// An array, or an object that is no wrapped value.
    Nested,
}

impl Value<'_> {
    fn write(&self, text: &mut String) {
        match self {
            // A nested value is no text, and is reported apart.
            Self::Null | Self::Nested => {}
            Self::Truth(truth) => text.push_str(if *truth { "true" } else { "false" }),
            Self::Number(number) => text.push_str(&number.to_string()),
            Self::Text(words) => text.push_str(words),
        }
    }
}

impl<'de> Deserialize<'de> for Value<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Values)
    }
}

struct Values;

impl<'de> Visitor<'de> for Values {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value<'de>, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value<'de>, E> {
        Ok(Value::Truth(truth))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value<'de>, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value<'de>, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value<'de>, E> {
        Ok(serde_json::Number::from_f64(number).map_or(Value::Null, Value::Number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Value<'de>, E> {
        Ok(Value::Text(text.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value<'de>, E> {
        Ok(Value::Text(text.to_owned().into()))
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Value<'de>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Nested)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value<'de>, A::Error> {
        let mut wrapped = Value::Nested;
        while let Some(Text(name)) = map.next_key()? {
            if name == "value" {
                wrapped = map.next_value()?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(wrapped)
    }
}
