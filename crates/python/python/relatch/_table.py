"""Tables of decisions."""

from __future__ import annotations

import typing

if typing.TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

    from . import _relatch


class Arrow(typing.Protocol):
    """Anything that hands on its rows by the PyCapsule interface of Arrow."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


class Table:
    """A row for each row of the inventory, in its order.

    - ``inventory``: the position of its file in ``inventories``, and ``row``: its number there;
    - ``device-id``, ``device-name`` and ``last-check-in``, in UTC as a text;
    - ``status``: ``decided``; ``older-row``, if a newer row of the same device counts in its place;
      ``not-selected``, if ``where``, ``stale`` or ``active`` leave it out; or ``rejected``;
    - ``problem``: why it was rejected, or which cells were not understood;
    - ``decision`` and what else ``relatch plan --devices`` lists, with the known facts; null in rows
      that are not decided, and where there is nothing to say.

    It has ``__arrow_c_stream__``, so Polars, DuckDB, pandas and pyarrow take it as it is.
    """

    inventories: list[str]
    """The names of the files; ``table`` for a table."""

    def __init__(self, native: _relatch.Table, inventories: list[str]) -> None:
        self._native = native
        self.inventories = inventories

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._native.__arrow_c_stream__(requested_schema)

    def __len__(self) -> int:
        return len(self._native)

    @property
    def column_names(self) -> list[str]:
        """The names of the columns."""
        return self._native.column_names

    def to_pyarrow(self) -> pyarrow.Table:
        """Returns it as a table of pyarrow."""
        import pyarrow

        return pyarrow.table(self)

    def to_pandas(self) -> pandas.DataFrame:
        """Returns it as a frame of pandas, by way of pyarrow; words are categories."""
        return self.to_pyarrow().to_pandas()

    def to_polars(self) -> polars.DataFrame:
        """Returns it as a frame of Polars; words are categories."""
        import polars

        return polars.DataFrame(self)

    def __repr__(self) -> str:
        return f"<Table: {len(self):,} rows, columns {', '.join(self.column_names)}>"
