"""What data/raw/README.md says of its wrong rows is what `check` says of them."""

import re
import shutil

from conftest import ROOT
from spls_study.intake import check
from spls_study.study import Study


def test_the_demonstration_is_read_as_its_readme_tells(study: Study) -> None:
    shutil.copytree(ROOT / "data" / "raw", study.raw, dirs_exist_ok=True)
    readme = (study.raw / "README.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `([^`]+)` \| (\d+) \| .* \| (.*) \|$", readme, re.MULTILINE)
    assert told
    report = check(study)
    assert report.set_aside == ()
    programmation = [
        {
            (row.fichier.removeprefix("programmation/"), str(row.ligne))
            for row in found.itertuples()
            if row.fichier.startswith("programmation/") and "en-tête n'est pas reconnu" not in row.motif
        }
        for found in (report.refusals, report.warnings)
    ]
    unread = report.warnings[report.warnings["motif"].str.contains("en-tête n'est pas reconnu")]
    assert set(unread["fichier"]) == {"programmation/sisal_ddt86.xlsx"}  # of columns, not of rows
    assert programmation == [
        {(name, line) for name, line, outcome in told if outcome.startswith("ligne refusée")},
        {(name, line) for name, line, outcome in told if "avertissement" in outcome},
    ]
