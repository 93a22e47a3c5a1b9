"""The commit hook: what a notebook must not carry into the repository."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import yaml
from command import notebook

from demo.stored import cleaned as hooked
from notebook_reports import notebook as nb

ROOT = Path(__file__).parent.parent


def test_the_hook_cleans_a_notebook_once_and_leaves_the_committed_ones(tmp_path):
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    [hook] = config["repos"][0]["hooks"]
    program, *rest = hook["entry"].split()
    assert program == "python"

    def run(*files):
        command = [sys.executable, *rest, *map(str, files)]
        return subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode

    committed = sorted((ROOT / "notebooks").glob("*.ipynb"))
    before = [f.read_bytes() for f in committed]
    assert all(re.search(hook["files"], f.relative_to(ROOT).as_posix()) for f in committed)
    dirty, book = tmp_path / "carnet.ipynb", notebook("# Essai", "1")
    cell = book.cells[2]
    cell.execution_count, cell.metadata["execution"] = 3, {"iopub.execute_input": "2014"}
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "a1"}, "text/plain": "1"}
    cell.outputs = [nbformat.v4.new_output("execute_result", view, execution_count=3)]
    book.metadata["widgets"] = {"state": {}}
    nbformat.write(book, dirty)
    assert run(*committed, dirty) == 1 and not hooked(dirty)
    assert [f.read_bytes() for f in committed] == before
    cleaned = nb.read(dirty)
    assert cleaned.cells[2].outputs[0].data == {"text/plain": "1"}
    text = dirty.read_text(encoding="utf-8")
    assert not any(word in text for word in ("model_id", "iopub", "widgets", 'count": 3'))
