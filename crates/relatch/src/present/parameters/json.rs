//! The parameters of the models, for programs.

use device_sim::{Basis, Parameter as ModelParameter};
use schemars::JsonSchema;
use serde::Serialize;

use super::tables;
use crate::json::{Version, Word, pretty};

/// The parameters of the models: `relatch simulate --parameters --format json`.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Parameters {
    /// The version of this shape.
    schema: Version,
    /// The parameters of all models.
    parameters: Vec<Parameter>,
}

/// A choice that a model makes where the sources are silent.
#[derive(Serialize, JsonSchema)]
struct Parameter {
    /// The model.
    model: &'static str,
    /// The key in a scenario file.
    name: &'static str,
    /// The value where a scenario gives none.
    default: DefaultValue,
    /// On what the default rests: documented, inferred, or a choice.
    basis: Word<Basis>,
    /// The effect of the parameter.
    comment: &'static str,
}

/// The value of a parameter.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
enum DefaultValue {
    Boolean(bool),
    Number(u32),
}

pub(super) fn render() -> String {
    let of_model = |(model, _, parameters): (_, _, Vec<ModelParameter>)| {
        parameters.into_iter().map(move |parameter| Parameter {
            model,
            name: parameter.name,
            default: match parameter.is_truth {
                true => DefaultValue::Boolean(parameter.default != 0),
                false => DefaultValue::Number(parameter.default),
            },
            basis: Word(parameter.basis),
            comment: parameter.comment,
        })
    };
    let parameters = tables().into_iter().flat_map(of_model).collect();
    pretty(&Parameters { schema: Version, parameters })
}
