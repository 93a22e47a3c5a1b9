import io
from datetime import date

import pandas as pd

from demo.deploiement import part
from demo.parts import Edition
from spls_study.analysis.deploiement.calendrier import calendrier, jalons
from spls_study.tables import empty

JULY = Edition("", date(2014, 7, 10), date(2014, 7, 1))
OCTOBER = Edition("demo/intermediaire", date(2014, 10, 7), date(2014, 10, 1))


def milestones(edition: Edition) -> pd.DataFrame:
    frame = empty("calendrier")
    book = io.BytesIO(part(edition).files["calendrier.xlsx"])
    read = pd.read_excel(book, dtype={"territoire": "str"})
    table = read.reindex(columns=frame.columns).astype(frame.dtypes)
    return jalons(calendrier(table, pd.Timestamp(edition.edition))).set_index("libelle")


def csv(edition: Edition, name: str) -> pd.DataFrame:
    content = io.BytesIO(part(edition).files[name])
    return pd.read_csv(content, sep=";", decimal=",", encoding="utf-8-sig")


def test_the_calendar_is_the_one_of_the_brief():
    july = milestones(JULY)
    assert july.prevu["COPIL du 1er juillet"] == pd.Timestamp("2014-07-01")
    assert july.prevu["Réunion de lancement"] == pd.Timestamp("2014-07-08")
    assert july.prevu["COFIL national"] == pd.Timestamp("2014-07-10")
    assert (july.ecart_jours == 0).all()


def test_in_october_a_late_diagnosis_pushes_the_end():
    october = milestones(OCTOBER)
    assert october.reel_ou_estime["Mise en service de SPLS"] == pd.Timestamp("2014-12-24")
    assert october.ecart_jours["Mise en service de SPLS"] == 14
    assert october.statut["COFIL national"] == "tenu"


def test_nothing_is_known_before_it_happens_and_july_stays_in_october():
    for edition in (JULY, OCTOBER):
        answered = pd.to_datetime(csv(edition, "charte.csv").date, dayfirst=True)
        assert answered.max().date() <= edition.edition
    held = csv(JULY, "formations.csv")
    assert held.presents.isna().all()
    assert held.id.tolist() == csv(OCTOBER, "formations.csv").id.tolist()
    before, after = (csv(e, "gouvernance.csv").presences.fillna("") for e in (JULY, OCTOBER))
    assert all(late.startswith(early) for early, late in zip(before, after, strict=True))


def test_same_bytes_each_time():
    assert part(JULY).files == part(JULY).files
