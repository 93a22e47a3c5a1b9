"""Notebook 4 on processes described by all, by one, by none."""

import re
from pathlib import Path
from shutil import copy, copytree

import pytest
from running import displayed, tables, words
from samples import frame

from notebook_reports.blocks import Block
from spls_study.intake import check
from spls_study.study import PACKAGE, Study, load_study

CONTRACT = {  # design.md §4
    "etapes": "gestionnaire ordre etape acteur support duree_mediane ressaisie",
    "integration": "etape gestionnaire fonction_spls couverture ecart",
    "decisions": "etape objet gestionnaires qui echeance",
    "a_verifier": "objet source_a valeur_a source_b valeur_b a_qui",
}
LOOP = [
    {
        "ordre": 1,
        "etape": "Déposer",
        "acteur": "Bailleur",
        "support": "papier",
        "date_debut": "2014-03-01",
        "date_fin": "2014-03-05",
    },
    {
        "ordre": 2,
        "etape": "Vérifier",
        "acteur": "DDT 16",
        "support": "papier",
        "ressaisie": "oui",
        "date_debut": "2014-03-10",
    },
    {"ordre": 3, "etape": "Compléter", "acteur": "Bailleur", "support": "courriel", "irritant": "Long"},
    {"ordre": 4, "etape": "Vérifier", "acteur": "DDT 16", "support": "papier"},
    {"ordre": 5, "etape": "Avis", "acteur": "EPCI", "support": "papier"},
    {"ordre": 5, "etape": "Avis du maire", "acteur": "Commune", "support": None},
    {"ordre": 6, "etape": "Inscrire", "acteur": None, "support": "Galion"},
]
OTHER = [
    {"gestionnaire": "DDTM 17", "ordre": i, "etape": e, "acteur": "Bailleur", "support": "papier"}
    for i, e in enumerate(("Déposer", "Inscrire", "Vérifier"))
]
TARGET = [
    {"etape": "Déposer", "ordre": 1, "fonction_spls": "Saisie", "couverture": "couvert", "acteur_cible": "Bailleur"},
    {"etape": "Vérifier", "ordre": 2, "fonction_spls": "Pièces", "couverture": "à adapter"},
    {"etape": "Suivre", "ordre": 3, "couverture": "couvert"},
]
HOSTILE = '<script>$x$</script> #import "a"'
CASES: dict[str, tuple[list[dict[str, object]], list[dict[str, object]]]] = {
    "nothing received": ([], []),
    "no process": ([], TARGET),
    "no target": (LOOP, []),
    "one process": (LOOP, TARGET),
    "two processes": (LOOP + OTHER, TARGET),
    "one step": (LOOP[:1], TARGET),
    "hostile": (
        [
            row | {"etape": HOSTILE + str(row["ordre"]), "acteur": HOSTILE, "support": HOSTILE, "irritant": HOSTILE}
            for row in LOOP + OTHER
        ],
        [TARGET[0] | {"etape": HOSTILE + "1"}],
    ),
}


def shown(study: Study, name: str, territoire: str = "region") -> list[Block]:
    rows, target = CASES[name]
    study.processed.mkdir(parents=True, exist_ok=True)
    frame("processus", [{"gestionnaire": "DDT 16"} | r for r in rows]).to_parquet(study.processed / "processus.parquet")
    frame("etapes_spls", target).to_parquet(study.processed / "etapes_spls.parquet")
    return displayed("4_processus", study.file, territoire)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("territoire", ["region", "16", "79"])
def test_any_study_gives_a_readable_report(name: str, territoire: str, study: Study) -> None:
    blocks = shown(study, name, territoire)
    for block in blocks:
        assert block.text.strip() and not re.search(r"\bnan\b|None|<NA>|NaT", block.text), block.text
        assert "<script" not in block.html()
        if block.kind == "graphique":
            assert len(block.content["alternative"]) <= 150
        if block.kind == "liste":
            assert block.content["items"]
    found = tables(blocks)
    for table, columns in CONTRACT.items():
        wanted = columns.split()
        assert found[table]["columns"][: len(wanted)] == wanted  # always written, the header alone when nothing
    nobody = territoire == "79" or not CASES[name][0]
    assert not found["etapes"]["data"] if nobody else found["etapes"]["data"]
    if nobody:
        assert not [b for b in blocks if b.kind in ("graphique", "intertitre")]  # no page of nothing


def test_a_gestionnaire_without_process_is_named_and_counts_nowhere(study: Study) -> None:
    blocks = shown(study, "two processes")
    told = " ".join(words(blocks))
    assert "Le processus de DDT 79, DDT 86 et Grand Poitiers n'a pas été décrit" in told
    assert {row[0] for row in tables(blocks)["charges"]["data"]} == {"DD016", "DD017"}


def test_the_table_of_a_department_tells_each_step_and_what_it_becomes(study: Study) -> None:
    blocks = shown(study, "one process", "16")
    board = next(b for b in blocks if "etapes_DD016" in tables([b]))
    assert board.content["legende"] == "DDT 16\u00a0: 6 étapes changent sur 6"
    told = " ".join(words([board]))
    assert "support\u00a0: papier → SPLS\u202f; ressaisie à supprimer" in told
    assert "sans équivalent dans la cible" in told and "Non renseigné" not in told


def test_orders_that_differ_are_told(study: Study) -> None:
    told = " ".join(words(shown(study, "two processes")))
    assert "DDT 16 fait «\u00a0Vérifier\u00a0» avant «\u00a0Inscrire\u00a0», à l'inverse de l'autre" in told


def test_without_contradiction_a_line_says_so(study: Study) -> None:
    assert "Aucune contradiction entre les sources reçues." in [*words(shown(study, "one process"))]


def demonstration(folder: Path) -> Study:
    """A copy of the demonstration, whose raw files may be changed."""
    copytree(PACKAGE.parent / "data" / "raw", folder / "data" / "raw")
    copy(PACKAGE.parent / "study.toml", folder)
    return load_study(folder / "study.toml")


def report(study: Study, territoire: str) -> dict[str, list[list[object]]]:
    check(study)
    found = tables(displayed("4_processus", study.file, territoire))
    return {name: found[name]["data"] for name in ("etapes", "integration", "decisions", "a_verifier")}


def test_the_demonstration_holds_its_contradictions_and_a_changed_row_changes_what_it_should(tmp_path: Path) -> None:
    study = demonstration(tmp_path)
    before = report(study, "region")
    assert [(row[0].split(" ")[0], row[-1]) for row in before["a_verifier"]] == [
        ("Opérations", "DD016"),
        ("Opérations", "DD017"),
        ("Opérations", "DD079"),
        ("Opérations", "DD086"),
        ("Outil", "86194"),
        ("Tableur", "DD079"),
        ("Délai", "86194"),
        ("Date", "DD016|DD079|DD086|86194"),
    ]
    assert [row[-1] for row in report(study, "17")["a_verifier"]] == ["DD017"]
    file = study.raw / "processus" / "ddt_79.csv"
    text = file.read_text(encoding="cp1252")
    assert "Consolider le tableau départemental;DDT 79;tableur" in text
    file.write_text(text.replace("départemental;DDT 79;tableur", "départemental;DDT 79;papier"), encoding="cp1252")
    after = report(study, "region")
    assert [row for row in before["a_verifier"] if row not in after["a_verifier"]] == [before["a_verifier"][5]]
    assert len(after["a_verifier"]) == 7 and after["decisions"] == before["decisions"]
    changed = [(row[0], row[2]) for row in after["etapes"] if row not in before["etapes"]]
    assert changed == [("DD079", "Consolider le tableau départemental")]
