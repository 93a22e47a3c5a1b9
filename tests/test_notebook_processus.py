"""Notebook 4 on processes described by all, by one, by none."""

import re

import pytest
from accounts import frame
from running import displayed, tables, words

from spls_study.show.blocks import Block
from spls_study.study import Study

CONTRACT = {  # design.md §4
    "etapes": "gestionnaire ordre etape acteur support duree_mediane ressaisie",
    "integration": "etape gestionnaire fonction_spls couverture ecart",
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
    if territoire == "79" or not CASES[name][0]:
        assert "etapes" not in found  # nothing said for what is not there
        return
    for table, columns in CONTRACT.items():
        wanted = columns.split()
        if table in found:
            assert found[table]["columns"][: len(wanted)] == wanted
    assert "etapes" in found and ("integration" in found) == bool(CASES[name][1])


def test_a_gestionnaire_without_process_is_named_and_counts_nowhere(study: Study) -> None:
    blocks = shown(study, "two processes")
    told = " ".join(words(blocks))
    assert "Le processus de DDT 79, DDT 86 et Grand Poitiers n'a pas été décrit" in told
    assert {row[0] for row in tables(blocks)["charges"]["data"]} == {"DD016", "DD017"}


def test_the_story_tells_what_the_drawing_shows(study: Study) -> None:
    blocks = shown(study, "one process", "16")
    story = next(b for b in blocks if b.kind == "liste" and b.content["ordonnee"]).content["items"]
    assert story == [
        "Bailleur\u00a0: déposer (papier, 4 jours).",
        "DDT 16\u00a0: vérifier (papier, après 5 jours d'attente, ressaisie).",
        "Bailleur\u00a0: compléter (courriel).",
        "DDT 16\u00a0: vérifier (papier, retour à l'étape 2).",
        "EPCI\u00a0: avis (papier, en parallèle).",
        "Commune\u00a0: avis du maire (support non renseigné, en parallèle).",
        "Non renseigné\u00a0: inscrire (Galion).",
    ]


def test_orders_that_differ_are_told(study: Study) -> None:
    told = " ".join(words(shown(study, "two processes")))
    assert "DDT 16 fait «\u00a0Vérifier\u00a0» avant «\u00a0Inscrire\u00a0», DDTM 17 après." in told
