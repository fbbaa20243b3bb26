//! relatch in Python: the native half of the package, whose other half is `python/relatch`.
//!
//! A table of Arrow becomes a file of Parquet, so the readers of crate `inventory` say what its
//! columns mean, as of every other file; there is no second interpretation. What is decided
//! becomes a table of Arrow again, with a row for each row.

mod decided;
mod incoming;
mod waiting;

use std::ffi::OsString;
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;
use pyo3::types::PyAny;
use relatch::embedded::{self, Decider, Observer};

use decided::Table;
use waiting::wait;

mod refused {
    pyo3::create_exception!(
        relatch,
        RelatchError,
        pyo3::exceptions::PyValueError,
        "What is wrong with an argument, a policy or an inventory, and the remedy."
    );
}
use refused::RelatchError;

fn refused(error: &embedded::Refused) -> PyErr {
    RelatchError::new_err(error.to_string())
}

/// Runs a command of the command line: its output and its warnings.
#[pyfunction]
fn run(py: Python<'_>, arguments: Vec<OsString>) -> PyResult<(String, Vec<String>)> {
    let ended =
        wait(py, "run", None, |watch| embedded::run(arguments, Some(watch as Arc<dyn Observer>)))?;
    let ended = ended.map_err(|error| refused(&error))?;
    Ok((ended.output, ended.warnings))
}

/// Runs `plan`: its output, its warnings, and what was decided for each row.
#[pyfunction]
#[pyo3(signature = (arguments, progress = None))]
fn plan(
    py: Python<'_>,
    arguments: Vec<OsString>,
    progress: Option<Py<PyAny>>,
) -> PyResult<(String, Vec<String>, Table)> {
    let planned = wait(py, "plan", progress, |watch| {
        let planned = embedded::plan(arguments, Some(watch as Arc<dyn Observer>));
        planned.map(|(ended, decided)| (ended.output, ended.warnings, Table::new(&decided)))
    })?;
    planned.map_err(|error| refused(&error))
}

/// Writes a table of Arrow to a file of Parquet, an inventory without what is not read of it; returns
/// the number of rows.
#[pyfunction]
#[pyo3(signature = (table, path, is_inventory, progress = None))]
fn spool(
    py: Python<'_>,
    table: &Bound<'_, PyAny>,
    path: PathBuf,
    is_inventory: bool,
    progress: Option<Py<PyAny>>,
) -> PyResult<u64> {
    let batches = incoming::batches(table)?;
    let file = File::create(&path).map_err(|error| PyOSError::new_err(error.to_string()))?;
    let written = wait(py, "take", progress, |watch| {
        incoming::write(batches, file, is_inventory, |rows| watch.has_done(rows))
    })?;
    written.map_err(|error| RelatchError::new_err(error.to_string()))
}

/// Decides rows by one policy.
#[pyclass(frozen, name = "Decider")]
struct PyDecider(Arc<Decider>);

#[pymethods]
impl PyDecider {
    #[new]
    #[pyo3(signature = (policy, reading, costs = None))]
    fn new(policy: &str, reading: &str, costs: Option<PathBuf>) -> PyResult<Self> {
        let decider = Decider::new(policy, reading, costs.as_deref());
        decider.map(|decider| Self(Arc::new(decider))).map_err(|error| refused(&error))
    }

    /// Decides the rows of a table of Arrow; every row counts.
    fn rows(&self, py: Python<'_>, table: &Bound<'_, PyAny>) -> PyResult<Table> {
        let batches = incoming::batches(table)?;
        wait(py, "decide", None, |watch| {
            let mut bytes = Vec::new();
            incoming::write(batches, &mut bytes, true, |rows| watch.has_done(rows))
                .map_err(|error| RelatchError::new_err(error.to_string()))?;
            let decided = self.0.decide(&bytes, Some(watch as Arc<dyn Observer>));
            decided.map(|decided| Table::new(&decided)).map_err(|error| refused(&error))
        })?
    }
}

/// The native half of the package.
#[pymodule]
fn _relatch(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("RelatchError", module.py().get_type::<RelatchError>())?;
    module.add_class::<PyDecider>()?;
    module.add_class::<Table>()?;
    module.add_function(wrap_pyfunction!(run, module)?)?;
    module.add_function(wrap_pyfunction!(plan, module)?)?;
    module.add_function(wrap_pyfunction!(spool, module)?)
}
