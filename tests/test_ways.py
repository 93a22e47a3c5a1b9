"""Notebooks run in a forked process, in one started anew and in an ordinary kernel give the same files, to the byte."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from notebook_reports import processes
from notebook_reports.build import fixed_environment
from notebook_reports.execute import Produced, produce
from notebook_reports.publication import Publication, runs
from spls_study.cli.options import publication_of
from spls_study.study import load_study

pytestmark = [pytest.mark.reports, pytest.mark.slow]
STUDY = load_study(Path(__file__).parent.parent / "study.toml")
WAYS = ("fork", "spawn", "jupyter")
NOTEBOOKS = sorted(f.stem for f in (STUDY.root / "notebooks").glob("[0-9]*_*.ipynb"))


def produced(publication: Publication) -> dict[str, Produced]:
    with fixed_environment(publication.environment), ThreadPoolExecutor() as pool:
        asked = runs(publication, ["17"])
        return dict(
            zip((run.notebook.stem for run in asked), pool.map(partial(produce, publication), asked), strict=True)
        )


@pytest.fixture(scope="module")
def each(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Produced]]:
    folder = tmp_path_factory.mktemp("manieres")
    given = publication_of(STUDY, folder / "reports")
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        for way in WAYS:
            patch.setattr(processes, "default_way", lambda way=way: way)
            found[way] = produced(given)
    return found


@pytest.mark.parametrize("way", WAYS[1:])
@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_the_same_bytes_whatever_runs_the_cells(notebook: str, way: str, each: dict[str, dict[str, Produced]]) -> None:
    forked, other = each["fork"][notebook], each[way][notebook]
    assert forked.failure is None and forked.read == other.read
    assert {f"17/{notebook}.html", f"17/{notebook}.pdf"} < set(forked.files)
    for name in sorted({*forked.files, *other.files}):
        assert forked.files.get(name) == other.files.get(name), name
