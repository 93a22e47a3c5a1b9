"""Reports on studies with nothing, with little, odd, hostile: tables, readable pages, what they tell."""

import random
import re
import shutil
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from books import put, q
from command import (
    CONTRACT,
    NOTEBOOKS,
    PLAIN,
    displayed,
    own,
    readable,
    reported,
    seen,
    sliced,
    swap,
    tables,
    title,
    words,
)
from samples import PROFILS, checked, comptes, told, typed

from conftest import ROOT
from spls_study.intake import check
from spls_study.starter import plan_of, rendered
from spls_study.study import load_study

NAMES = {file.stem[0]: file.stem for file in NOTEBOOKS.glob("[0-9]*.ipynb")}
BODIES = typed(
    "id nom role famille departements",
    "B1 Office~Un bailleur OPH 17 | B2 Office~Deux bailleur ESH 16|17 | DD017 DDTM~17 gestionnaire DDTM 17",
)


def shown(study, number, rows, territoire="region"):
    [blocks] = reported(study, NAMES[number], rows, territoire)
    return blocks


def said(blocks):
    """All its words, spaces plain."""
    return PLAIN.sub(" ", " | ".join([title(blocks), *words(blocks)]))


# 1: what was programmed
def dated(op, **more):
    days = {"date_depot": "2013-01-10", "date_programmation": "2013-03-01", "date_agrement": "2013-11-20"}
    return {"op": op} | days | more


ORDINARY = [
    dated(f"a{i}", n=i + 1, moa_siret=f"00000000{i % 5}00012", produit=("PLUS", "PLAI", "PLS")[i % 3], zone_123="2")
    for i in range(40)
]
PROGRAMMED = {  # the departments of the study, its operations
    "nothing": ("17", []),
    "one operation, no date": ("16,17", [{"op": "a"}]),
    "one bailleur, one year": ("17", [dated("a"), dated("b", produit="PLS")]),
    "enough to draw everything": ("16,17", [*ORDINARY, dated("z", dep="16")]),
    "overseas": ("971", [dated("a", dep="971", gestionnaire="DD971", code_insee="97105")]),
    "Corsica": ("2A,2B", [dated("a", dep="2A"), dated("b", dep="2B", produit="PLS", type_beneficiaire=None)]),
    "twelve departments": (
        ",".join(f"{d:02}" for d in range(1, 13)),
        [dated(f"{d}{i}", dep=f"{d:02}", gestionnaire=f"DD{d:03}") for d in range(1, 13) for i in range(2)],
    ),
    "only other products": ("17", [dated("a", produit="PSLA")]),
    "no dwelling": ("17", [dated("a", n=0), dated("b", n=0, produit="PLS")]),
}
# 3: the campaign for rights
OPEN = {"profil_attribue": "Saisie", "date_ouverture": "2014-06-20"}
DIRECTOR = {"fonction": "Directeur"}
INSTRUCTOR = {"profil_demande": "Instruction", "fonction": "Instructeur", "organisme": "DD017"}
CAMPAIGNS = {
    "nothing": [],
    "nothing opened": [{}] * 6,
    "everything opened": [OPEN] * 6,
    "one account": [OPEN],
    "only refusals": [{"statut": "refusé"}] * 5,
    "only invitations": [{"profil_demande": None, "date_demande": None, "date_invitation": "2014-06-02"}] * 5,
    "ordinary": [OPEN] * 7 + [DIRECTOR] * 4 + [{"departement": "16"}] * 5 + [INSTRUCTOR] * 4,
}
# 4: processes
LOOP = typed(
    "ordre etape acteur support ressaisie date_debut date_fin irritant",
    "1 Déposer Bailleur papier - 2014-03-01 2014-03-05 - | 2 Vérifier DDT~16 papier oui 2014-03-10 - - | "
    "3 Compléter Bailleur courriel - - - Long | 4 Vérifier DDT~16 papier - - - - | 5 Avis EPCI papier - - - - | "
    "5 Avis~du~maire Commune - - - - - | 6 Inscrire - Galion - - - -",
    gestionnaire="DDT 16",
)
OTHER = typed(
    "ordre etape duree_jours irritant",
    "0 Déposer 7 Flou | 1 Inscrire - - | 2 Vérifier - -",
    gestionnaire="DDTM 17",
    acteur="Bailleur",
    support="papier",
)
TARGET = typed(
    "etape ordre fonction_spls couverture acteur_cible",
    "Déposer 1 Saisie couvert Bailleur | Vérifier 2 Pièces à~adapter - | Suivre 3 - couvert -",
)
PROCESSES = {
    "nothing": ([], []),
    "no process": ([], TARGET),
    "no target": (LOOP, []),
    "one process": (LOOP, TARGET),
    "two processes": (LOOP + OTHER, TARGET),
    "one step": (LOOP[:1], TARGET),
}
# 5: the roll-out
TASK = {"id": "T", "libelle": "Essais", "type": "tâche", "responsable": "CEREMA"}
LATE = TASK | {"debut_prevu": "2014-06-02", "fin_prevue": "2014-06-30", "debut_reel": "2014-06-02"}
GOLIVE = {"id": "J", "libelle": "Mise en service", "type": "jalon", "responsable": "DREAL", "depend_de": "T"}
GOLIVE |= {"debut_prevu": "2014-07-01", "fin_prevue": "2014-07-01"}
POINTS = typed(
    "id point action echeance responsable clause decision statut",
    "P1 Quelles~pièces~? Écrire 2014-07-01 AROSH C1 - - | P2 Qui~saisit~? - - - - Le~bailleur clos",
    date="2014-06-01",
)
SESSIONS = typed(
    "id date places inscrits presents", "F1 2014-06-20 8 5 4 | F2 2014-09-20 6 - -", territoire="17", public="Saisie"
)
WHOLE = {
    "organismes": [BODIES[0], BODIES[2]],
    "calendrier": [LATE, GOLIVE],
    "charte": typed(
        "clause organisme position texte", "C1 B1 refus Pièces | C2 DD017 accord Dates | C2 B1 accord Dates"
    ),
    "formations": SESSIONS,
    "points_discussion": POINTS,
    "gouvernance": typed("organisme presences", "DD017 2014-06-01|2014-07-01 | B1 2014-07-01", instance="COPIL"),
}
ROLL_OUTS = {
    "nothing": {},
    "no session, no charter, no point": {name: WHOLE[name] for name in ("organismes", "calendrier")},
    "a task and a milestone without date": {"calendrier": [TASK, GOLIVE | {"debut_prevu": None, "fin_prevue": None}]},
    "a task without end": {"calendrier": [TASK | {"debut_prevu": "2014-06-02"}]},
    "all is held": {"calendrier": [LATE | {"fin_reelle": "2014-06-30"}]},
    "points all closed": {"points_discussion": POINTS[1:]},
    "a point without anything": {"points_discussion": [{"id": "P", "point": "Quoi ?"}]},
    "sessions to come alone": {"formations": SESSIONS[1:]},
    "a session without date nor place": {"formations": [{"id": "F"}]},
    "nobody came": {"gouvernance": [{"instance": "COPIL", "organisme": "B1"}], "organismes": BODIES},
    "twelve clauses": {
        "organismes": BODIES,
        "charte": [{"clause": f"C{i}", "organisme": "B1", "position": "réserve"} for i in range(12)],
    },
}
ANY = {
    "1": {name: {"programmation": checked(*rows)} for name, (_, rows) in PROGRAMMED.items()},
    "3": {
        name: {"comptes": comptes(*rows), "profils": PROFILS, "organismes": BODIES} for name, rows in CAMPAIGNS.items()
    },
    "4": {name: dict(zip(("processus", "etapes_spls"), rows, strict=True)) for name, rows in PROCESSES.items()},
    "5": ROLL_OUTS,
    "6": {"nothing": {}, "whole": WHOLE},
}

NOTHING = {
    "5": ["aucune donnée de suivi n'a été reçue"],
    "6": ["Aucune décision n'est demandée.", "Non reçu pour cette édition", "aucun jalon connu"],
}


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """Number and name of a case → its reports by place, made once for all who look at them."""

    @cache
    def made(number, name):
        folder = tmp_path_factory.mktemp("cas")
        file = Path(shutil.copy(ROOT / "study.toml", folder))
        (folder / "data" / "raw").mkdir(parents=True)
        places = {"4": ("16", "79", "region"), "5": ("17",), "6": ("17", "region")}.get(number, ("region",))
        if number == "4" and name != "two processes":
            places = ("79", "region") if name == "nothing" else ("16",)
        if number == "1":
            departments = PROGRAMMED[name][0]
            places = (departments.split(",")[0],) if name in ("overseas", "Corsica") else ("region",)
            text = rendered("study.toml", plan_of(None, departments, "Essai", "SPLS", date(2014, 7, 10)))
            years = "[2014, 2014]" if "one year" in name else "[2010, 2014]"
            file.write_text(text.replace("[2010, 2014]", years), encoding="utf-8")
        shown = reported(load_study(file), NAMES[number], ANY[number][name], *places)
        return dict(zip(places, shown, strict=True))

    return made


@pytest.mark.parametrize(("number", "name"), [(number, name) for number, cases in ANY.items() for name in cases])
def test_any_study_gives_its_tables_and_a_readable_report(number, name, reports):
    for place, blocks in reports(number, name).items():
        found = readable(blocks, number)
        if number in "34":
            assert all(block.text.strip() for block in blocks)
        for block in blocks if number == "1" else ():
            if block.kind == "graphique":
                assert len(re.findall(r"\S*\w\S*", PLAIN.sub("", block.content["titre"]))) <= 15, block.text
            if block.kind == "tableau":
                assert len(block.content["entetes"]) <= 8 and len(block.content["lignes"]) <= 15
                assert all(cell for line in block.content["lignes"] for cell in line)
        for text in words(blocks) if number in "136" else ():
            assert not re.search(r"None|  | [;!?%:]", text), text
        if number == "4":
            assert bool(found["etapes"]["data"]) == (place != "79" and bool(PROCESSES[name][0]))
        if name == "nothing" and number in NOTHING:
            assert all(found[table]["data"] == [] for table in CONTRACT[number].split())
            told = said(blocks).replace("\u2019", "'")
            assert (
                all(text in told for text in NOTHING[number])
                and "à l'heure" not in told
                and "tient sa date" not in told
            )
        if number == "5":  # a domain without data says why
            board = [row.split(" | ") for row in seen(blocks, "tableau_de_bord")]
            assert len(board) == 6 and all(len(row[2]) > 15 for row in board if name == "nothing" or row[1] == "n.d.")
        if (number in "45" and name == "nothing") or place == "79":  # no page of nothing
            assert not [b for b in blocks if b.kind in ("graphique", "intertitre", "tableau")]


# 1
def test_dwellings_are_counted_by_service_zone_commune_size_bailleur_and_where_few(study):
    swap(study.file, "[2010, 2014]", "[2012, 2013]")
    tens = " | ".join(f"a{i} 2013 1 17 DD017 PLUS 17300 {'-' if i else 'B1'} Ménages Un" for i in range(10))
    rows = typed(
        "op an n dep gestionnaire produit code_insee zone_abc type_beneficiaire moa_nom",
        f"{tens} | z 2013 5 17 DD017 PLUS 17010 - Ménages Deux | s 2013 2 86 86194 PLUS - - Ménages Trois | "
        "h 2012 19 17 DD017 PLS 17300 - Personnes~âgées Deux | h 2013 20 17 DD017 PLS 17300 - Personnes~âgées Deux | "
        "i 2013 50 17 DD017 PLS 17299 C Personnes~âgées Un | i 2013 30 17 DD017 PLS 17299 A Personnes~âgées Un | "
        "d 2013 8 17 DD017 PLS 17299 - Etudiants Deux | m 2013 8 17 DD017 PLS - - Ménages Deux | "
        "k 2012 3 17 DD017 PLUS 17010 - Ménages Quatre",
        moa_siret=None,
    )
    blocks = shown(study, "1", {"programmation": checked(*rows)})
    found = {name: own(blocks, name) for name in tables(blocks)}
    found = {name: table[table.annee == 2013] if "annee" in table else table for name, table in found.items()}
    assert told(found["volumes_service"], "service groupe logements operations") == (
        "Délégataires PLUS-PLAI 2 1 | Services de l'État PLS 116 4 | Services de l'État PLUS-PLAI 15 11"
    )
    # The zone of another row of the commune, where there is but one.
    assert told(found["volumes_zone"], "zonage zone groupe logements operations") == (
        "ABC A PLS 30 1 | ABC B1 PLS 20 1 | ABC B1 PLUS-PLAI 10 10 | ABC C PLS 50 1 | ABC Non renseigné PLS 16 2 | "
        "ABC Non renseigné PLUS-PLAI 7 2"
    )
    # Over all years, an operation is of its last one.
    assert told(found["volumes_commune"], "code_insee groupe logements operations") == (
        "17010 PLUS-PLAI 8 2 | 17299 PLS 88 2 | 17300 PLS 20 1 | 17300 PLUS-PLAI 10 10"
    )
    assert told(found["pls_etablissements"], "type_beneficiaire taille etablissements logements") == (
        "Etudiants moins de 20 1 8 | Personnes âgées 20 à 49 1 20 | Personnes âgées 80 et plus 1 80"
    )
    assert told(found["bailleurs"], "nom logements_annee part_annee logements situation") == (
        "Un 90 0.676692 90 nouveau | Deux 41 0.308271 41 présent | Trois 2 0.0150376 2 nouveau | Quatre 0 0 3 arrêté"
    )
    few = found["petits_effectifs"]
    assert told(few[few.departement.isin(["17", "86"])], "departement groupe logements operations") == (
        "17 PLS 116 4 | 86 PLUS-PLAI 2 1 | 86 PLS 0 0"
    )


def drawn(block):
    """The texts of its drawing."""
    return re.findall(r"<text[^>]*>([^<]+)</text>", block.extra["image/svg+xml"])


def test_the_page_keeps_the_first_five_departments_of_twelve_alike_and_folds_the_others(reports):
    blocks = reports("1", "twelve departments")["region"]
    labels = " ".join(drawn(next(b for b in blocks if b.kind == "graphique")))
    rows = ["Ain 0 0 0 20 0", "Aisne 0 0 0 20 0", "Allier 0 0 0 20 0", "Alpes-de- Haute- Provence 0 0 0 20 0"]
    rows += ["Hautes-Alpes 0 0 0 20 0", "Autres 0 0 0 140 0"]
    assert labels == f"{rows[0]} PLUS {' '.join(rows[1:5])} 2010 2012 2014* {rows[5]}"


# 3
def test_a_campaign_is_told_at_its_ends_and_who_is_to_be_chased_inside_alone(study, reports):
    def report(name):
        blocks = reports("3", name)["region"]
        return tables(blocks), [*words(blocks)], [b.content["titre"] for b in blocks if b.kind == "graphique"]

    found, told, titles = report("nothing opened")
    assert found["ouverture"]["data"] == [] and not titles
    assert "Aucun compte n'est encore ouvert\u00a0: il n'y a ni rythme ni délai à mesurer." in told
    assert any("6 comptes restent à ouvrir, et aucun ne l'a été depuis quatre semaines" in w for w in told)
    found, _, titles = report("everything opened")
    assert "Plus aucun compte ne reste à ouvrir sur 6" in titles
    assert found["ouverture"]["data"] == [["Saisie", 10, 6, 6, 0.0]]
    text = study.file.read_text(encoding="utf-8")
    study.file.write_text(re.sub(r"\[campagne\]\n.*\n.*\n", "", text), encoding="utf-8")  # it needs no deadline
    blocks = shown(study, "3", ANY["3"]["ordinary"])
    assert readable(blocks, "3")["comptes_profil"]["data"]
    assert any("«\u00a0Audit\u00a0»" in w for w in words(blocks))  # a profile that nobody asked for
    inside, outside = ([b for b in blocks if b.internal is kept] for kept in (True, False))
    assert tables(inside)["relances"]["columns"] == ["organisme", "profil", "demandes_en_attente", "jours_attente"]
    assert "relances" not in tables(outside) and "C1" not in " ".join(words(outside))


def test_who_waits_longest_is_chased_first_and_requests_are_counted_beside_what_functions_call_for(study):
    rows = typed(
        "organisme fonction profil_demande profil_attribue date_invitation date_demande date_ouverture statut",
        "B1 Directeur Saisie Lecture - 2014-06-20 2014-06-25 - | "  # granted narrower than asked: nothing to tell
        "B1 Directeur Saisie Saisie - 2014-06-20 2014-06-25 - | B1 Directeur Saisie - - 2014-06-20 - - | "
        "B1 Directeur Saisie - - 2014-06-10 - refusé | B1 Chargé~d'opérations Saisie - - 2014-06-24 - - | "
        "B1 Chargé~d'opérations Lecture - - - - - | B2 Chargé~d'opérations Lecture - - 2014-06-11 - - | "
        "B2 Inconnue Saisie - - 2014-06-25 2014-06-26 - | B2 Instructeur Instruction - - 2014-06-25 - retiré | "
        "B2 Directeur - - 2014-06-21 - - -",
    )
    blocks = shown(study, "3", {"comptes": comptes(*rows), "profils": PROFILS, "organismes": BODIES})
    weeks = "2014-06-02 0 | 2014-06-09 0 | 2014-06-16 0 | 2014-06-23 3 | 2014-06-30 0"  # from the campaign's first
    assert told(own(blocks, "ouvertures_semaine")) == weeks
    assert told(own(blocks, "a_faire")).split(" | ") == [  # who is out comes first, each account is told once
        "Inviter chaque gestionnaire sans demande DDTM 17 1 - -",
        "Obtenir le droit de transmettre Office Deux|Office Un 2 - -",
        "Répondre à l'invitation Office Deux 1 1 10",
        "Ouvrir le compte demandé Office Deux|Office Un 2 4 20",
        "Se connecter une première fois Office Deux|Office Un 2 3 6",
        "Prendre un profil plus étroit Office Un 1 2 -",
    ]
    chased = "B2 Lecture 1 20 | B1 Saisie 2 11 | B2 Non renseigné 1 10 | B1 Lecture 1 -"
    assert told(own(blocks, "relances")) == chased
    assert told(own(blocks, "profils_a_resserrer")) == "B1 Directeur Lecture Saisie saisir 2"
    assert told(own(blocks, "comprehension").iloc[:, :4]) == (  # by function, the right request first
        "Chargé d'opérations Saisie Saisie 1 | Chargé d'opérations Saisie Lecture 2 | Directeur Lecture Saisie 4 | "
        "Inconnue - Saisie 1 | Instructeur Instruction Instruction 1"
    )
    nobody = "Sans compte ni demande en cours : le profil « Audit » et la fonction « Instructeur »."
    assert nobody in said(blocks)


def test_each_organisme_is_shown_with_what_it_can_do(study):
    validation = PROFILS.iloc[[1]].assign(profil="Validation", droits="transmettre", alias=None)
    rows = comptes(*[OPEN] * 3, OPEN | {"organisme": "DD017"})
    given = {"comptes": rows, "profils": pd.concat([PROFILS, validation]), "organismes": BODIES}
    blocks = shown(study, "3", given)
    assert seen(blocks, "etat_organismes") == [
        "Office Deux | ESH, 16 17 | – | aucun accès",
        "Office Un | OPH, 17 | 3 jamais utilisés | ne peut pas transmettre",
        "DDTM 17 | DDTM, 17 | 1 jamais utilisé | ne peut pas programmer",
    ]
    lead = "1 bailleur n'a aucun accès, sans demande en cours\u202f; 1 bailleur a un compte ouvert sans"
    assert any(w.startswith(lead) for w in words(blocks))


@pytest.mark.parametrize(
    ("rows", "legend", "lines"),
    [
        (
            [{"profil_demande": "Lecture"}, DIRECTOR, {"fonction": "Instructeur"}, OPEN],
            "1 demande sur 4 va au-delà de la fonction, d'abord Directeur → Saisie",
            ["Directeur | – | 1 large", "Chargé d'opérations | 1 autre | 1", "Comptes ouverts | 0 | 1"],
        ),
        (
            [DIRECTOR, DIRECTOR | {"profil_demande": "Instruction"}],
            "2 demandes sur 2 vont au-delà de la fonction, d'abord Directeur → Instruction et Directeur → Saisie",
            ["Directeur | 1 large | 1 large"],
        ),
    ],
)
def test_what_is_too_broad_is_marked_in_the_matrix_and_ties_are_said(study, rows, legend, lines):
    blocks = shown(study, "3", {"comptes": comptes(*rows), "profils": PROFILS, "organismes": BODIES})
    assert next(b.content["legende"] for b in blocks if "comprehension" in tables([b])) == legend
    assert {*lines} <= {*seen(blocks, "comprehension")}


# Territories
def test_a_territory_counts_its_own_rows_and_control_totals_are_the_regions(study):
    control = '[[cadrage]]\nindicateur = "T"\nannee = 2013\ngroupe = "PLUS-PLAI"\nattendu = 20\n'
    text = study.file.read_text(encoding="utf-8")
    study.file.write_text(re.sub(r"\[\[cadrage\]\]\n(.+\n)*", "", text) + "\n" + control, encoding="utf-8")
    given = {"programmation": checked({"op": "a"}, {"op": "b", "dep": "16"}, {"op": "c", "produit": "PSLA"})}
    given |= {"comptes": comptes(*[OPEN] * 9, OPEN | {"departement": "16"}), "profils": PROFILS, "organismes": BODIES}
    [rights] = reported(study, NAMES["3"], given, "17")
    assert tables(rights)["comptes_profil"]["data"][1] == ["Saisie", 9, 9, 9, 0]
    result = "1 bailleur sur 2 peut entrer dans SPLS, aucun ne peut transmettre"
    assert title(rights) == f"Droits en Charente-Maritime : {result}"
    for place, [blocks] in {place: reported(study, NAMES["1"], given, place) for place in ("16", "region")}.items():
        rows = [[2013, "16", "PLUS", 10, 1], [2013, "17", "PLUS", 10, 1], [2013, "17", "PSLA", 10, 1]]
        assert tables(blocks)["volumes"]["data"] == rows[: 1 if place == "16" else 3]
        assert tables(blocks)["cadrage"]["data"] == [["T", 20, 20, 0, "conforme"]]


# 4
def test_processes_are_compared_each_step_says_what_it_becomes_and_who_described_none_counts_nowhere(reports):
    blocks = reports("4", "two processes")["region"]
    assert told(own(blocks, "durees_communes")) == "Déposer 4 7"  # the only step that both have dated
    columns = "gestionnaire etapes acteurs ressaisies papier courriel jours_etapes jours_attente reprises"
    assert told(own(blocks, "charges"), columns) == "DD016 7 4 1 4 1 4 5 1 | DD017 3 1 0 3 0 7 - 0"
    assert told(own(blocks, "irritants")) == "Compléter DD016 Long | Déposer DD017 Flou"
    words_ = said(blocks)
    assert "Le processus de DDT 79, DDT 86 et Grand Poitiers n'a pas été décrit" in words_
    assert {row[0] for row in tables(blocks)["charges"]["data"]} == {"DD016", "DD017"}
    assert "DDT 16 fait « Vérifier » avant « Inscrire », à l'inverse de l'autre" in words_
    assert "Aucune contradiction entre les sources reçues." in words_
    blocks = reports("4", "one process")["16"]
    board = next(b for b in blocks if "etapes_DD016" in tables([b]))
    assert board.content["legende"] == "DDT 16\u00a0: 6 étapes changent sur 6"
    words_ = " ".join(words([board]))
    assert "support\u00a0: papier → SPLS\u202f; ressaisie à supprimer" in words_
    assert "sans équivalent dans la cible" in words_ and "Non renseigné" not in words_


# 5
def test_a_roll_out_is_told_domain_by_domain(study):
    folder = study.root / "reports" / "2014-06-15"
    (folder / "17" / "tables").mkdir(parents=True)
    (folder / "17" / "tables" / "points_discussion.csv").write_text("id,decision\nP1,\nP2,Le gestionnaire\n", "utf-8")
    (folder / "manifest.json").write_text("{}", encoding="utf-8")
    blocks = shown(study, "5", WHOLE, "17")
    # The task is at its planned end, not done: estimated today, 10 July; the milestone the next working day.
    assert title(blocks).endswith("« Mise en service » glisse de 10 jours, au 11 juillet ; 2 domaines sur 6 en alerte")
    assert [row.split(" | ")[2] for row in seen(blocks, "tableau_de_bord")] == [
        "10 jours de retard au plus : Mise en service",
        "0 bailleur sur 1 peut transmettre",
        "1 clause adoptée sur 2",
        "4 présents pour 8 places",
        "1 point en retard sur 1 ouvert",
        "3 présences sur 4 possibles aux réunions",
    ]
    assert {name: seen(blocks, name)[:2] for name in "jalons charte_positions charte formations".split()} == {
        "jalons": ["Mise en service | DREAL | 01/07/2014 | – | 11/07/2014 | 10 | Essais (CEREMA)"],
        "charte_positions": ["DDTM 17 | attente | accord", "Office Un | refus | accord"],
        "charte": ["C1 : Pièces | 1 refus et 1 réponse attendue | AROSH | Écrire | 01/07/2014 (passé)"],
        "formations": ["Charente-Maritime | Saisie | 1 | 8 | 5 | 4 | 0 | –"],
    }
    assert seen(blocks, "points_discussion") == ["P1 | Quelles pièces ? | Écrire | AROSH | 01/07/2014 | 9"]
    assert told(own(blocks, "poussees")) == "J Mise en service 10 T Essais CEREMA "
    assert told(own(blocks, "decisions_prises"), "id decision nouvelle faite") == "P2 Le bailleur True True"
    assert "1 décision prise, 1 est faite ; 1 depuis l'édition du 15 juin 2014" in said(blocks)
    assert "COPIL, 2 réunions : 1 manquée par Office Un ; 1 organisme est venu à chaque fois." in said(blocks)


# 6
def test_a_key_figure_is_there_where_its_data_are_and_is_compared_with_itself_alone(study):
    folder = study.root / "reports" / "2014-06-15"
    (folder / "17" / "tables").mkdir(parents=True)
    last = "clauses_adoptees,0,clauses de la charte adoptées\npoints_en_retard,5,autrefois\n"
    (folder / "17" / "tables" / "chiffres_cles.csv").write_text(f"cle,valeur,libelle\n{last}", encoding="utf-8")
    (folder / "manifest.json").write_text("{}", encoding="utf-8")
    figures = own(shown(study, "6", WHOLE, "17"), "chiffres_cles")
    assert told(figures, "cle valeur unite precedent ecart") == (
        "bailleurs_prets 0 sur 1 - - | bailleurs_entres 0 sur 1 - - | retard_calendrier 10 jours - - | "
        "clauses_adoptees 1 sur 2 0 1 | points_en_retard 1 points - - | presents_formation 4 sur 8 - -"
    )


def test_territories_stand_side_by_side_the_worst_marked_and_who_has_the_earliest_date_comes_first(study):
    columns = "id libelle type debut_prevu fin_prevue territoire responsable"
    own_tasks = typed(
        columns,
        "P Préparer tâche 2014-06-01 2014-06-30 16 DDT~16 | Q Former tâche 2014-09-01 2014-09-30 17 DDTM~17 | "
        "R Relire tâche 2014-09-01 2014-09-05 17 DDTM~17 | J Fin jalon 2014-11-10 2014-11-10 - DREAL",
    )
    given = WHOLE | {"organismes": BODIES, "calendrier": own_tasks, "profils": PROFILS}
    given |= {"comptes": comptes(OPEN | {"organisme": "B2"}), "processus": LOOP + OTHER, "etapes_spls": TARGET}
    given["formations"] = [*SESSIONS, SESSIONS[0] | {"id": "F3", "territoire": "16", "presents": "8"}]
    region, here = reported(study, NAMES["6"], given, "region", "17")
    facts = own(region, "territoires_note")
    assert told(facts[facts.territoire == "16"], "cle valeur sur jour") == (  # no row without data
        "entres 1 1 - | prets 0 1 - | presents 8 8 - | ressaisies 1 7 - | presentation 38 - 2014-08-07"
    )
    assert told(facts[facts.territoire == "17"], "cle valeur sur jour") == (
        "entres 1 2 - | prets 0 2 - | clauses 1 2 - | presents 4 8 - | ressaisies 0 3 - | presentation 0 - 2014-09-30"
    )
    board = next(block for block in region if "territoires_note" in tables([block]))
    cells = [cell[0] for line in board.content["lignes"] for cell in line]
    worst = [PLAIN.sub(" ", cell["texte"]) for cell in cells if cell["style"] == "alerte"]
    assert worst == ["1 sur 2", "4 sur 8", "1 sur 7", "7 août (+ 38 j)"]  # none where all are alike
    late = "Bailleurs Première connexion (1 compte jamais utilisé)"
    assert told(own(region, "qui_fait_quoi"), "qui quoi pour_le").split(" | ") == [
        "AROSH Écrire 2014-07-01",
        "DDT 16 Préparer 2014-08-07",
        "DDTM 17 Relire 2014-09-05",
        "DDTM 17 Former 2014-09-30",
        "Bailleurs Obtenir un compte (1 bailleur sans accès) 2014-11-10",
        f"{late} 2014-11-10",
        "Signataires Répondre sur C1 de la charte (1 réponse attendue) 2014-11-10",
    ]
    assert "DDT 16" not in set(own(here, "qui_fait_quoi").qui)  # what others owe is told there


def test_few_bars_tell_the_calendar_what_pushes_its_end_then_the_territorys_own_then_the_worst(study):
    late = "2014-06-01 2014-06-30"
    given = typed(
        "id libelle type debut_prevu fin_prevue territoire depend_de fin_reelle",
        f"T Essais tâche {late} - - - | J Fin jalon 2014-07-01 2014-07-01 - T - | "
        "A Ici tâche 2014-09-01 2014-09-02 17 - - | B Ailleurs tâche 2014-09-01 2014-09-02 16 - - | "
        "C Plus~tard tâche 2014-09-01 2014-09-03 - - - | D Traîne tâche 2014-05-01 2014-05-30 - - - | "
        "E Tarde tâche 2014-05-01 2014-06-02 - - - | F Faite tâche 2014-05-01 2014-05-02 17 - 2014-05-20",
        responsable="DREAL",
    )
    for place, own_ in (("17", "Ici"), ("16", "Ailleurs")):
        [block] = [b for b in shown(study, "6", {"calendrier": given}, place) if b.kind == "vignette"]
        names = [text for text in drawn(block) if text.split()[0] in {row["libelle"].split()[0] for row in given}]
        assert names == ["Traîne", "Essais", "Fin", own_, "Plus tard"]  # « Plus tard » ends last, without slack


# 2: questionnaires known and unknown; figures, secrecy, nobody's name
PLANTED = re.compile(r"tartempion|durandal|\w@\w|\+33|(?<![\d.])0\d(?:[ .]?\d\d){4}(?!\d)", re.IGNORECASE)
UNKNOWN = [
    q("C", "choix_unique", "Choix ?", bloc="Un *bloc*", modalites={"a": "Un", "b": "Deux $x$", "c": "Trois <i>"}),
    q("M", "choix_multiple", "Plusieurs ?", bloc="Un *bloc*", modalites={"a": "Papier", "b": "Courriel"}),
    q("E", "echelle", "Note ?", bloc="Un *bloc*", modalites={f"n{i}": str(i) for i in range(1, 6)}),
    q("N", "nombre", "Combien ?"),
    q("T", "texte", "Autre chose ?"),
]


def report(study, territoire):
    """What is shown, readable."""
    shown = displayed("2_questionnaires", study.file, territoire)
    readable(shown, "2")
    for block in shown:
        if block.kind == "graphique":
            assert re.search(r"\d|Aucun", block.content["titre"]) and len(block.content["titre"].split()) > 4
            assert not re.fullmatch(r"[^ ]+ : .*réponses sur \d+", block.content["titre"])
        if block.kind == "intertitre":
            assert re.search(r"\d", block.text) or "réunit" in block.text
        if block.kind == "tableau" and not block.internal:
            annex = all(t["name"].startswith("annexe_") for t in block.tables)
            assert len(block.content["entetes"]) <= 8 and (annex or len(block.content["lignes"]) <= 15)
            assert all(cell for line in block.content["lignes"] for cell in line)
    assert not [text for text in words(shown) if re.search(r"None|  ", text)]
    return shown


def faces(shown):
    """All that is published, without tags and hashes: their digits look like telephone numbers."""
    public = [b for b in shown if not b.internal]
    found = [v for b in public for v in (b.text, b.html(), b.typst(), *b.extra.values())]
    return re.sub(r"<[^>]*>|[0-9a-f]{16}\.svg", " ", "\n".join(map(str, found)))


def test_a_questionnaire_never_seen_gives_its_distributions(study):
    folder = put(study, "neuf", *UNKNOWN, titre="Enquête #2 <b>auprès</b> de 2 000 personnes")
    draw, number = random.Random(3), range(2000)
    rows = pd.DataFrame(
        {
            "id": number,
            "C": [draw.choice("aaabbc") for _ in number],
            "M[a]": [draw.choice(["Y", ""]) for _ in number],
            "M[b]": "Y",
            "E": [f"n{draw.randint(1, 5)}" for _ in number],
            "N": [draw.randint(0, 90) for _ in number],
            "T": "Sans suite",
        }
    )
    rows.to_csv(folder / "neuf.csv", index=False)
    assert not check(study).set_aside
    sliced(study, "2", "region", "17")
    shown = report(study, "region")
    told = own(shown, "reponses")
    for code in ("C", "E"):
        counts = told[(told.question == code) & (told.modalite != "NR")]
        assert dict(zip(counts.modalite, counts.effectif, strict=True)) == dict(rows[code].value_counts())
    boxes = told[told.question == "M"].set_index("modalite").effectif
    assert (boxes["a"], boxes["b"]) == ((rows["M[a]"] == "Y").sum(), 2000)
    numbers = told[told.question == "N"].set_index("modalite").valeur
    assert [numbers[k] for k in ("q1", "mediane", "q3")] == rows["N"].quantile([0.25, 0.5, 0.75]).tolist()
    assert "Sans suite" not in faces(shown)
    assert not any("<b>auprès" in b.html() or "<i>" in b.html() for b in shown)
    elsewhere = report(study, "17")
    assert any("aucun répondant n'a répondu" in b.text for b in elsewhere)
    assert not any(b.kind in ("graphique", "intertitre", "tableau") for b in elsewhere)


def test_too_few_answers_are_one_sentence_as_are_none_and_the_chase_list_is_internal(study):
    sliced(study, "2", "region")
    assert any(b.text == "L'étude n'a pas de questionnaire." for b in report(study, "region"))
    # Forty bailleurs, two of them in department 16, four in 86.
    places = {f"B{i}": "16" if i < 2 else "86" if i < 6 else ("17", "79")[i % 2] for i in range(40)}
    bodies = pd.DataFrame({"id": [*places], "departements": [*places.values()], "role": "bailleur", "famille": "OPH"})
    bodies.assign(nom="Office " + bodies.id).to_csv(study.raw / "organismes.csv", index=False)
    asked = q("A", "choix_unique", "Lequel ?", bloc="Bloc", modalites={"x": "Premier", "y": "Second"})
    folder = put(study, "petit", asked, repondant="organisme", population="bailleur", strates=["departement"])
    check(study)
    sliced(study, "2", "region")
    assert any("Essai\u00a0: aucune réponse reçue." in b.text for b in report(study, "region"))
    answered = [f"B{i}" for i in (0, 2, 3, *range(6, 39))]
    given = pd.DataFrame({"organisme": answered, "A": ["x" if int(who[1:]) < 20 else "y" for who in answered]})
    given.to_csv(folder / "petit.csv", index=False)
    assert not check(study).set_aside
    sliced(study, "2", "region", "16")
    here = report(study, "16")
    assert sum("en Charente\u00a0: 1 bailleur sur 2 a répondu" in b.text for b in here) == 1
    assert any("A. Lequel\u202f?\u00a0: 1 réponse reçue, trop peu\u00a0: il en faut 5." in b.text for b in here)
    assert not any(b.kind == "graphique" for b in here)
    region = report(study, "region")
    assert any(b.kind == "graphique" for b in region)
    chase = [b for b in region if "non_repondants" in tables([b])]
    assert [b.internal for b in chase] == [True] and "Office B39" in chase[0].html()
    assert "Office B" not in faces(region)


def test_nobody_planted_in_the_demonstration_comes_out_where_everything_shows(tmp_path):
    raw = Path("data", "raw")
    for name in (raw / "questionnaires", Path("data", "relecture")):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / raw / "organismes.xlsx", tmp_path / raw)
    file = Path(shutil.copy(ROOT / "study.toml", tmp_path))
    swap(file, "repondants = 5", "repondants = 1")
    study = load_study(file)
    check(study)
    sliced(study, "2", "region", "86")
    names = pd.read_parquet(study.processed / "organismes.parquet")
    landlords = names.loc[names.role == "bailleur", "nom"]
    for territoire in ("region", "86"):
        shown = report(study, territoire)
        public = faces(shown)
        assert not PLANTED.search(public)
        assert ("Réponses choisies" in public) == (territoire == "region")
        assert "Grand Poitiers" in public  # nominatif: public bodies, by name
        assert not [n for n in landlords if n in public]
