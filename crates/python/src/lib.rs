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
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::Arc;

use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;
use pyo3::types::PyAny;
use relatch::embedded::{self, Decider, Inventory, Observer};

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

/// Runs a command of the command line: its output, its warnings, and whether it found something.
#[pyfunction]
#[pyo3(signature = (arguments, progress = None))]
fn run(
    py: Python<'_>,
    arguments: Vec<OsString>,
    progress: Option<Py<PyAny>>,
) -> PyResult<(String, Vec<String>, bool)> {
    let ended = wait(py, "read", progress, |watch| {
        embedded::run(arguments, Some(watch as Arc<dyn Observer>))
    })?;
    let ended = ended.map_err(|error| refused(&error))?;
    Ok((ended.output, ended.warnings, ended.found_something))
}

/// Writes a table of Arrow to a file of Parquet; returns the number of rows.
#[pyfunction]
#[pyo3(signature = (table, path, progress = None))]
fn spool(
    py: Python<'_>,
    table: &Bound<'_, PyAny>,
    path: PathBuf,
    progress: Option<Py<PyAny>>,
) -> PyResult<u64> {
    let batches = incoming::batches(table)?;
    let file = File::create(&path).map_err(|error| PyOSError::new_err(error.to_string()))?;
    let written = wait(py, "take", progress, |watch| {
        incoming::write(batches, file, |rows| watch.has_done(rows))
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

    /// Decides the rows of files; all rows of a device but the newest are set aside as by a plan
    /// that is grouped by some facts, if these are given.
    #[pyo3(signature = (paths, newest_by = None, threads = None, progress = None))]
    fn files(
        &self,
        py: Python<'_>,
        paths: Vec<PathBuf>,
        newest_by: Option<String>,
        threads: Option<NonZero<usize>>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Table> {
        let decided = wait(py, "decide", progress, |watch| {
            let files = paths.into_iter().map(Inventory::File).collect();
            let watch = Some(watch as Arc<dyn Observer>);
            let decided = self.0.decide(files, threads, newest_by.as_deref(), watch);
            decided.map(|decided| Table::new(&decided))
        })?;
        decided.map_err(|error| refused(&error))
    }

    /// Decides the rows of a table of Arrow; every row counts.
    fn rows(&self, py: Python<'_>, table: &Bound<'_, PyAny>) -> PyResult<Table> {
        let batches = incoming::batches(table)?;
        wait(py, "decide", None, |watch| {
            let mut bytes = Vec::new();
            incoming::write(batches, &mut bytes, |rows| watch.has_done(rows))
                .map_err(|error| RelatchError::new_err(error.to_string()))?;
            let one = Some(NonZero::<usize>::MIN);
            let table = vec![Inventory::Bytes(bytes)];
            let decided = self.0.decide(table, one, None, Some(watch as Arc<dyn Observer>));
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
    module.add_function(wrap_pyfunction!(spool, module)?)
}
