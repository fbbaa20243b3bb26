//! The generated parts of the reference, from the tables in the code.
//!
//! A page has `<!-- generated: NAME -->`, the table, and `<!-- end -->`.

use std::fmt::Write;

use device_sim::{Argument, Domain, Presence, Values, Vocabulary, vocabularies};
use device_sim::{android, apple, service, user};
use eligibility::facts::{FactName, Management, Platform};
use serde_json::Value;

use crate::{root, run};

const START: &str = "<!-- generated: ";
const END: &str = "<!-- end -->";

/// A generated part: its name, and the function that writes it.
type Table = (&'static str, fn() -> String);

const TABLES: [Table; 25] = [
    ("command-line", command_line),
    ("facts", facts),
    ("management-modes", management_modes),
    ("policies", policies),
    ("words-of-devices", words_of_devices),
    ("verbs", verbs),
    ("outcomes", outcomes),
    ("observables", observables),
    ("parameters", parameters),
    ("json-documents", json_documents),
    ("policy-file", || file_keys("policy-file", "")),
    ("policy-rule", || file_keys("policy-file", "/properties/rule/items")),
    ("policy-prerequisite", || file_keys("policy-file", "/properties/prerequisite/items")),
    ("policy-case", || file_keys("policy-file", "/properties/case/items")),
    ("policy-accepted", || file_keys("policy-file", "/properties/accepted/items")),
    ("scenario-file", || file_keys("scenario-file", "")),
    ("scenario-android", || file_keys("scenario-file", ANDROID)),
    ("scenario-admin", || {
        file_keys("scenario-file", &format!("{ANDROID}/properties/profile-owner"))
    }),
    ("scenario-apple", || file_keys("scenario-file", APPLE)),
    ("scenario-server", || file_keys("scenario-file", &format!("{APPLE}/properties/server"))),
    ("scenario-intune", || file_keys("scenario-file", &format!("{ANDROID}/properties/intune"))),
    ("scenario-step", step_keys),
    ("scenario-claim", || file_keys("scenario-file", "/properties/eventually/items")),
    ("other-lists", other_lists),
    ("refused-files", refused_files),
];

/// The places of the tables of devices in the schema of scenario files.
const ANDROID: &str = "/$defs/device/allOf/0/then";
const APPLE: &str = "/$defs/device/allOf/1/then";

/// Returns the names of all tables.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    TABLES.iter().map(|(name, _)| *name)
}

/// Returns the page with every table generated again; notes which tables it has.
pub(super) fn refreshed(text: &str, used: &mut Vec<&'static str>) -> String {
    let mut page = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(START) {
        let (wanted, after) = after.split_once(" -->\n").expect("the name of a table ends");
        let (_, after) = after.split_once(END).expect("the table ends");
        let found = TABLES.iter().find(|(name, _)| *name == wanted);
        let (name, table) = found.unwrap_or_else(|| panic!("no table is called `{wanted}`"));
        used.push(name);
        let _ = write!(page, "{before}{START}{name} -->\n\n{}\n\n{END}", table().trim());
        rest = after;
    }
    page + rest
}

fn command_line() -> String {
    let commands = [
        "",
        "plan",
        "compare",
        "decide",
        "columns",
        "policy list",
        "policy show",
        "policy new",
        "policy check",
        "policy test",
        "policy explain",
        "policy diff",
        "policy history",
        "policy verify",
        "policy compile",
        "policy fmt",
        "policy schema",
        "simulate",
        "explore",
        "generate",
        "schema",
        "completions",
        "man",
    ];
    let mut text = String::new();
    for command in commands {
        let help = run(&format!("{command} --help"));
        let help = String::from_utf8(help.stdout).expect("help is UTF-8");
        let lines: Vec<_> = help.lines().map(str::trim_end).collect();
        let title = format!("relatch {command}");
        let _ = write!(text, "## {}\n\n```text\n{}\n```\n\n", title.trim_end(), lines.join("\n"));
    }
    text
}

/// Words as code, joined by commas.
fn code(words: &[&str]) -> String {
    let words: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    words.join(", ")
}

/// Returns a table in Markdown.
fn table<const N: usize>(
    headings: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let head = format!("| {} |\n|{}\n", headings.join(" | "), "---|".repeat(N));
    let rows = rows.into_iter().map(|cells| format!("| {} |\n", cells.join(" | ")));
    head + &rows.collect::<String>()
}

fn facts() -> String {
    let rows = FactName::ALL.iter().map(|fact| {
        let values = match fact.choices() {
            [] => "a version: one to four numbers joined by dots".to_owned(),
            choices => code(choices),
        };
        [format!("`{fact}`"), values]
    });
    table(["fact", "values"], rows)
}

fn management_modes() -> String {
    let rows = Platform::ALL.iter().map(|platform| {
        let modes: Vec<_> = Management::on(*platform).iter().map(|mode| mode.as_str()).collect();
        [format!("`{platform}`"), code(&modes)]
    });
    table(["platform", "management modes"], rows)
}

fn policies() -> String {
    let list = crate::json(&run("policy list --format json"));
    let rows = list["policies"].as_array().expect("a list of policies").iter().map(|policy| {
        let field = |name: &str| policy[name].as_str().expect("a text").to_owned();
        [format!("`{}`", field("id")), field("title"), format!("<{}>", field("source"))]
    });
    table(["id", "title", "source"], rows)
}

fn words_of_devices() -> String {
    let keys: [(&str, &str, &[&str]); 13] = [
        ("Android", "enrolment", android::Enrolment::WORDS),
        ("Android", "policy.quality", android::Quality::WORDS),
        ("Android", "policy.complexity", android::Complexity::WORDS),
        ("Android", "minima of `policy`", android::Minimum::WORDS),
        ("Android", "token-storage", android::TokenStorage::WORDS),
        ("Apple", "platform", apple::Platform::WORDS),
        ("Apple", "enrolment", apple::EnrolmentKind::WORDS),
        ("Apple", "server.token-update-without-token", apple::TokenKeeping::WORDS),
        ("managed", "intune.check-in", service::CheckIn::WORDS),
        ("managed", "intune.roles", service::RoleList::WORDS),
        ("managed", "intune.reset-token", service::TokenAtStart::WORDS),
        ("managed", "intune.management-state", service::ManagementState::WORDS),
        ("managed", "`role` of a request", service::Role::WORDS),
    ];
    let rows = keys.map(|(device, key, words)| {
        let key = if key.contains('`') { key.to_owned() } else { format!("`{key}`") };
        [device.to_owned(), key, code(words)]
    });
    table(["device", "key", "words"], rows)
}

fn verbs() -> String {
    let mut text = String::new();
    for vocabulary in vocabularies() {
        let _ = write!(text, "## Verbs of `{}`\n\n", vocabulary.model);
        for verb in vocabulary.verbs {
            let since = verb.since.map(|since| format!(", from {since}")).unwrap_or_default();
            let source =
                verb.source.map(|source| format!(" Source: {source}.")).unwrap_or_default();
            let (name, meaning, actor) = (verb.name, verb.meaning, verb.actor.as_str());
            let _ = writeln!(text, "### `{name}`\n\n{meaning} *By the {actor}{since}.*{source}\n");
            arguments(&verb.arguments, "", &mut text);
            text.extend((!verb.arguments.is_empty()).then_some('\n'));
        }
    }
    text
}

/// Lists arguments; the keys of a table below it.
fn arguments(all: &[Argument], indent: &str, text: &mut String) {
    for Argument { name, values, presence, meaning } in all {
        let presence = match presence {
            Presence::Required => "required".to_owned(),
            Presence::OneOf => "one of these keys".to_owned(),
            Presence::Optional => "optional".to_owned(),
            Presence::Default(value) => format!("default `{value}`"),
            Presence::Derived(words) => format!("default: {words}"),
        };
        let _ = writeln!(text, "{indent}- `{name}` = {} ({presence}): {meaning}", of(values));
        if let Values::Table(keys) = values {
            arguments(keys, &format!("{indent}  "), text);
        }
    }
}

fn of(values: &Values) -> String {
    match values {
        Values::Truth => code(&["true", "false"]),
        Values::Integer(low, high) => format!("{low} to {high}"),
        Values::Words(words) => code(words),
        Values::WordList(words) => format!("{}, or a list", code(words)),
        Values::Text => "a text".to_owned(),
        Values::Passcode => "a passcode".to_owned(),
        Values::PasscodeOrNull => "a passcode, or `false` for none".to_owned(),
        Values::Token => "a token: its length, its text, or `false` for none".to_owned(),
        Values::Table(_) => "a table".to_owned(),
    }
}

fn domain(domain: Domain) -> String {
    match domain {
        Domain::Truth => code(&["true", "false"]),
        Domain::Number => "a number".to_owned(),
        Domain::NumberFrom(least) => format!("a number from {least} on"),
        Domain::Words(words) => code(words),
        Domain::TruthOr(words) => format!("`true`, `false`, {}", code(words)),
        Domain::Any(words) => format!("`true`, `false`, a number, {}", code(words)),
    }
}

/// Returns a table for each model, under a heading.
fn by_model(title: &str, rows: fn(&Vocabulary) -> String) -> String {
    let tables = vocabularies();
    let tables =
        tables.iter().map(|one| format!("## {title} of `{}`\n\n{}\n", one.model, rows(one)));
    tables.collect()
}

fn outcomes() -> String {
    by_model("Outcomes", |one| {
        let rows = one.outcome_keys.iter();
        table(["key", "values"], rows.map(|key| [format!("`{}`", key.name), domain(key.domain)]))
    })
}

fn observables() -> String {
    by_model("Observables", |one| {
        let rows = one.observables.iter().map(|one| {
            let (name, source) = (format!("`{}`", one.name), format!("<{}>", one.source));
            let (viewer, since) = (one.viewer.as_str(), one.since.unwrap_or_default());
            let [meaning, viewer, since] = [one.meaning, viewer, since].map(str::to_owned);
            [name, domain(one.domain), meaning, viewer, since, source]
        });
        table(["observable", "values", "meaning", "seen by", "from", "source"], rows)
    })
}

fn parameters() -> String {
    let models = vocabularies().map(|one| (one.model, one.parameters_in, one.parameters));
    let users = ("users", "the table `people` of a file of assumptions", user::Timing::table());
    let mut text = String::new();
    for (model, place, parameters) in models.into_iter().chain([users]) {
        let _ = write!(text, "## Parameters of `{model}`\n\nSet in {place}.\n\n");
        let rows = parameters.iter().map(|one| {
            let default = match one.is_truth {
                true => format!("`{}`", one.default != 0),
                false => format!("`{}`", one.default),
            };
            let (basis, comment) = (one.basis.to_string(), one.comment.to_owned());
            [format!("`{}`", one.name), default, basis, comment]
        });
        text.push_str(&table(["parameter", "default", "rests on", "meaning"], rows));
        text.push('\n');
    }
    text
}

/// Returns the keys of a table of a file that people write, from the schema that the readers are held to.
fn file_keys(name: &str, place: &str) -> String {
    let schema = crate::json(&run(&format!("schema {name}")));
    let table = schema.pointer(place).unwrap_or_else(|| panic!("{name} has no {place}"));
    let properties = table["properties"].as_object().expect("a table has keys");
    key_rows(properties.iter(), &|key| presence(table, key))
}

/// Returns the keys of a step that are neither a verb's nor an outcome's.
fn step_keys() -> String {
    let schema = crate::json(&run("schema scenario-file"));
    let step = &schema["$defs"]["step"]["properties"];
    let models = vocabularies();
    let verbs = models.iter().flat_map(|model| &model.verbs);
    let arguments = verbs.flat_map(|verb| &verb.arguments).map(|argument| argument.name);
    let outcomes = models.iter().flat_map(|model| model.outcome_keys).map(|key| key.name);
    let others: Vec<_> = arguments.chain(outcomes).collect();
    let keys = step.as_object().expect("a step has keys").iter();
    key_rows(keys.filter(|(key, _)| !others.contains(&key.as_str())), &|_| String::new())
}

fn key_rows<'a>(
    keys: impl Iterator<Item = (&'a String, &'a Value)>,
    presence: &dyn Fn(&str) -> String,
) -> String {
    let rows = keys.map(|(key, value)| {
        let meaning = one_line(value["description"].as_str().unwrap_or_default());
        [format!("`{key}`"), presence(key), written(value).replace('|', "\\|"), meaning]
    });
    table(["key", "needed", "value", "meaning"], rows)
}

/// Returns whether a table must have a key; of alternatives, which other keys take its place.
fn presence(table: &Value, key: &str) -> String {
    let lists = |required: &Value| {
        let names = required.as_array().into_iter().flatten().filter_map(Value::as_str);
        names.map(str::to_owned).collect::<Vec<_>>()
    };
    if lists(&table["required"]).iter().any(|name| name == key) {
        return "always".to_owned();
    }
    let branches = table["anyOf"].as_array().into_iter().flatten();
    let branches: Vec<_> = branches.map(|branch| lists(&branch["required"])).collect();
    let (own, others): (Vec<_>, Vec<_>) =
        branches.into_iter().partition(|branch| branch.iter().any(|name| name == key));
    match (own.first(), others.concat().first()) {
        (Some(own), Some(other)) if own.len() == 1 => format!("where `{other}` is missing"),
        (Some(_), Some(_)) => format!("without `{}`", others.concat().join("`, `")),
        _ => String::new(),
    }
}

/// Returns what can be written for a value, in few words.
fn written(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        return reference.trim_start_matches("#/$defs/").to_owned();
    }
    if let Some(words) = schema["enum"].as_array() {
        let words: Vec<_> = words.iter().filter_map(Value::as_str).collect();
        return if words.len() > 30 { "a word".to_owned() } else { code(&words) };
    }
    if let Some(types) = schema["type"].as_array() {
        let each = types.iter().map(|one| written(&serde_json::json!({ "type": one })));
        return each.collect::<Vec<_>>().join(" or ");
    }
    if let Some(constant) = schema.get("const") {
        return format!("`{}`", constant.as_str().map_or(constant.to_string(), str::to_owned));
    }
    if let Some(choices) = schema["anyOf"].as_array().filter(|_| schema["type"].is_null()) {
        let each = choices.iter();
        let is_list = |one: &Value| one["type"] == "array";
        let one: Vec<_> = each.filter(|one| !is_list(one)).map(written).collect();
        let list = if choices.iter().any(is_list) { ", or a list" } else { "" };
        return format!("{}{list}", one.join(" or "));
    }
    match schema["type"].as_str() {
        Some("string") if schema["format"] == "date" => "a date".to_owned(),
        Some("string") => "a text".to_owned(),
        Some("boolean") => code(&["true", "false"]),
        Some("integer") => match (schema["minimum"].as_i64(), schema["maximum"].as_i64()) {
            (Some(low), Some(high)) if high < i64::from(u32::MAX) => format!("{low} to {high}"),
            (Some(low), _) => format!("a number from {low} on"),
            _ => "a number".to_owned(),
        },
        Some("array") => "tables".to_owned(),
        _ => "a table".to_owned(),
    }
}

/// Returns the keys of every JSON document, from its schema.
fn json_documents() -> String {
    let list = String::from_utf8(run("schema").stdout).expect("the list is UTF-8");
    let documents = list.lines().filter_map(|line| line.strip_prefix("  ")?.split_once("  "));
    let mut text = String::new();
    for (name, what) in documents.filter(|(name, _)| !name.trim().ends_with("-file")) {
        let name = name.trim();
        let schema = crate::json(&run(&format!("schema {name}")));
        let _ = write!(text, "## {name}\n\n`{}`\n\n", what.trim());
        text += &keys(&schema);
        for (part, schema) in schema["$defs"].as_object().into_iter().flatten() {
            if part != "Facts" && schema["properties"].is_object() {
                let meaning = schema["description"].as_str().unwrap_or_default();
                let _ = write!(text, "**{part}**: {}\n\n", one_line(meaning));
                text += &keys(schema);
            }
        }
    }
    text
}

fn keys(schema: &Value) -> String {
    let keys = schema["properties"].as_object().expect("a document has keys");
    let rows = keys.iter().map(|(key, value)| {
        let meaning = value["description"].as_str().unwrap_or_default();
        [format!("`{key}`"), json_value(value), one_line(meaning)]
    });
    table(["key", "value", "meaning"], rows) + "\n"
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the type of a value in few words.
fn json_value(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        return reference.trim_start_matches("#/$defs/").to_owned();
    }
    if let Some(constant) = schema.get("const") {
        return format!("`{constant}`");
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        return choices.iter().map(json_value).collect::<Vec<_>>().join(" or ");
    }
    let types = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect::<Vec<_>>(),
    };
    let each = types.into_iter().map(|name| match name {
        "array" => format!("list of {}", json_value(&schema["items"])),
        "object" => format!("object of {}", json_value(&schema["additionalProperties"])),
        other => other.to_owned(),
    });
    each.collect::<Vec<_>>().join(" or ")
}

/// Returns the files that are refused: the name of each case, and what its message says was found.
fn refused_cases() -> Vec<(String, String)> {
    let path = root().join("tests/cases/inventory/refused.toml");
    let text = std::fs::read_to_string(&path).expect("the cases can be read");
    let cases: toml::Table = text.parse().expect("the cases are TOML");
    let files = cases["file"].as_array().expect("a list of files");
    let field = |file: &toml::Value, key: &str| file[key].as_str().expect("a text").to_owned();
    files.iter().map(|file| (field(file, "name"), field(file, "found"))).collect()
}

/// Returns the lists of other products, with their cases; there is no list without one.
fn other_lists() -> String {
    let cases = refused_cases();
    let rows = inventory::other_lists().map(|(what, columns)| {
        let cases = cases.iter().filter(|(_, found)| found.starts_with(what));
        let cases: Vec<_> = cases.map(|(name, _)| name.as_str()).collect();
        assert!(!cases.is_empty(), "no case shows that this is refused: {what}");
        let columns = &columns[..columns.len().min(4)];
        [what.to_owned(), code(columns), code(&cases)]
    });
    table(["list", "some of its columns", "case"], rows)
}

/// Returns all other files that are refused.
fn refused_files() -> String {
    let is_list = |found: &str| inventory::other_lists().any(|(what, _)| found.starts_with(what));
    let others = refused_cases().into_iter().filter(|(_, found)| !is_list(found));
    let rows = others.map(|(name, found)| [format!("`{name}`"), found.replace('|', "\\|")]);
    table(["case", "message: found …"], rows)
}
