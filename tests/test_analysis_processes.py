import pandas as pd
import pytest
from samples import frame

from spls_study.analysis.processus.processes import charges, durees_communes, etapes, irritants, steps, supports
from spls_study.study import Gestionnaire

SERVICES = (
    Gestionnaire(id="DD017", nom="DDTM 17", departement="17", alias=("Service habitat",)),
    Gestionnaire(id="DD016", nom="DDT 16", departement="16"),
)


def process(*rows: dict[str, object]) -> pd.DataFrame:
    ordered = [{"ordre": i} | row for i, row in enumerate(rows, 1)]
    return steps(frame("processus", ordered, gestionnaire="DDT 16", acteur="DDT 16", support="papier"), SERVICES)


def test_steps_are_those_of_the_study_in_its_order_under_one_name() -> None:
    rows = process(
        {"etape": "Trier", "ordre": 2},
        {"etape": "Dépôt", "ordre": 1},
        {"etape": "dépôt.", "gestionnaire": "service HABITAT"},
        {"etape": "x", "gestionnaire": "DDT 33"},
    )
    assert rows[["gestionnaire", "cle"]].to_numpy().tolist() == [
        ["DD017", "depot"],
        ["DD016", "depot"],
        ["DD016", "trier"],
    ]


def test_a_duration_is_given_else_counted_between_dates_never_negative() -> None:
    rows = process(
        {"etape": "A", "duree_jours": 3.5, "date_debut": "2014-06-01", "date_fin": "2014-06-20"},
        {"etape": "B", "date_debut": "2014-06-01", "date_fin": "2014-06-11"},
        {"etape": "C", "date_debut": "2014-06-11", "date_fin": "2014-06-01"},
        {"etape": "D"},
    )
    assert rows.jours.fillna(-1).tolist() == [3.5, 10, -1, -1]


def test_one_row_a_step_with_the_median_of_its_times() -> None:
    table = etapes(
        process(
            {"etape": "A", "ordre": 1, "duree_jours": 1.0, "ressaisie": "non"},
            {"etape": "A", "ordre": 1, "duree_jours": 9.0, "ressaisie": "oui", "support": "tableur"},
            {"etape": "A", "ordre": 3, "duree_jours": 4.0},
        )
    )
    assert table[["ordre", "duree_mediane"]].to_numpy().tolist() == [[1, 5], [3, 4]]
    assert (table.support[0], table.ressaisie[0]) == ("papier|tableur", "oui")
    assert pd.isna(table.ressaisie[1])


def test_a_step_waits_from_the_last_end_of_all_that_comes_before() -> None:
    table = etapes(
        process(
            {"etape": "A", "ordre": 1, "date_debut": "2014-06-01", "date_fin": "2014-06-02"},
            {"etape": "B", "ordre": 2, "date_debut": "2014-06-04", "date_fin": "2014-06-10"},
            {"etape": "C", "ordre": 2, "date_debut": "2014-06-05", "date_fin": "2014-06-06"},
            {"etape": "D", "ordre": 3, "date_debut": "2014-06-13", "date_fin": None},
            {"etape": "E", "ordre": 4, "date_debut": "2014-06-20"},
        )
    )
    assert table.attente.fillna(-99).tolist() == [-99, 2, 3, 3, -99]


def test_a_process_costs_its_double_entries_its_paper_and_its_waits() -> None:
    table = charges(
        etapes(
            process(
                {"etape": "A", "ordre": 1, "ressaisie": "oui", "date_debut": "2014-06-01", "date_fin": "2014-06-05"},
                {
                    "etape": "B",
                    "ordre": 2,
                    "support": "Papier, courriel",
                    "acteur": "EPCI",
                    "date_debut": "2014-06-10",
                    "date_fin": "2014-06-11",
                },
                {"etape": "C", "ordre": 2, "support": "Courriel et tableur", "date_debut": "2014-06-10"},
                {"etape": "A", "ordre": 3, "support": None},
            )
        )
    )
    row = table.iloc[0]
    assert (row.etapes, row.acteurs, row.ressaisies, row.reprises) == (4, 2, 1, 1)
    assert (row.papier, row.courriel, row.tableur) == (2, 2, 1)
    assert (row.etapes_minutees, row.jours_etapes, row.jours_attente) == (2, 5, 5)


def test_without_any_date_time_is_unknown_not_nil() -> None:
    row = charges(etapes(process({"etape": "A"}))).iloc[0]
    assert pd.isna(row.jours_etapes) and pd.isna(row.jours_attente)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Papier et courriel", {"papier", "courriel"}),
        ("tableur/Galion", {"tableur", "galion"}),
        ("Internet", {"internet"}),
        ("", set()),
    ],
)
def test_supports_are_read_apart(text: str, found: set[str]) -> None:
    assert supports(text) == found


def test_irritants_are_gathered_under_one_step_the_most_told_first() -> None:
    table = irritants(
        etapes(
            process(
                {"etape": "Z", "irritant": "long"},
                {"etape": "Dépôt", "irritant": "double"},
                {"etape": "dépôt", "irritant": "flou", "gestionnaire": "DD017"},
                {"etape": "Y"},
            )
        )
    )
    assert table.to_numpy().tolist() == [
        ["dépôt", "DD017", "flou"],
        ["dépôt", "DD016", "double"],
        ["Z", "DD016", "long"],
    ]


def test_durations_compare_on_steps_that_all_have_and_all_dated() -> None:
    other = {"gestionnaire": "DD017"}
    rows = [
        {"etape": "Dépôt", "duree_jours": 3.0},
        {"etape": "Avis", "duree_jours": 4.0},
        {"etape": "Vote", "duree_jours": 5.0},
        {"etape": "dépôt", "duree_jours": 2.0},  # done again
        other | {"etape": "dépôt", "duree_jours": 7.0},
        other | {"etape": "Avis"},
    ]
    found = durees_communes(etapes(process(*rows)))
    assert found[["DD017", "DD016"]].to_numpy().tolist() == [[7, 5]]
    assert durees_communes(etapes(process(*rows[:4]))).empty
    assert durees_communes(etapes(process())).empty
