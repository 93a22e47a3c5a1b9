"""Notebook 4 on processes described by all, by one, by none."""

from shutil import copy, copytree

import pytest
from running import displayed, readable, reported, tables, words
from samples import typed

from spls_study.intake import check
from spls_study.study import PACKAGE, load_study

LOOP = typed(
    "ordre etape acteur support ressaisie date_debut date_fin irritant",
    "1 Déposer Bailleur papier - 2014-03-01 2014-03-05 - | 2 Vérifier DDT~16 papier oui 2014-03-10 - - | "
    "3 Compléter Bailleur courriel - - - Long | 4 Vérifier DDT~16 papier - - - - | 5 Avis EPCI papier - - - - | "
    "5 Avis~du~maire Commune - - - - - | 6 Inscrire - Galion - - - -",
    gestionnaire="DDT 16",
)
OTHER = typed(
    "ordre etape", "0 Déposer | 1 Inscrire | 2 Vérifier", gestionnaire="DDTM 17", acteur="Bailleur", support="papier"
)
TARGET = typed(
    "etape ordre fonction_spls couverture acteur_cible",
    "Déposer 1 Saisie couvert Bailleur | Vérifier 2 Pièces à~adapter - | Suivre 3 - couvert -",
)
CASES = {
    "nothing received": ([], []),
    "no process": ([], TARGET),
    "no target": (LOOP, []),
    "one process": (LOOP, TARGET),
    "two processes": (LOOP + OTHER, TARGET),
    "one step": (LOOP[:1], TARGET),
}


def shown(study, name, territoire="region", **more):
    rows = dict(zip(("processus", "etapes_spls"), CASES[name], strict=True))
    return reported(study, "4_processus", rows, territoire, **more)


@pytest.mark.parametrize("name", CASES)
def test_any_study_gives_a_readable_report(name, study):
    for territoire in ("region", "16", "79"):
        blocks = shown(study, name, territoire, slices_are_there=territoire != "region")
        found = readable(blocks, "4")
        assert all(block.text.strip() for block in blocks)
        assert all(block.content["items"] for block in blocks if block.kind == "liste")
        nobody = territoire == "79" or not CASES[name][0]
        assert bool(found["etapes"]["data"]) == (not nobody)
        if nobody:
            assert not [b for b in blocks if b.kind in ("graphique", "intertitre")]  # no page of nothing


def test_two_processes_are_compared_and_who_described_none_counts_nowhere(study):
    blocks = shown(study, "two processes")
    told = " ".join(words(blocks))
    assert "Le processus de DDT 79, DDT 86 et Grand Poitiers n'a pas été décrit" in told
    assert {row[0] for row in tables(blocks)["charges"]["data"]} == {"DD016", "DD017"}
    assert "DDT 16 fait «\u00a0Vérifier\u00a0» avant «\u00a0Inscrire\u00a0», à l'inverse de l'autre" in told


def test_the_table_of_a_department_tells_each_step_and_what_it_becomes(study):
    blocks = shown(study, "one process", "16")
    board = next(b for b in blocks if "etapes_DD016" in tables([b]))
    assert board.content["legende"] == "DDT 16\u00a0: 6 étapes changent sur 6"
    told = " ".join(words([board]))
    assert "support\u00a0: papier → SPLS\u202f; ressaisie à supprimer" in told
    assert "sans équivalent dans la cible" in told and "Non renseigné" not in told
    region = shown(study, "one process", slices_are_there=True)
    assert "Aucune contradiction entre les sources reçues." in [*words(region)]


def test_the_demonstration_holds_its_contradictions_and_a_changed_row_changes_what_it_should(tmp_path):
    copytree(PACKAGE.parent / "data" / "raw", tmp_path / "data" / "raw")
    copy(PACKAGE.parent / "study.toml", tmp_path)
    study = load_study(tmp_path / "study.toml")

    def report(territoire, **more):
        found = tables(displayed("4_processus", study.file, territoire, **more))
        return {name: found[name]["data"] for name in ("etapes", "decisions", "a_verifier")}

    check(study)
    before = report("region")
    to_check = ["Opérations DD016", "Opérations DD017", "Opérations DD079", "Opérations DD086", "Outil 86194"]
    to_check += ["Tableur DD079", "Délai 86194", "Date DD016|DD079|DD086|86194"]
    assert [f"{row[0].split(' ')[0]} {row[-1]}" for row in before["a_verifier"]] == to_check
    assert [row[-1] for row in report("17", slices_are_there=True)["a_verifier"]] == ["DD017"]
    file = study.raw / "processus" / "ddt_79.csv"
    text = file.read_text(encoding="cp1252")
    assert "Consolider le tableau départemental;DDT 79;tableur" in text
    file.write_text(text.replace("départemental;DDT 79;tableur", "départemental;DDT 79;papier"), encoding="cp1252")
    check(study)
    after = report("region")
    assert [row for row in before["a_verifier"] if row not in after["a_verifier"]] == [before["a_verifier"][5]]
    assert len(after["a_verifier"]) == 7 and after["decisions"] == before["decisions"]
    changed = [(row[0], row[2]) for row in after["etapes"] if row not in before["etapes"]]
    assert changed == [("DD079", "Consolider le tableau départemental")]
