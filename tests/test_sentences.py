"""Sentences on shares, changes and ranks, at their edges."""

import pandas as pd
from samples import typed

from spls_study import sentences as s
from spls_study.analysis.droits.opening import Rest


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_a_share_of_few_operations_is_a_count_and_its_dash_is_explained():
    assert [plain(s.share_or_count(12, 40, n)) for n in (9, 10)] == ["12 des 40", "30,0 % des"]
    assert "moins de 10 opérations" in s.small_bases(pd.DataFrame({"a": [1.0, "–"]}))
    assert s.small_bases(pd.DataFrame({"a": [1.0]})) == ""


def test_a_change_is_in_dwellings_where_either_year_is_small():
    for now, before, said in (
        ((88, 10), (100, 12), " (\u221212,0 % par rapport à 2012)"),
        ((88, 9), (100, 12), " (\u221212 logements par rapport à 2012)"),
        ((101, 12), (100, 9), " (+1 logement par rapport à 2012)"),
        ((0, 0), (100, 9), ""),
        ((5, 2), (0, 0), ""),
    ):
        years = (pd.Series(counts, ["logements", "operations"]) for counts in (now, before))
        assert plain(s.change(*years, 2012)) == said


def test_names_beyond_five_are_counted_and_equals_lead_together():
    assert s.some_of(list("abcde")) == "a, b, c, d et e"
    assert s.some_of(list("abcdefg")) == "a, b, c, d, e et 2 autres"
    sizes = pd.Series({"A": 3, "B": 7, "C": 7})
    assert s.first_of(sizes, "Le secteur", "reçoit", "des 17 PLS") == "B et C : chacun reçoit 7 des 17 PLS, ex aequo"
    assert s.first_of(sizes[:2], "Le secteur", "reçoit", "des 10 PLS") == "Le secteur B reçoit 7 des 10 PLS"
    many = pd.Series(1, [*"abcde"])
    assert s.first_of(many, "", "reçoit", "des 5 PLS") == "5 lignes : chacun reçoit 1 des 5 PLS, ex aequo"
    names = {"16": "Charente", "79": "Deux-Sèvres", "86": "Vienne"}
    assert s.places_of(["16", "86"], names) == "en Charente et dans la Vienne, ex aequo"
    assert s.places_of(names, names) == "dans 3 départements, ex aequo"


def test_a_campaign_is_told_at_its_ends():
    for counts, said in (
        ((0, 0, 0), "aucun bailleur n'est connu"),
        ((0, 0, 3), "aucun bailleur sur 3 ne peut entrer dans SPLS"),
        ((1, 0, 3), "1 bailleur sur 3 peut entrer dans SPLS, aucun ne peut transmettre"),
        ((2, 1, 3), "2 bailleurs sur 3 peuvent entrer dans SPLS, 1 peut transmettre"),
        ((2, 2, 3), "2 bailleurs sur 3 peuvent entrer dans SPLS et transmettre"),
        ((1, 1, 1), "1 bailleur sur 1 peut entrer dans SPLS et transmettre"),
    ):
        assert s.rights_title("dans l'Ain", *counts, "SPLS") == f"Droits dans l'Ain : {said}"


def test_who_is_missing_is_told_and_nobody_where_all_are_ready():
    rows = pd.DataFrame({"role": "bailleur", "etat": ["aucun accès"] * 2 + ["prêt"], "en_attente": [0, 1, 0]})
    assert s.rights_gap(rows) == "2 bailleurs n'ont aucun accès, dont 1 sans demande en cours."
    assert s.rights_gap(rows[:1]) == "1 bailleur n'a aucun accès, sans demande en cours."
    assert s.rights_gap(rows[1:2]) == "1 bailleur n'a aucun accès."
    assert s.rights_gap(rows[2:]) == ""


def test_a_pace_says_its_end_or_that_there_is_none():
    end = "1 compte reste à ouvrir : au rythme actuel, fin le 1er août 2014"
    assert s.pace_title(Rest(6, 1, 4, pd.Timestamp("2014-08-01").date())) == end
    assert s.pace_title(Rest(900, 800, 1, None)).endswith("fin dans plus de trois ans")
    assert s.pace_title(Rest(6, 0, 4, None)) == "Plus aucun compte ne reste à ouvrir sur 6"


def test_what_differs_most_is_told_with_its_ties():
    names = {"a": "A", "b": "B", "c": "C", "d": "D"}
    columns = ["gestionnaire", "etape", "avant", "contre", "avec", "inversees"]
    shared = pd.DataFrame({"nb_gestionnaires": [4, 1], "gestionnaires": ["a|b|c|d", "a"]})
    a, b, c = ("a", "X", "Y", 3, 0, 2), ("b", "Z", "X", 2, 1, 2), ("c", "X", "Z", 1, 0, 1)
    mirror = ("d", "Z", "X", 1, 0, 1)
    first, second = "A fait « X » avant « Y », à l'inverse des 3 autres", "B fait « Z » avant « X », à l'inverse de 2"
    for rows, told in (
        ([a, c], first),
        ([a, b, c], f"{first} ; {second} autres sur 3"),
        ([c, mirror], "C fait « X » avant « Z », à l'inverse de l'autre"),
        ([a, b, ("d", "Z", "X", 2, 1, 2)], "A, B et D s'écartent le plus, ex aequo, de l'ordre des autres"),
        ([], "1 étape sur 2 est commune à tous"),
    ):
        assert plain(s.divergence(pd.DataFrame(rows, columns=columns), shared, names)) == told


def test_who_missed_what_is_a_sentence_an_instance_equals_together():
    rows = "COPIL B 0 1 | COPIL A 0 1 | COPIL C 1 1 | appui D 6 6 | muette E 0 0"
    seats = pd.DataFrame(typed("instance organisme presences reunions", rows))
    seats = seats.astype({"presences": int, "reunions": int})
    assert [plain(said) for said in s.missed(seats)] == [
        "COPIL, 1 réunion : 1 manquée par A et B ; 1 organisme est venu à chaque fois.",
        "Appui, 6 réunions : 1 organisme est venu à chaque fois.",
    ]
    assert s.missed(seats[:0]) == []


def test_a_rule_goes_one_way_or_the_other():
    assert plain(s.threshold(0.8, 0.4)) == "conforme dès 80 %, à surveiller dès 40 %"
    assert plain(s.threshold(0, 0.25)) == "conforme jusqu'à 0 %, à surveiller jusqu'à 25 %"


def test_where_the_last_milestone_stands():
    for state, day, late, told in (
        ("à venir", "2014-12-24", 14, "« Mise » glisse de 14 jours, au 24 décembre, semaine de Noël"),
        ("à venir", "2014-12-10", 0, "« Mise » tient sa date, le 10 décembre"),
        ("tenu", "2014-12-10", 0, "1 jalon sur 1 tenu"),
        ("à venir", None, None, "« Mise » sans date"),
    ):
        rows = pd.DataFrame({"libelle": "Mise", "reel_ou_estime": pd.to_datetime([day]), "ecart_jours": [late]})
        assert plain(s.milestone_title(rows.assign(statut=state))) == told
        assert s.milestone_title(rows.assign(statut=state)[:0]) == "aucun jalon connu"
