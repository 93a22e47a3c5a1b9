from spls_study.intake import check
from spls_study.study import Study
from spls_study.tables import read_table

COMPTES = "compte;organisme;departement;fonction;profil_demande;date_demande;statut\n"
PROCESSUS = "Gestionnaire;Ordre;Étape;Acteur;Support;Début;Fin;Ressaisie\n"
ORGANISMES = "Identifiant,Organisme,Rôle,Famille,Départements,SIREN,Courriel,Parc\n"


def test_departments_are_codes_and_a_second_request_is_no_duplicate(study: Study) -> None:
    (study.raw / "comptes.csv").write_text(
        COMPTES
        + "C1;B1;Vienne;Instructeur;Saisie;01/06/2014;\n"
        + "C1;B1;86;Instructeur;Saisie;20/06/2014;\n"  # asked again
        + "C1;B1;86;Instructeur;Saisie;20/06/2014;\n"  # the same line twice
        + "C2;B1;Ailleurs;Instructeur;Saisie;;\n"
        + ";B1;86;Instructeur;Saisie;;\n",
        encoding="utf-8",
    )
    check(study)
    table = read_table(study, "comptes")
    assert table.departement.fillna("?").tolist() == ["86", "86", "?"]
    refused = (study.processed / "rejets.csv").read_text(encoding="utf-8")
    assert refused.count("comptes.csv") >= 2 and ";C1;" not in refused  # personal: masked


def test_a_gestionnaire_is_known_by_any_of_its_names(study: Study) -> None:
    folder = study.raw / "processus"
    folder.mkdir()
    (folder / "un.csv").write_text(
        PROCESSUS
        + "DDT de la Vienne;1;Dépôt;Bailleur;papier;01/06/2014;05/06/2014;OUI\n"
        + "DD086;2;Avis;EPCI;courriel;09/06/2014;01/06/2014;peut-être\n",
        encoding="utf-8",
    )
    (folder / "deux.csv").write_text(PROCESSUS + "DDT 33;un;Dépôt;;;;;\nDDT 33;1;Dépôt;;;;;\n", encoding="utf-8")
    check(study)
    table = read_table(study, "processus").sort_values(["gestionnaire", "ordre"])
    assert table.gestionnaire.tolist() == ["DD086", "DD086", "DDT 33"]
    assert table.ressaisie.fillna("?").tolist() == ["oui", "?", "?"]
    warned = (study.processed / "avertissements.csv").read_text(encoding="utf-8")
    for words in ("absent de study.toml", "fin antérieure au début", "peut-être"):
        assert words in warned


def test_organismes(study: Study) -> None:
    (study.raw / "organismes.csv").write_text(
        ORGANISMES
        + "a,A,Bailleur,OPH,17|16,18,x@exemple.fr,1 200\n"
        + 'b,B,bailleurs,ESH,"16, Vienne",123456789,,à venir\n'
        + "c,C,partenaire,,la région,000000018,,-1\n"
        + "a,A bis,bailleur,OPH,16,,y@exemple.fr,3\n",
        encoding="utf-8",
    )
    report = check(study)
    rows = read_table(study, "organismes").fillna({"role": "", "departements": ""})
    assert list(rows["role"]) == ["bailleur", "", "partenaire"]
    assert list(rows["departements"]) == ["16|17", "16|86", ""]
    assert list(rows["siren"]) == ["18", "123456789", "000000018"]
    assert list(rows["nb_logements"].fillna(0)) == [1200, 0, 0]
    told = report.warnings[["ligne", "colonne", "valeur"]].to_numpy().tolist()
    assert told == [
        [2, "siren", "18"],
        [3, "nb_logements", "à venir"],
        [3, "role", "bailleurs"],
        [3, "siren", "123456789"],
        [4, "departements", "la région"],
        [4, "nb_logements", "-1"],
    ]
    (twice,) = report.refusals.itertuples(index=False)
    assert twice.motif.startswith("même clé qu'une ligne déjà lue (organismes.csv, ligne 2)")
