"""The command on a small study, in this process or in one of its own, and the processes that it leaves."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import nbformat
import psutil
import pytest
from publishing import notebook

from spls_study.cli import main

SHOW = """from spls_study.study import load_study
from spls_study.show import say
study = load_study(etude)
say(study.territory(territoire).nom, study.etude.edition.isoformat())"""
STUDY = """[etude]
titre = "Déploiement de SPLS en Poitou-Charentes"
application = "SPLS"
edition = 2014-07-10
extraction = 2014-07-01
annees = [2010, 2014]
annee_reference = 2013
[region]
code = "54"
nom = "Poitou-Charentes"
[departements]
17 = "Charente-Maritime"
79 = "Deux-Sèvres"
[[gestionnaires]]
id = "DD017"
nom = "DDTM 17"
departement = "17"
[[gestionnaires]]
id = "DD079"
nom = "DDT 79"
departement = "79"
[copil]
date = 2014-07-10
auteur = "DREAL Poitou-Charentes"
contact = "spls@exemple.fr"
[publication]
"""
PROGRAMMATION = (
    "numero_operation;annee_programmation;gestionnaire;commune;moa_siret;moa_nom;produit;"
    "nature_logement;type_beneficiaire;nb_logements\n"
)
COMMAND = (sys.executable, "-m", "spls_study")


def quickly(values: Iterable[Any], *quick: Any) -> list[Any]:
    """Parameters, of which some are tried in the quick suite and the others in the whole one alone."""
    slow = {value: () if value in quick else pytest.mark.slow for value in values}
    return [pytest.param(*(v if isinstance(v, tuple) else (v,)), marks=marks) for v, marks in slow.items()]


def run(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """The command in this process, whose libraries are loaded: an exit status and what it says."""
    said, told = StringIO(), StringIO()
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(said), redirect_stderr(told):
        patch.chdir(folder)
        patch.setenv("PYTHONUTF8", "1")  # as the command would
        patch.setattr(sys, "argv", ["spls-study", *arguments])
        patch.setattr(sys.modules["__main__"], "__package__", None, raising=False)  # else its name is that of pytest
        with pytest.raises(SystemExit) as end:
            main()
    for number, handler in handlers.items():
        signal.signal(number, handler)
    return subprocess.CompletedProcess(arguments, int(end.value.code or 0), said.getvalue(), told.getvalue())


def process(folder: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """The command as people give it."""
    env = {**os.environ, "PYTHONUTF8": "1", "COLUMNS": "200", **environment}
    return subprocess.run(
        [*COMMAND, *arguments], cwd=folder, env=env, capture_output=True, encoding="utf-8", check=False
    )


def small_study(folder: Path) -> Path:
    """A study of two departments, without data and with one small notebook."""
    (folder / "data" / "raw").mkdir(parents=True)
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    (folder / "notebooks").mkdir()
    add_notebook(folder, "1_essai")
    return folder


def programmed(*dwellings: object) -> str:
    """A file of `programmation`: an operation of one row for each number of dwellings."""
    row = "2013DD017000{};2013;DDTM 17;La Rochelle;;Office;PLUS;;;{}\n"
    return PROGRAMMATION + "".join(row.format(rank, number) for rank, number in enumerate(dwellings, start=1))


def add_notebook(folder: Path, name: str, *sources: str) -> None:
    nbformat.write(notebook("# Essai", SHOW, *sources), folder / "notebooks" / f"{name}.ipynb")
    publish_own(folder)


def publish_own(folder: Path) -> None:
    """Publish the study's own notebooks and no other; `[publication]` ends study.toml."""
    names = sorted(file.stem for file in (folder / "notebooks").glob("*.ipynb"))
    study = (folder / "study.toml").read_text(encoding="utf-8").partition("carnets = ")[0]
    (folder / "study.toml").write_text(f"{study}carnets = {names}\n", encoding="utf-8")


def swap(file: Path, old: str, new: str, encoding: str = "utf-8") -> None:
    """Change a text of a file."""
    text = file.read_bytes().decode(encoding)
    assert old in text, f"{file}: {old}"
    file.write_bytes(text.replace(old, new, 1).encode(encoding))


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


class Started:
    """A command in a session of its own, whose descendants are known by a mark."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._mark = uuid4().hex
        self.process = psutil.Popen(
            [*COMMAND, *arguments],
            cwd=folder,
            env={**os.environ, "SPLS_MARK": self._mark},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,
        )

    def until(self, pattern: str, number: int = 1) -> None:
        """Wait for files that its notebooks make."""
        while len(list(Path(self.process.cwd()).glob(pattern))) < number:
            assert self.process.poll() is None
            time.sleep(0.05)

    def processes(self) -> list[psutil.Process]:
        return [p for p in psutil.process_iter() if self._is_ours(p)]

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            return process.environ().get("SPLS_MARK") == self._mark
        except psutil.Error:
            return False

    def left(self, seconds: float = 10) -> list[str]:
        """What still lives when the command has ended, and some seconds more."""
        self.process.wait()
        end = time.monotonic() + seconds
        while (found := self.processes()) and time.monotonic() < end:
            psutil.wait_procs(found, timeout=0.1)
        return [str(process) for process in found]
