//! Pages for a browser: one file that contains everything and loads nothing.
//!
//! Every text enters a page through [`Html::text`] or as the value of an attribute, which escape it;
//! tags and names of attributes are constants. A browser runs the one script and applies the one
//! style whose hashes the page states, and opens no connection.

mod devices;
mod parts;
mod what_if;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::terminal::harmless;

pub(super) use devices::{List, table as device_table};
pub(super) use what_if::add as what_if;

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = concat!(
    include_str!("html/page.js"),
    // The evaluator of compiled policies, as it is documented.
    include_str!("../../../../docs/reference/compiled/evaluate.js"),
);

/// The name and the value of an attribute.
type Attribute<'a> = (&'static str, &'a str);

/// Content of a page in the making.
#[derive(Debug, Default)]
pub(super) struct Html(String);

/// A page in the making.
pub(super) struct Page {
    headline: String,
    grounds: Html,
    sections: Vec<(&'static str, &'static str, Html)>,
    data: Vec<(&'static str, &'static str, String)>,
}

impl Html {
    /// Adds an element with what it contains.
    pub(super) fn within(
        &mut self,
        tag: &'static str,
        attributes: &[Attribute<'_>],
        fill: impl FnOnce(&mut Self),
    ) {
        self.begin(tag, attributes);
        fill(self);
        self.0.extend(["</", tag, ">"]);
    }

    /// Adds an element that contains a text.
    pub(super) fn leaf(&mut self, tag: &'static str, attributes: &[Attribute<'_>], text: &str) {
        self.within(tag, attributes, |html| html.text(text));
    }

    /// Adds the beginning of an element, or one that contains nothing.
    fn begin(&mut self, tag: &'static str, attributes: &[Attribute<'_>]) {
        self.0.extend(["<", tag]);
        for (name, value) in attributes {
            self.0.extend([" ", name, "=\""]);
            self.text(value);
            self.0.push('"');
        }
        self.0.push('>');
    }

    /// Adds a text.
    pub(super) fn text(&mut self, text: &str) {
        for letter in harmless(text).chars() {
            match letter {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                letter => self.0.push(letter),
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Page {
    /// Begins a page with a headline.
    pub(super) fn new(headline: String) -> Self {
        Self { headline, grounds: Html::default(), sections: Vec::new(), data: Vec::new() }
    }

    /// Adds to what the headline rests on.
    pub(super) fn grounds(&mut self, fill: impl FnOnce(&mut Html)) {
        fill(&mut self.grounds);
    }

    /// Adds a section, unless it is empty.
    pub(super) fn section(
        &mut self,
        id: &'static str,
        title: &'static str,
        fill: impl FnOnce(&mut Html),
    ) {
        let mut html = Html::default();
        fill(&mut html);
        if !html.is_empty() {
            self.sections.push((id, title, html));
        }
    }

    /// Adds data for the script as JSON.
    pub(super) fn json(&mut self, id: &'static str, data: &impl Serialize) {
        let data = serde_json::to_string(data).expect("plain data has a JSON form");
        // Nothing in it may end the element.
        self.data.push((id, "application/json", data.replace('<', "\\u003c")));
    }

    /// Adds bytes for the script.
    pub(super) fn bytes(&mut self, id: &'static str, data: &[u8]) {
        self.data.push((id, "text/plain", STANDARD.encode(data)));
    }

    /// Returns the whole page.
    pub(super) fn render(self) -> String {
        let mut html = Html("<!DOCTYPE html>\n".to_owned());
        html.within("html", &[("lang", "en")], |html| {
            html.within("head", &[], |html| head(html, &self.headline));
            html.0.push('\n');
            html.within("body", &[], |html| self.body(html));
        });
        html.0.push('\n');
        html.0
    }

    fn body(self, html: &mut Html) {
        html.within("header", &[], |html| {
            html.leaf("h1", &[], &self.headline);
            html.0.push_str(&self.grounds.0);
            html.within("nav", &[("aria-label", "Sections")], |html| {
                html.within("ul", &[], |html| {
                    for (id, title, _) in &self.sections {
                        let target = format!("#{id}");
                        html.within("li", &[], |html| html.leaf("a", &[("href", &target)], title));
                    }
                });
            });
        });
        html.within("main", &[], |html| {
            for (id, title, content) in self.sections {
                html.0.push('\n');
                html.within("section", &[("id", id)], |html| {
                    html.leaf("h2", &[], title);
                    html.0.push_str(&content.0);
                });
            }
        });
        for (id, kind, data) in &self.data {
            html.0.push('\n');
            html.within("script", &[("type", kind), ("id", id)], |html| html.0.push_str(data));
        }
        html.0.push('\n');
        html.within("script", &[], |html| html.0.push_str(SCRIPT));
    }
}

fn head(html: &mut Html, title: &str) {
    let policy = format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT),
    );
    html.begin("meta", &[("charset", "utf-8")]);
    html.begin("meta", &[("http-equiv", "Content-Security-Policy"), ("content", &policy)]);
    let viewport = "width=device-width, initial-scale=1";
    html.begin("meta", &[("name", "viewport"), ("content", viewport)]);
    html.begin("meta", &[("name", "color-scheme"), ("content", "light dark")]);
    html.begin("meta", &[("name", "referrer"), ("content", "no-referrer")]);
    html.leaf("title", &[], title);
    html.within("style", &[], |html| html.0.push_str(STYLE));
}

/// Returns the hash of a source as a content security policy states it.
fn hash(source: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(source)))
}

#[cfg(test)]
mod tests {
    use super::{Html, Page, SCRIPT, STYLE};

    const HOSTILE: &str = "</script><img src=x onerror=alert(1)>'\"&\u{1b}[2J\u{202e}";

    #[test]
    fn a_text_is_escaped_in_elements_and_attributes() {
        let mut html = Html::default();
        html.leaf("p", &[("title", HOSTILE)], HOSTILE);
        let escaped = "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&#39;&quot;&amp;\
                       \\u001b[2J\\u202e";
        assert_eq!(html.0, format!("<p title=\"{escaped}\">{escaped}</p>"));
    }

    #[test]
    fn nothing_in_a_page_or_in_its_data_opens_or_ends_an_element() {
        let mut page = Page::new(HOSTILE.to_owned());
        page.section("one", "One", |html| html.leaf("p", &[], HOSTILE));
        page.json("data", &[HOSTILE]);
        let text = page.render();
        assert!(!text.contains("<img"), "{text}");
        assert_eq!(text.matches("</script>").count(), 2, "{text}");
    }

    #[test]
    fn style_and_script_do_not_end_themselves_and_load_nothing() {
        assert!(!STYLE.contains("</") && !SCRIPT.contains("</"));
        for source in [STYLE, SCRIPT] {
            assert!(
                !["url(", "@import", "http", "fetch(", "innerHTML"]
                    .iter()
                    .any(|word| source.contains(word))
            );
        }
    }
}
