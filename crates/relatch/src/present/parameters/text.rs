//! The parameters of the models, for people.

use std::fmt::Write;

use super::tables;

pub(super) fn render() -> String {
    let mut text = String::new();
    for (model, place, parameters) in tables() {
        if !text.is_empty() {
            text.push('\n');
        }
        let _ = writeln!(text, "{model}, in {place}\n");
        for parameter in parameters {
            let default = match parameter.is_truth {
                true => (parameter.default != 0).to_string(),
                false => parameter.default.to_string(),
            };
            let (name, basis) = (parameter.name, parameter.basis.as_str());
            let _ = writeln!(text, "  {name} = {default}  ({basis})\n      {}", parameter.comment);
        }
    }
    text
}
