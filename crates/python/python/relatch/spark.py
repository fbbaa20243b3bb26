"""Decisions for the rows of a Spark frame, on its executors."""

from __future__ import annotations

import functools
import os
import typing

from . import Decider

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pyarrow
    from pyspark.sql import DataFrame

    from . import Path, Reading

COLUMNS = (
    "status",
    "problem",
    "decision",
    "cause",
    "action",
    "scope",
    "mechanism",
    "rule",
    "reasons",
    "needs",
    "missing",
    "cautions",
)
"""The columns that are added; any of ``Table`` can be asked for."""

AT_ONCE = 1 << 17
"""How many rows an executor decides at a time."""


def decide(
    frame: DataFrame,
    *,
    policy: Path = "latest",
    reading: Reading = "literal",
    columns: Sequence[str] = COLUMNS,
) -> DataFrame:
    """Returns the rows of a frame, each with its decision in further columns of text.

    Every row counts: keep the newest row of each device before. A row that relatch rejects stays,
    with its problem and without a decision. A policy that is no built-in one is a path that every
    executor has.
    """
    from pyspark.sql.types import StringType, StructField, StructType

    # Problems of the policy are reported here rather than by every executor.
    Decider(policy=policy, reading=reading)
    both = sorted(set(columns) & set(frame.columns))
    if both:
        raise ValueError(f"the frame has columns of these names already: {', '.join(both)}")
    added = [StructField(name, StringType()) for name in columns]
    work = functools.partial(
        decide_batches, policy=os.fspath(policy), reading=reading, columns=tuple(columns)
    )
    return frame.mapInArrow(work, StructType([*frame.schema.fields, *added]))


def decide_batches(
    batches: Iterable[pyarrow.RecordBatch], *, policy: str, reading: Reading, columns: Sequence[str]
) -> Iterator[pyarrow.RecordBatch]:
    """Adds the columns to batches; the function for ``mapInArrow``."""
    decider = Decider(policy=policy, reading=reading)
    waiting: list[pyarrow.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(one.num_rows for one in waiting) >= AT_ONCE:
            yield from _decided(decider, waiting, columns)
            waiting = []
    yield from _decided(decider, waiting, columns)


def _decided(
    decider: Decider, batches: list[pyarrow.RecordBatch], columns: Sequence[str]
) -> Iterator[pyarrow.RecordBatch]:
    import pyarrow

    batches = [batch for batch in batches if batch.num_rows]
    if not batches:
        return
    table = pyarrow.Table.from_batches(batches)
    decided = decider.rows(table).to_pyarrow()
    for name in columns:
        table = table.append_column(name, decided.column(name).cast(pyarrow.string()))
    yield from table.to_batches()
