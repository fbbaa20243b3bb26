//! Predicates of activations: when the configurations of an activation are in force.
//!
//! A subset of Apple's predicate format: whether a status item about the passcode or the system
//! has a value, `AND`, `OR`, `NOT`, parentheses, `TRUEPREDICATE`, `FALSEPREDICATE`.
//!
//! Sources: `declarative/declarations/activations/simple.yaml` in
//! <https://github.com/apple/device-management>;
//! <https://developer.apple.com/library/archive/documentation/Cocoa/Conceptual/Predicates/Articles/pSyntax.html>;
//! `@status`,
//! <https://developer.apple.com/documentation/devicemanagement/activationsimple>.

/// A predicate that can be evaluated on a simulated device.
///
/// ```
/// use device_sim::apple::Predicate;
///
/// assert!("@status(passcode.is-present) == TRUE".parse::<Predicate>().is_ok());
/// let unknown = "@status(device.power.battery-health) == 'normal'".parse::<Predicate>();
/// assert_eq!(
///     unknown.unwrap_err(),
///     "the status item `device.power.battery-health` is not simulated"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Predicate {
    text: String,
    tree: Tree,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Tree {
    Always(bool),
    Not(Box<Tree>),
    All(Vec<Tree>),
    Any(Vec<Tree>),
    Present(bool),
    Text { item: TextItem, is: bool, value: String },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum TextItem {
    Family,
    Version,
}

/// The status items of a device that predicates can name.
pub(super) struct StatusItems {
    pub(super) passcode_is_present: bool,
    pub(super) family: &'static str,
    pub(super) version: String,
}

impl Predicate {
    /// Returns the predicate as it was written.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns true if the predicate holds of a device.
    pub(super) fn holds(&self, items: &StatusItems) -> bool {
        self.tree.holds(items)
    }
}

impl Tree {
    fn holds(&self, items: &StatusItems) -> bool {
        match self {
            Self::Always(truth) => *truth,
            Self::Not(tree) => !tree.holds(items),
            Self::All(trees) => trees.iter().all(|tree| tree.holds(items)),
            Self::Any(trees) => trees.iter().any(|tree| tree.holds(items)),
            Self::Present(wanted) => items.passcode_is_present == *wanted,
            Self::Text { item, is, value } => {
                let own = match item {
                    TextItem::Family => items.family,
                    TextItem::Version => &items.version,
                };
                (own == value) == *is
            }
        }
    }
}

impl std::str::FromStr for Predicate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let tokens = tokens(text)?;
        let mut parser = Parser { tokens: &tokens, depth: 0 };
        let tree = parser.any()?;
        match parser.tokens.first() {
            None => Ok(Self { text: text.to_owned(), tree }),
            Some(token) => Err(format!("`{token}` is not expected there")),
        }
    }
}

/// Splits a predicate into words, quoted texts, operators and parentheses.
fn tokens(text: &str) -> Result<Vec<&str>, String> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' | '"' => {
                let end = rest[1..].find(first).ok_or("a quote is not closed")?;
                end + 2
            }
            '(' | ')' => 1,
            '=' | '!' | '<' | '>' | '&' | '|' => {
                rest.find(|c| !"=!<>&|".contains(c)).unwrap_or(rest.len())
            }
            // `@status(…)` is one token with its parentheses.
            '@' => rest.find(')').ok_or("`@status(` is not closed")? + 1,
            _ => rest
                .find(|c: char| c.is_whitespace() || "()=!<>&|'\"".contains(c))
                .unwrap_or(rest.len()),
        };
        let (token, behind) = rest.split_at(length);
        found.push(token);
        rest = behind.trim_start();
    }
    Ok(found)
}

/// The number of parentheses and negations that may be open at once.
const DEEPEST: usize = 32;

struct Parser<'t> {
    tokens: &'t [&'t str],
    depth: usize,
}

impl<'t> Parser<'t> {
    fn next(&mut self) -> Result<&'t str, String> {
        let (first, rest) = self.tokens.split_first().ok_or("the predicate ends too early")?;
        self.tokens = rest;
        Ok(first)
    }

    fn eats(&mut self, words: &[&str]) -> bool {
        let there = self.tokens.first();
        let there = there.is_some_and(|it| words.iter().any(|word| it.eq_ignore_ascii_case(word)));
        if there {
            self.tokens = &self.tokens[1..];
        }
        there
    }

    fn any(&mut self) -> Result<Tree, String> {
        let mut trees = vec![self.all()?];
        while self.eats(&["OR", "||"]) {
            trees.push(self.all()?);
        }
        Ok(if trees.len() == 1 { trees.remove(0) } else { Tree::Any(trees) })
    }

    fn all(&mut self) -> Result<Tree, String> {
        let mut trees = vec![self.one()?];
        while self.eats(&["AND", "&&"]) {
            trees.push(self.one()?);
        }
        Ok(if trees.len() == 1 { trees.remove(0) } else { Tree::All(trees) })
    }

    fn one(&mut self) -> Result<Tree, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(format!("more than {DEEPEST} parentheses are open at once"));
        }
        let tree = if self.eats(&["NOT", "!"]) {
            Tree::Not(Box::new(self.one()?))
        } else if self.eats(&["("]) {
            let tree = self.any()?;
            if !self.eats(&[")"]) {
                return Err("a parenthesis is not closed".to_owned());
            }
            tree
        } else {
            self.comparison()?
        };
        self.depth -= 1;
        Ok(tree)
    }

    fn comparison(&mut self) -> Result<Tree, String> {
        let item = self.next()?;
        for (word, truth) in [("TRUEPREDICATE", true), ("FALSEPREDICATE", false)] {
            if item.eq_ignore_ascii_case(word) {
                return Ok(Tree::Always(truth));
            }
        }
        let name = item.strip_prefix("@status(").and_then(|rest| rest.strip_suffix(')'));
        let name = name.ok_or_else(|| format!("`{item}` is not a status item"))?.trim();
        let operator = self.next()?;
        let value = self.next()?;
        // Orders and matches of texts are left out: Apple does not say how they take versions.
        let is = match operator {
            "==" | "=" => true,
            "!=" | "<>" => false,
            other => return Err(format!("the operator `{other}` is not simulated")),
        };
        let text = value.trim_matches(['\'', '"']);
        let item = match name {
            "passcode.is-present" => {
                return match text.to_ascii_uppercase().as_str() {
                    "TRUE" | "YES" | "1" => Ok(Tree::Present(is)),
                    "FALSE" | "NO" | "0" => Ok(Tree::Present(!is)),
                    _ => Err(format!("`{value}` is neither TRUE nor FALSE")),
                };
            }
            "device.operating-system.family" => TextItem::Family,
            "device.operating-system.version" => TextItem::Version,
            _ => return Err(format!("the status item `{name}` is not simulated")),
        };
        Ok(Tree::Text { item, is, value: text.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::{Predicate, StatusItems};

    fn holds(text: &str, present: bool, version: &str) -> Result<bool, String> {
        let items = StatusItems {
            passcode_is_present: present,
            family: "iOS",
            version: version.to_owned(),
        };
        text.parse::<Predicate>().map(|predicate| predicate.holds(&items))
    }

    #[test]
    fn predicates_are_evaluated() {
        for (text, with, without) in [
            ("TRUEPREDICATE", true, true),
            ("FALSEPREDICATE", false, false),
            ("@status(passcode.is-present) == TRUE", true, false),
            ("@status(passcode.is-present)!=YES", false, true),
            ("NOT (@status(passcode.is-present) = 1)", false, true),
            ("@status(passcode.is-present) == FALSE OR TRUEPREDICATE", true, true),
            ("@status(passcode.is-present) == TRUE && FALSEPREDICATE", false, false),
            ("FALSEPREDICATE AND FALSEPREDICATE OR TRUEPREDICATE", true, true),
            ("@status(device.operating-system.family) == 'iOS'", true, true),
            ("@status(device.operating-system.family) != \"iOS\"", false, false),
            ("@status(device.operating-system.version) == '17.4'", true, true),
            ("@status(device.operating-system.version) <> '17.4'", false, false),
        ] {
            assert_eq!(holds(text, true, "17.4"), Ok(with), "{text}");
            assert_eq!(holds(text, false, "17.4"), Ok(without), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_evaluated_is_refused_by_name() {
        let deep = "(".repeat(100_000);
        for (text, problem) in [
            ("", "the predicate ends too early"),
            ("@status(passcode.is-present)", "the predicate ends too early"),
            ("@status(passcode.is-present) == 'x", "a quote is not closed"),
            ("@status(passcode.is-present == TRUE", "`@status(` is not closed"),
            ("(TRUEPREDICATE", "a parenthesis is not closed"),
            ("TRUEPREDICATE)", "`)` is not expected there"),
            ("@property(age) == 3", "`@property(age)` is not a status item"),
            (
                "@status(passcode.is-compliant) == TRUE",
                "the status item `passcode.is-compliant` is not simulated",
            ),
            ("@status(passcode.is-present) == 3", "`3` is neither TRUE nor FALSE"),
            (
                "@status(device.operating-system.version) BEGINSWITH '18'",
                "the operator `BEGINSWITH` is not simulated",
            ),
            (&deep, "more than 32 parentheses are open at once"),
        ] {
            assert_eq!(holds(text, true, "18.1"), Err(problem.to_owned()), "{text:.80}");
        }
    }
}
