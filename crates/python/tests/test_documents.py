"""The blocks of docs/how-to/use-from-python.md run as they stand there."""

import re
import shutil

import pytest

from conftest import ROOT

PAGE = (ROOT / "docs/how-to/use-from-python.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", PAGE, re.S | re.M))


def blocks(section):
    return re.findall(r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", SECTIONS[section], re.S)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("section", [name for name in SECTIONS if blocks(name)])
def test_the_blocks_of_a_section_run_and_print_what_stands_there(section, tmp_path, monkeypatch, capfd):
    if section == "Spark":
        pytest.importorskip("pyspark", reason="NOT RUN: pyspark is not installed")
        if shutil.which("java") is None:
            pytest.skip("NOT RUN: Spark needs Java")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    names = {}
    for code, printed in blocks(section):
        capfd.readouterr()
        exec(compile(code, f"{section} of the page", "exec"), names)
        if printed:
            assert capfd.readouterr().out == printed
    if section == "Spark":
        names["spark"].stop()
