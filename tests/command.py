"""The command on a small study, and the processes that it leaves."""

import os
import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

import nbformat
import psutil
from publishing import notebook

from spls_study.study import PACKAGE

SHOW = """from spls_study.study import load_study
from spls_study.show import say
study = load_study(etude)
say(study.territory(territoire).nom, study.etude.edition.isoformat())"""
COMMAND = (sys.executable, "-m", "spls_study")


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONUTF8": "1", "COLUMNS": "200"}
    return subprocess.run(
        [*COMMAND, *arguments], cwd=folder, env=env, capture_output=True, text=True, encoding="utf-8", check=False
    )


def small_study(folder: Path) -> Path:
    """A study without data and with one small notebook."""
    study = (PACKAGE.parent / "study.toml").read_text(encoding="utf-8")
    study += "\n[publication]\n"
    (folder / "study.toml").write_text(study, encoding="utf-8")
    (folder / "data" / "raw").mkdir(parents=True)
    (folder / "notebooks").mkdir()
    add_notebook(folder, "1_essai")
    return folder


def add_notebook(folder: Path, name: str, *sources: str) -> None:
    nbformat.write(notebook("# Essai", SHOW, *sources), folder / "notebooks" / f"{name}.ipynb")
    publish_own(folder)


def publish_own(folder: Path) -> None:
    """Publish the study's own notebooks and no other; `[publication]` ends study.toml."""
    names = sorted(file.stem for file in (folder / "notebooks").glob("*.ipynb"))
    study = (folder / "study.toml").read_text(encoding="utf-8").partition("carnets = ")[0]
    (folder / "study.toml").write_text(f"{study}carnets = {names}\n", encoding="utf-8")


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
