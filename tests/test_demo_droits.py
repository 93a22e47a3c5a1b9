import csv
import io
from collections import Counter

from demo import EDITIONS
from demo.droits import part

COMPTES = {
    e.folder: list(csv.DictReader(io.StringIO(part(e).files["comptes.csv"].decode("utf-8-sig")), delimiter=";"))
    for e in EDITIONS
}


def test_about_120_accounts_with_what_real_life_has() -> None:
    for edition in EDITIONS:
        rows = COMPTES[edition.folder]
        assert 110 <= len(rows) <= 140
        keys = Counter((r["compte"], r["organisme"], r["profil_demande"]) for r in rows)
        assert max(keys.values()) == 2  # asked again
        assert {"Signature bailleur", "Validation bailleur"} <= {r["profil_demande"] for r in rows}
        assert not any(r["profil_demande"] == "Consultation partenaire" for r in rows)
        assert {"refusé", "retiré", "ouvert"} <= {r["statut"] for r in rows}


def test_nothing_is_dated_after_the_extraction() -> None:
    for edition in EDITIONS:
        for row in COMPTES[edition.folder]:
            for column in (c for c in row if c.startswith("date_") and row[c]):
                day, month, year = map(int, row[column].split("/"))
                assert (year, month, day) <= edition.extraction.timetuple()[:3]


def test_the_later_edition_knows_what_the_first_knew() -> None:
    first, later = COMPTES[""], COMPTES["demo/intermediaire"]
    opened = {(r["compte"], r["date_ouverture"]) for r in first if r["date_ouverture"]}
    assert opened < {(r["compte"], r["date_ouverture"]) for r in later if r["date_ouverture"]}
    assert not any(r["organisme"] == "DD079" for r in first)  # a gestionnaire with nobody yet
    assert any(r["organisme"] == "DD079" for r in later)
