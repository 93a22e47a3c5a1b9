"""The rules of each table, from received rows to checked ones: what is refused, what is warned of."""

import re

import pandas as pd
import pytest
from corpus import book
from hypothesis import given
from hypothesis import strategies as st
from samples import told

from conftest import HEADER, ROOT, ROW, pairs
from spls_study.intake import check
from spls_study.intake.persons import is_person
from spls_study.intake.sheets import Unreadable
from spls_study.intake.table import dependencies, headers_of, listed
from spls_study.study import load_study
from spls_study.tables import empty, read_table

STUDY = load_study(ROOT / "study.toml")
PLACE = "ligne colonne valeur"
SISAL = [
    *("", "Année Gestion Programmation", "Année Gestion Clôture", "Année Gestion Début", "N° Opération GALION"),
    *("Commune", "Zone 123", "Zone ABC", "Type Financement", "Gestionnaire", "MOA (nom officiel)", "MOA (code SIRET)"),
    *("Type d'habitat", "Nom Opération", "Nature logement", "Type Bénéficiaire", "Produit", "Nb logts", "SU totale"),
    *("Gestionnaire (code)", "Opération code postal"),
]


@pytest.fixture
def received(study):
    """Writes tables as CSV, reads them; the report."""

    def run(**tables):
        for name, text in tables.items():
            (study.raw / f"{name}.csv").write_text(text, encoding="utf-8")
        report = check(study)
        assert report.set_aside == ()
        return report

    return run


@pytest.fixture
def warned(received):
    """Line, column and value of the warnings of tables written as CSV; no row may be refused."""

    def run(**tables):
        report = received(**tables)
        assert report.refusals.empty
        return told(report.warnings, PLACE)

    return run


# Headers


def test_a_sisal_header_is_matched_whole():
    found = headers_of("programmation").match(SISAL)
    known = {"numero_operation": 4, "annee_programmation": 1, "annee_cloture": 2, "zone_abc": 7, "nb_logements": 17}
    known |= {"surface_utile": 18, "code_postal": 20, "type_habitat": 12}
    assert {name: found[name][0] for name in known} == known
    assert found["gestionnaire"] == [19, 9] and "departement" not in found  # the code before the label
    recent = {"statut": "Statut de l'opération", "annee_programmation": "Année Programmation retenue"}
    for name, header in recent.items():
        others = [h for h in SISAL if name != "annee_programmation" or "Programmation" not in h]
        assert headers_of("programmation").match([*others, header])[name][-1] == len(others)


def test_the_header_is_looked_for_in_twenty_rows():
    titles = [["Rapport 1"], [""]]
    for rows, found in (
        ([*titles, SISAL, ["2013"] * 21], (2, 18)),
        ([*titles * 9, [], SISAL], (19, 18)),
        ([*titles * 10, SISAL], (0, 0)),
        ([["Commune", "Remarque"]], (0, 0)),  # a word is not a header
    ):
        assert headers_of("programmation").search(rows) == found


def test_a_header_that_lacks_columns_or_has_one_twice_is_told_so():
    for header, words in (
        ("ID Nom Rôle Départements", "colonne obligatoire absente (famille)"),
        ("ID Nom Rôle", "famille et departements"),
        ("ID Nom Rôle Famille Départements NOM", "en-tête en double («\u00a0Nom\u00a0»)"),
    ):
        with pytest.raises(Unreadable, match=re.escape(words)):
            headers_of("organismes").match(header.split())


def test_a_filled_column_that_nobody_reads_is_told_with_the_name_it_resembles(study, programmation):
    programmation({"Statuts": "Annulée", "SU totale (m²)": "80,5", "Remarque": "à revoir", "Vide": ""})
    warnings = check(study).warnings
    said = dict(zip(warnings["valeur"], warnings["motif"], strict=True))
    assert said.keys() == {"Statuts", "Remarque"} and list(warnings["ligne"]) == [1, 1]
    assert "si c'est statut, donnez-lui ce nom" in said["Statuts"] and "de trop" in said["Remarque"]
    assert list(read_table(study, "programmation")["surface_utile"]) == [80.5]


def book_of(study, table, **sheets):
    (study.raw / f"{table}.xlsx").write_bytes(book(sheets))
    return check(study)


def test_a_second_header_below_says_where_its_columns_are(study):
    moved = ["nb_logements", *HEADER[:-1]]
    second = ROW | {"numero_operation": "2", "nb_logements": "9"}
    rows = [HEADER, ROW.values(), [], ["Année 2014"], moved, [second[name] for name in moved]]
    report = book_of(study, "programmation", S=rows)
    assert [(f.lues, f.acceptees) for f in report.files] == [(3, 2)] and list(report.refusals["ligne"]) == [4]
    rows = read_table(study, "programmation")
    assert list(rows["nb_logements"]) == [12, 9] and list(rows["ligne"]) == [2, 6]
    assert list(rows["commune"]) == ["La Rochelle"] * 2


def test_the_same_header_again_in_a_text_file_is_no_row(study, programmation):
    programmation({}, dict(zip(HEADER, HEADER, strict=True)), {"numero_operation": "2"})
    assert [(f.lues, f.acceptees) for f in check(study).files] == [(2, 2)]
    assert list(read_table(study, "programmation")["ligne"]) == [2, 4]


def test_a_list_of_choices_beside_the_data_is_left_and_named_and_alone_is_a_table_that_lacks_a_column(study):
    seats = [["instance", "organisme"], ["COPIL", "DD017"]]
    report = book_of(study, "gouvernance", Listes=[["instance"], ["COPIL"]], Saisie=seats)
    assert report.set_aside == () and [f.acceptees for f in report.files] == [1]
    assert "« Listes » non lue, sans organisme" in report.warnings["motif"][0].replace("\u00a0", " ")
    (sentence,) = book_of(study, "gouvernance", Saisie=[["instance"], ["COPIL"]]).set_aside
    assert "absente (organisme)" in sentence


# Programmation: a row a case, all in one file


@pytest.fixture
def sorted_out(study, programmation):
    """Rows told by what differs from an ordinary one, read as one file: the checked rows, and the report."""

    def run(cases):
        numbered = [{"numero_operation": f"2013DD017{i:04d}"} | dict(cells) for i, cells in enumerate(cases)]
        programmation(*numbered)
        report = check(study)
        assert len(read_table(study, "programmation")) == len(numbered) - len(report.refusals)
        return read_table(study, "programmation"), report

    return run


def typed(text):
    return dict(cell.split("=", 1) for cell in text.split(" & "))


def shown(row, names):
    return {name: "" if pd.isna(row[name]) else str(row[name]) for name in names}


READ = (
    "gestionnaire=DD017 → gestionnaire=DD017 & departement=17 & code_insee=17300 | "
    "gestionnaire=ddtm  17 → gestionnaire=DD017 & departement=17 & code_insee=17300 | "
    "gestionnaire=DDTM DE LA CHARENTE-MARITIME → gestionnaire=DD017 | "
    "gestionnaire=DDT quelconque & Gestionnaire (code)=DD017 → gestionnaire=DD017 | "
    "commune=Poitiers & gestionnaire=DDT 86 & departement=86 → code_insee=86194 | "
    "commune=Poitiers & gestionnaire= & code_insee=86194 → departement=86 | "
    "commune=Poitiers & gestionnaire=Grand Poitiers → departement=86 & code_insee=86194 | "
    "nb_logements=12,0 & surface_utile=1\u202f017,2 → nb_logements=12 & surface_utile=1017.2 | "
    "date_depot=41395 & annee_cloture=NA → date_depot=2013-05-01 00:00:00 & annee_cloture= | "
    "date_agrement=12/11/2013 → date_agrement=2013-11-12 00:00:00 | "
    "moa_siret='5550000300011 → moa_siret=05550000300011 | "
    "type_beneficiaire=Non renseigné → type_beneficiaire="
)
REFUSED = (
    "departement=33 → departement → hors de l'étude | "
    "gestionnaire= & code_insee=33063 → code_insee → hors de l'étude | "
    "gestionnaire= → departement → département introuvable | "
    "gestionnaire=CA d'Arles → gestionnaire → [[gestionnaires]] | "  # what to declare
    "departement=16 → commune → hors du département | "
    "code_insee=79191 → code_insee → hors du département | "
    "commune=NIORT → commune → hors du département | "
    "annee_programmation=2009 → annee_programmation → hors de l'étude | "
    "annee_programmation=en 2013 → annee_programmation → illisible | "
    "nb_logements=-3 → nb_logements → compris entre 0 et 9\u202f999 | "
    "nb_logements=10 000 → nb_logements → compris entre 0 et 9\u202f999 | "
    "nb_logements=12,5 → nb_logements → nombre entier attendu | "
    "nb_logements=douze → nb_logements → illisible | "
    "nb_logements=NC → nb_logements → cellule vide | "
    "numero_operation=  → numero_operation → cellule vide | "
    "numero_operation=2,01386E+12 → numero_operation → notation scientifique | "
    "numero_operation=2.01386e12 → numero_operation → format Texte | "
    "numero_operation=2E+12 → numero_operation → notation scientifique | "
    "produit=PLUS/PLAI → produit → deux produits | "
    "date_depot=01/06/2013 & date_agrement=2013-05-31 → date_agrement → antérieure"
)
WARNED = (  # of the first cell told
    "surface_utile=à venir → surface_utile= | surface_utile=#VALUE! → surface_utile= | "
    "date_depot=12/05/1970 → date_depot= | date_agrement=2031-01-01 → date_agrement= | "
    "commune=Trifouillis → code_insee= | commune=#REF! → commune= | "
    "code_insee=17999 → code_insee=17300 | "  # found again by the label
    "code_insee=17001 & commune=Agonnay → code_insee=17397 | "  # gone before 2014
    "departement=à voir → departement=17 | gestionnaire=Mairie & departement=17 → gestionnaire=Mairie | "
    "moa_siret=123 → moa_siret=123 | moa_siret=4,84E+13 → moa_siret= | "
    "produit=PLUS CD → produit=PLUS | produit=bail réel → produit=BAIL RÉEL"
)


@pytest.mark.parametrize(("cases", "warned"), [(READ, False), (WARNED, True)], ids=["read", "warned"])
def test_what_is_read_without_a_word_or_with_one(sorted_out, cases, warned):
    given, expected = zip(*[map(typed, case) for case in pairs(cases)], strict=True)
    rows, report = sorted_out(given)
    assert report.refusals.empty
    assert [shown(row, told) for row, told in zip(rows.to_dict("records"), expected, strict=True)] == [*expected]
    assert list(report.warnings["colonne"]) == [next(iter(case)) for case in given] * warned


def test_what_is_refused(sorted_out):
    given, columns, reasons = zip(*pairs(REFUSED), strict=True)
    _, report = sorted_out(map(typed, given))
    refusals = report.refusals
    assert list(refusals["ligne"]) == [*range(2, len(given) + 2)] and list(refusals["colonne"]) == [*columns]
    written = [(ROW | typed(case)).get(column, "") for case, column in zip(given, columns, strict=True)]
    assert list(refusals["valeur"]) == written
    for sentence, reason in zip(refusals["motif"], reasons, strict=True):
        assert reason in sentence


# Dates after the extraction (1 July 2014): told and kept, in what is past by nature.

LATE = "date postérieure à l'extraction (1er juillet 2014)"


def test_each_date_after_the_extraction_is_told_and_stays_but_of_a_row_that_is_refused(sorted_out):
    days = ["01/07/2014", *["02/07/2014"] * 7, ""]  # the day of the extraction is not after it
    wrong = {"date_agrement": "02/07/2014", "produit": "PLS/PLUS"}
    rows, report = sorted_out([*({"date_agrement": day} for day in days), wrong])
    assert rows["date_agrement"].notna().sum() == 8 and set(report.warnings["motif"].str.split(",").str[0]) == {LATE}
    assert told(report.warnings, PLACE) == " | ".join(f"{line} date_agrement 02/07/2014" for line in range(3, 10))
    [sentence] = [line for line in report.lines if "date_agrement" in line]
    assert "quelle, 7 fois («\u00a002/07/2014\u00a0»\u202f; lignes 3, 4, 5…)\u202f; à vérifier" in sentence


def test_facts_are_warned_of_and_plans_are_not(received):
    day, past = ";24/12/2014", ["date_invitation", "date_demande", "date_ouverture", "date_premiere_connexion"]
    row = {**ROW, "numero_operation": "2013DD0170009"}
    dates = ["date_depot", "date_programmation", "date_agrement"]
    report = received(
        comptes=f"compte;organisme;departement;fonction;profil_demande;{';'.join(past)}\nC1;B1;17;F;P{day * 4}\n",
        rapprochement=";".join([*row, *dates]) + "\n" + ";".join(row.values()) + day * 3 + "\n",
        calendrier=f"id;etape;libelle;type;debut_prevu;fin_prevue\nT1;E;L;tâche;01/06/2014{day}\n",
        points_discussion=f"id;date;theme;point;echeance\nP1;12/06/2014;T;P{day}\n",
    )
    assert report.refusals.empty and sorted(report.warnings["colonne"]) == sorted([*past, *dates])
    assert report.warnings["motif"].str.startswith(LATE).all()


# The other tables

ORGANISMES = "id;nom;role;famille;departements;siren\n"
ORGANISMES += "DD017;DDTM 17;gestionnaire;DDTM;17;\nB1;Office A;bailleur;OPH;17|79;552100554\n"
CHARTE = "clause;theme;organisme;position\n"


@pytest.mark.parametrize(
    ("text", "read"),
    pairs(
        "17|79 → 17|79 | 17 et 79 → 17|79 | 79, 17 → 17|79 | 17 & 79 → 17|79 | 17 + 79 → 17|79 | 17/79 → 17|79 | "
        "Charente et Vienne → 16|86 | 16 - Charente → 16 | 16 (Charente); 86 → 16|86 | "
        "17-79 →  | 17 79 →  | 16 à 86 →  | tous → "
    ),
)
def test_a_list_of_departments_is_read_whole_or_not_at_all(text, read):
    assert (listed("départements", text, STUDY) or "") == read


@given(st.lists(st.sampled_from(["16", "17", "79", "86"]), min_size=1, unique=True), st.data())
def test_no_separator_makes_a_list_lose_a_department(codes, data):
    between = st.sampled_from([" ", "-", " à ", "|", ";", ",", "\n", " et ", "/", " / ", ", ", " puis ", ".", "  "])
    text = codes[0] + "".join(data.draw(between) + code for code in codes[1:])
    assert listed("départements", text, STUDY) in (None, "|".join(sorted(codes)))


def test_organismes(study, received):
    report = received(
        organismes="Identifiant,Organisme,Rôle,Famille,Départements,SIREN,Courriel,Parc\n"
        "a,A,Bailleur,OPH,17|16,18,x@exemple.fr,1 200\n"
        'b,B,bailleurs,ESH,"16, Vienne",123456789,,à venir\n'
        "c,C,partenaire,,la région,000000018,,-1\n"
        "a,A bis,bailleur,OPH,16,,y@exemple.fr,3\n"
        "d,D,bailleur,OPH,16,,,4,z@exemple.fr\n"  # a shifted cell may be any column's: personal
    )
    read = told(read_table(study, "organismes"), "role departements siren nb_logements")
    assert read == "bailleur 16|17 18 1200 | - 16|86 123456789 - | partenaire - 000000018 -"
    assert told(report.warnings, PLACE) == (
        "2 siren 18 | 3 nb_logements à venir | 3 role bailleurs | 3 siren 123456789 | 4 departements la région | "
        "4 nb_logements -1"
    )
    twice, shifted = report.refusals.itertuples(index=False)
    assert twice.motif.startswith("même clé qu'une ligne déjà lue (organismes.csv, ligne 2)")
    assert (shifted.ligne, shifted.valeur) == (6, "(masqué)")


def test_accounts_have_codes_and_a_second_request_is_no_duplicate(study, received):
    report = received(
        comptes="compte;organisme;departement;fonction;profil_demande;date_demande;statut\n"
        "C1;B1;Vienne;Instructeur;Saisie;01/06/2014;\n"
        "C1;B1;86;Instructeur;Saisie;20/06/2014;\n"  # asked again
        "C1;B1;86;Instructeur;Saisie;20/06/2014;\n"  # the same line twice
        "C2;B1;Ailleurs;Instructeur;Saisie;;\n"
        ";B1;86;Instructeur;Saisie;;\n"
    )
    assert read_table(study, "comptes").departement.fillna("?").tolist() == ["86", "86", "?"]
    assert told(report.refusals, "ligne valeur") == "4 (masqué) | 6 (masqué)"


def test_a_gestionnaire_is_known_by_any_of_its_names(study, received):
    header = "Gestionnaire;Ordre;Étape;Acteur;Support;Début;Fin;Ressaisie\n"
    report = received(
        processus_1=header + "DDT de la Vienne;1;Dépôt;Bailleur;papier;01/06/2014;05/06/2014;OUI\n"
        "DD086;2;Avis;EPCI;courriel;09/06/2014;01/06/2014;peut-être\n",
        processus_2=header + "DDT 33;un;Dépôt;;;;;\nDDT 33;1;Dépôt;;;;;\n",
    )
    table = read_table(study, "processus").sort_values(["gestionnaire", "ordre"])
    assert told(table, "gestionnaire ressaisie") == "DD086 oui | DD086 - | DDT 33 -"
    warned = " ".join([*report.warnings["motif"], *report.warnings["valeur"]])
    assert all(words in warned for words in ("absent de study.toml", "fin antérieure au début", "peut-être"))


def test_meetings_are_days_however_they_are_typed(study, warned):
    seats = 'COPIL;DD017;Chef;"15/05/2014, 12/06/2014"\nCOPIL;B1;Directeur;2014-06-12\nCOPIL;b1;DG;hier|12/06/2014\n'
    header = "instance;organisme;personne_role;presences\n"
    assert warned(organismes=ORGANISMES, gouvernance=header + seats) == "4 presences hier|12/06/2014"
    assert told(read_table(study, "gouvernance"), "presences") == "2014-05-15|2014-06-12 | 2014-06-12 | -"


def test_an_organisme_is_known_by_its_id_its_name_or_its_siren(study, warned):
    assert warned(charte=CHARTE + "C1;x;Mairie;accord\n") == ""  # without organismes nobody is a stranger
    names = ("DDTM 17", "b1", "552100554", "office a", "Mairie")
    rows = "".join(f"C{n};x;{who};accord\n" for n, who in enumerate(names))
    assert warned(organismes=ORGANISMES, charte=CHARTE + rows) == "6 organisme Mairie"
    assert list(read_table(study, "charte")["organisme"]) == ["DD017", "B1", "B1", "B1", "Mairie"]
    warned(organismes=ORGANISMES.replace("Office A", "Mairie"))  # the same charter, other organismes
    assert list(read_table(study, "charte")["organisme"])[-2:] == ["office a", "B1"]


def test_territories_are_codes_names_or_the_region(study, warned):
    header = "id;date;territoire;public;places;inscrits;presents\n"
    places = ("17", "Vienne", "Région", "poitou charentes", "33", "17 - Charente-Maritime")
    rows = "".join(f"F{n};16/06/2014;{place};Tous;9;{n};5\n" for n, place in enumerate(places, start=4))
    assert warned(formations=header + rows) == "2 presents 5 | 6 territoire 33"
    assert told(read_table(study, "formations"), "territoire") == "17 | 86 | region | region | - | 17"


def test_a_calendar_as_people_type_it(study, warned):
    rows = (
        "id;etape;libelle;type;debut_prevu;fin_prevue;debut_reel;fin_reelle;responsable;depend_de\n"
        "T1;1;A;tâche;avril 2014;04/2014;;;DREAL;\n"
        "T2;1;B;tâche;02/05/2014;30/06/14;03.05.2014;02.05.2014;Mme Durand;t1\n"
        'T3;2;C;tâche;06/07/2014;5 juillet 2014;;;DDTM 17;"T1;T2"\n'
        "T4;2;D;tâche;01/08/2014;;;;;T4 et T9\n"
        "T5;2;E;tâche;01/08/2014;;;;;T6\n"
        "T6;2;F;tâche;01/08/2014;;;;;T5\n"
    )
    assert warned(calendrier=rows) == (
        "3 fin_reelle 02.05.2014 | 3 responsable Mme Durand | 4 fin_prevue 5 juillet 2014 | 5 depend_de T4 | "
        "5 depend_de T9 | 6 depend_de T6"
    )
    assert told(read_table(study, "calendrier"), "id debut_prevu fin_prevue depend_de") == (
        "T1 2014-04-01 2014-04-30 - | T2 2014-05-02 2014-06-30 T1 | T3 2014-07-06 - T1|T2 | T4 2014-08-01 - - | "
        "T5 2014-08-01 - - | T6 2014-08-01 - T5"
    )


@given(st.lists(st.tuples(st.sampled_from("ABCD"), st.lists(st.sampled_from("ABCDz"))), unique_by=lambda t: t[0]))
def test_dependencies_are_of_tasks_that_are_there_and_never_turn_in_a_circle(tasks):
    rows = empty("calendrier").reindex(range(len(tasks)))
    rows = rows.assign(
        id=pd.Series([task for task, _ in tasks], dtype="str"),
        depend_de=pd.Series(["|".join(dict.fromkeys(names)) or None for _, names in tasks], dtype="str"),
    )
    kept, said = dependencies("calendrier", rows)
    own = kept.dropna(subset="depend_de")
    links = {(task, name) for task, names in zip(own["id"], own["depend_de"], strict=True) for name in names.split("|")}
    assert {n for _, n in links} <= {task for task, _ in tasks}
    assert len(links) + len(said) == sum(len(set(names)) for _, names in tasks)
    reached = set(links)
    for _ in tasks:
        reached |= {(a, d) for a, b in reached for c, d in links if b == c}
    assert all(a != b for a, b in reached)


def test_a_name_of_a_person_is_seen_and_that_of_a_service_is_none():
    for text in ("Mme Durand", "M. Le Goff", "Marie DURAND", "Jean-Paul MARTIN", "a.durand@exemple.fr"):
        assert is_person(text), text
    for text in ("DREAL", "DDTM 17", "Équipe projet", "M. le préfet", "Direction DREAL", "Chef de pôle"):
        assert not is_person(text), text
