from spls_study.intake import check
from spls_study.study import Study
from spls_study.tables import read_table

HEADER = "compte;organisme;departement;fonction;profil_demande;date_demande;statut\n"


def test_departments_are_codes_and_a_second_request_is_no_duplicate(study: Study) -> None:
    (study.raw / "comptes.csv").write_text(
        HEADER
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
    assert refused.count("comptes.csv") >= 2 and ",C1," not in refused  # personal: masked
