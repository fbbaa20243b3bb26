"""Rows of Spark are decided as by a plan of the table, each in its place."""

import shutil

import pyarrow
import pytest

import relatch
from test_plan import random_table

pyspark = pytest.importorskip("pyspark", reason="NOT RUN: pyspark is not installed")
if shutil.which("java") is None:
    pytest.skip("NOT RUN: Spark needs Java", allow_module_level=True)

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def spark():
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", "100").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.mark.parametrize("seed", range(2))
def test_rows_are_decided_in_their_place(spark, seed):
    import relatch.spark

    table = random_table(seed)
    table = table.append_column("place", pyarrow.array(range(table.num_rows)))
    frame = spark.createDataFrame(table.to_pandas().astype(object).where(lambda cells: cells.notna(), None))
    decided = relatch.spark.decide(frame, policy="2018-03-29").toPandas().sort_values("place")
    wanted = pyarrow.table(relatch.Decider(policy="2018-03-29").rows(table)).to_pylist()
    assert len(decided) == table.num_rows
    for name in relatch.spark.COLUMNS:
        found = decided[name].astype(object).where(lambda cells: cells.notna(), None).tolist()
        assert found == [row[name] for row in wanted], name
    assert decided["Device ID"].fillna("").tolist() == [cell or "" for cell in table["Device ID"].to_pylist()]


def test_mistakes_are_said_before_anything_runs(spark):
    import relatch.spark

    frame = spark.createDataFrame([("1", "iOS", "x")], ["Device ID", "OS", "decision"])
    with pytest.raises(ValueError, match="decision"):
        relatch.spark.decide(frame)
    with pytest.raises(relatch.RelatchError, match="no policy"):
        relatch.spark.decide(frame.drop("decision"), policy="2018-03-28x")
