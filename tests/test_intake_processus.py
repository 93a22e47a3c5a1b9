from spls_study.intake import check
from spls_study.study import Study
from spls_study.tables import read_table

HEADER = "Gestionnaire;Ordre;Étape;Acteur;Support;Début;Fin;Ressaisie\n"


def test_a_gestionnaire_is_known_by_any_of_its_names(study: Study) -> None:
    folder = study.raw / "processus"
    folder.mkdir()
    (folder / "un.csv").write_text(
        HEADER
        + "DDT de la Vienne;1;Dépôt;Bailleur;papier;01/06/2014;05/06/2014;OUI\n"
        + "DD086;2;Avis;EPCI;courriel;09/06/2014;01/06/2014;peut-être\n",
        encoding="utf-8",
    )
    (folder / "deux.csv").write_text(HEADER + "DDT 33;un;Dépôt;;;;;\nDDT 33;1;Dépôt;;;;;\n", encoding="utf-8")
    check(study)
    table = read_table(study, "processus").sort_values(["gestionnaire", "ordre"])
    assert table.gestionnaire.tolist() == ["DD086", "DD086", "DDT 33"]
    assert table.ressaisie.fillna("?").tolist() == ["oui", "?", "?"]
    warned = (study.processed / "avertissements.csv").read_text(encoding="utf-8")
    for words in ("absent de study.toml", "fin antérieure au début", "peut-être"):
        assert words in warned
