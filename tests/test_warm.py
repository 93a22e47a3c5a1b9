"""A warm kernel gives what an ordinary one gives, to the byte."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import nbformat
import pytest
from publishing import notebook as written

from spls_study.cli.publication import publication_of
from spls_study.publish import warm
from spls_study.publish.build import fixed_environment
from spls_study.publish.execute import execute
from spls_study.publish.produce import Produced, produce
from spls_study.publish.publication import Publication, runs
from spls_study.study import load_study

STUDY = load_study(Path(__file__).parent.parent / "study.toml")
KERNELS = ("spls", "python3")
NOTEBOOKS = sorted(f.stem for f in (STUDY.root / "notebooks").glob("[0-9]*_*.ipynb"))


def produced(publication: Publication) -> dict[str, Produced]:
    with fixed_environment(publication.environment), ThreadPoolExecutor() as pool:
        asked = runs(publication, ["17"])
        return dict(
            zip((run.notebook.stem for run in asked), pool.map(partial(produce, publication), asked), strict=True)
        )


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Produced]]:
    """Warm kernels, then ordinary ones."""
    folder = tmp_path_factory.mktemp("noyaux")
    given = publication_of(STUDY, folder / "reports")
    found = []
    with pytest.MonkeyPatch.context() as patch:
        for name in KERNELS:
            patch.setattr(warm, "kernel_name", lambda name=name: name)
            found.append(produced(given))
    return found


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_the_same_bytes_from_a_warm_and_an_ordinary_kernel(notebook: str, both: list[dict[str, Produced]]) -> None:
    warm_one, ordinary = (found[notebook] for found in both)
    assert warm_one.failure is None and warm_one.readings == ordinary.readings
    assert {f"17/{notebook}.html", f"17/{notebook}.pdf"} < set(warm_one.files)
    for name in sorted({*warm_one.files, *ordinary.files}):
        assert warm_one.files.get(name) == ordinary.files.get(name), name


def test_one_is_forked_and_the_other_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = "__import__('multiprocessing').parent_process() is not None"
    nbformat.write(written("# Essai", told), tmp_path / "1_essai.ipynb")
    shown = []
    for name in KERNELS:
        monkeypatch.setattr(warm, "kernel_name", lambda name=name: name)
        executed, _ = execute(tmp_path / "1_essai.ipynb", tmp_path, {})
        shown.append(executed.cells[-1].outputs[0].data["text/plain"])
    assert shown == ["True", "False"]


def test_a_forked_kernel_takes_no_port(tmp_path: Path) -> None:
    """Of several builds at once, one kernel in a thousand found its port taken."""
    asked = "from ipykernel.kernelapp import IPKernelApp; print(IPKernelApp.instance().transport)"
    nbformat.write(written("# Prise", asked), tmp_path / "1_prise.ipynb")
    executed, failure = execute(tmp_path / "1_prise.ipynb", tmp_path, {})
    assert failure is None
    assert [o.text for cell in executed.cells for o in cell.get("outputs", [])] == ["ipc\n"]
