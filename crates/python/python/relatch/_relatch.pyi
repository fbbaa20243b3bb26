import os
from collections.abc import Callable, Sequence

from ._table import Arrow

class RelatchError(ValueError): ...

class Table:
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __len__(self) -> int: ...
    @property
    def column_names(self) -> list[str]: ...
    def problems(
        self,
    ) -> list[tuple[int, int, str | None, str, str, str | None, bool]]: ...

class Decider:
    def __new__(
        cls, policy: str, reading: str, costs: str | None = None
    ) -> Decider: ...
    def files(
        self,
        paths: Sequence[str | os.PathLike[str]],
        newest_by: str | None = None,
        threads: int | None = None,
        progress: Callable[[str, int], object] | None = None,
    ) -> Table: ...
    def rows(self, table: Arrow) -> Table: ...

def run(
    arguments: Sequence[str], progress: Callable[[str, int], object] | None = None
) -> tuple[str, list[str], bool]: ...
def spool(
    table: Arrow, path: str, progress: Callable[[str, int], object] | None = None
) -> int: ...
