"""A new study: a folder that an analyst fills, without any copy of the program."""

import json
import re
from datetime import date
from pathlib import Path

from notebook_reports.errors import UsageError
from notebook_reports.files import write_atomic

from ..study import CODEBOOKS, SCHEDULING, load_study
from ..tables import TABLES
from .places import of_codes, of_region
from .plan import FILES, SCHEDULES, Plan, rendered
from .templates import template

__all__ = ["plan_of", "write_new"]
OURS = "SPLS"  # the application that the codebooks of the program name


def plan_of(region: str | None, departements: str | None, nom: str | None, application: str, day: date) -> Plan:
    """What the command asks: a region by its code, or departments `16,17` under a name.

    Raises
    ------
    UsageError
        For an unknown code, for both or neither, for several departments without a name.
    """
    if (region is None) == (departements is None):
        raise UsageError("Dites soit --region CODE, soit --departements 16,17 --nom NOM.")
    if region is not None:
        places = of_region(region)
        code, name = places[0].region, nom or places[0].nom_region
    else:
        places = of_codes((departements or "").split(","))
        name = nom or (places[0].nom if len(places) == 1 else "")
        code = "-".join(p.code for p in places)
    if not name:
        raise UsageError("Plusieurs départements\u00a0: donnez-leur un nom par --nom.")
    return Plan(code, name, places, application, day, day, (day.year - 4, day.year))


def write_new(folder: Path, plan: Plan) -> None:
    """Write the study's folder.

    Raises
    ------
    UsageError
        When the folder exists and is not empty: nothing is ever written over.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} existe déjà et n'est pas un dossier vide\u202f; donnez un autre dossier.")
    write_atomic(folder / "study.toml", rendered("study.toml", plan))
    study = load_study(folder / "study.toml")
    for table in TABLES:
        write_atomic(study.raw / f"{table}.xlsx", template(table, study))
    word = json.dumps(plan.application, ensure_ascii=False)[1:-1]
    schedule = SCHEDULING.read_text(encoding="utf-8").replace(OURS, plan.application)
    write_atomic(folder / "docs" / "planification.md", schedule)
    for file in sorted(CODEBOOKS.glob("*.toml")):
        text = file.read_text(encoding="utf-8").replace(OURS, word)
        text = re.sub(r"^cloture = .*$", f"# cloture = {plan.day}", text, flags=re.MULTILINE)
        write_atomic(study.raw / "questionnaires" / file.name, text)
    for file in sorted(SCHEDULES.glob("*")):
        write_atomic(folder / "planification" / file.name, file.read_bytes())
    write_atomic(folder / "README.md", rendered("README.md", plan))
    write_atomic(folder / ".gitignore", (FILES / "gitignore").read_bytes())
