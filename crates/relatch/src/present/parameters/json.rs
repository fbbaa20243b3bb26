//! The parameters of the models, for programs.

use device_sim::Parameter;
use serde::Serialize;

use super::tables;
use crate::present::json::pretty;

#[derive(Serialize)]
struct ParametersObject {
    schema: u32,
    parameters: Vec<ParameterObject>,
}

#[derive(Serialize)]
struct ParameterObject {
    model: &'static str,
    name: &'static str,
    default: serde_json::Value,
    comment: &'static str,
}

pub(super) fn render() -> String {
    let of_model = |(model, _, parameters): (_, _, Vec<Parameter>)| {
        parameters.into_iter().map(move |parameter| ParameterObject {
            model,
            name: parameter.name,
            default: match parameter.is_truth {
                true => (parameter.default != 0).into(),
                false => parameter.default.into(),
            },
            comment: parameter.comment,
        })
    };
    let parameters = tables().into_iter().flat_map(of_model).collect();
    pretty(&ParametersObject { schema: 1, parameters })
}
