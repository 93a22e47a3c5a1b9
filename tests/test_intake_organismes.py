from spls_study.intake import check
from spls_study.study import Study
from spls_study.tables import read_table

HEADER = "Identifiant,Organisme,Rôle,Famille,Départements,SIREN,Courriel,Parc\n"


def test_organismes(study: Study) -> None:
    (study.raw / "organismes.csv").write_text(
        HEADER
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
    assert twice.motif == "même clé qu'une ligne déjà lue (organismes.csv, ligne 2)"
