"""Runs sent to a Dask cluster of two worker processes give what this process gives."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import partial

import dask
import pytest
from command import contents, notebook, publication
from distributed import Client, LocalCluster

from notebook_reports import cluster
from notebook_reports.build import build
from notebook_reports.cluster import on_cluster, packed
from notebook_reports.errors import StudyError
from notebook_reports.french import long_date
from notebook_reports.publication import runs
from spls_study.program import PROGRAM

pytestmark = pytest.mark.reports
READS = """from pathlib import Path
from IPython.display import Markdown
read = [Path("data/lu.txt").read_text(), Path.cwd().joinpath(etude).read_text()]
Markdown(f"{territoire} {read[0]}")"""
FAILS = 'if territoire == "2A":\n    raise ValueError(f"panne dans {__import__(\'os\').getcwd()}")'


@pytest.fixture(scope="module")
def address():
    """Workers as Dask starts them: daemonic, to which Python forbids children."""
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as local:
        yield local.scheduler_address


def given(folder, *sources, **more):
    made = publication(folder, _1_essai=notebook("# Essai", *sources), **more)
    (folder / "data").mkdir()
    (folder / "data/lu.txt").write_text("lu ici", encoding="utf-8")
    return replace(made, inputs=("data/*",))


@pytest.mark.slow
def test_the_cluster_gives_what_this_process_gives_and_what_was_read_there_is_known_here(tmp_path, address):
    here, there = (given(tmp_path / name, READS, _2_panne=notebook("# Panne", FAILS)) for name in "ab")
    for one, place in ((here, None), (there, partial(on_cluster, address))):
        outcome = build(one, runs(one), place=place)
        assert outcome.run == ["2A/1_essai", "region/1_essai", "region/2_panne"]
        assert [failure.error.error for failure in outcome.failures] == ["ValueError\u00a0: panne dans ."]
    assert contents(there.folder) == contents(here.folder)
    assert b"lu ici" in contents(there.folder)["2A/1_essai.html"]
    assert len(build(there, runs(there)).skipped) == 3
    (tmp_path / "b/data/lu.txt").write_text("lu ailleurs", encoding="utf-8")
    assert build(there, runs(there)).run == ["2A/1_essai", "region/1_essai"]


@pytest.mark.slow
def test_an_edition_sees_its_own_day_though_the_parcel_is_the_same(tmp_path, address):
    made = given(tmp_path, READS)
    for day in (date(2014, 7, 10), date(2014, 9, 30)):
        one = replace(made, edition=day)
        assert not build(one, runs(one), place=partial(on_cluster, address)).failures
        pages = [contents(one.folder)[f"{code}/1_essai.html"] for code in one.territories]
        assert all(f"Édition du {long_date(day)}</a>".encode() in page for page in pages)


@pytest.mark.slow
def test_a_run_whose_worker_dies_is_done_by_another(tmp_path, address):
    made = given(tmp_path, "import time; time.sleep(2)", READS)
    with Client(address, set_as_default=False) as client, ThreadPoolExecutor(1) as pool:
        task = pool.submit(build, made, runs(made), place=partial(on_cluster, address))
        busy = []
        while not busy and not task.done():
            time.sleep(0.05)
            busy = [w for w, keys in client.processing().items() if any("there" in k for k in keys)]
        os.kill(client.run(os.getpid)[busy[0]], signal.SIGKILL)
        assert not task.result().failures
    assert len(task.result().run) == 2


def test_a_worker_with_other_versions_refuses_and_a_scheduler_that_does_not_answer_is_a_sentence(tmp_path):
    made = given(tmp_path, READS)
    other = {**cluster.installed(PROGRAM), "pandas": "0.1"}
    with pytest.raises(StudyError, match=r"versions.*: pandas\."):
        cluster._there(packed(made), made, other, runs(made)[0])
    nobody, soon = partial(on_cluster, "tcp://127.0.0.1:9"), {"distributed.comm.timeouts.connect": "200ms"}
    with dask.config.set(soon), pytest.raises(StudyError, match="injoignable"):
        build(made, runs(made), place=nobody)
