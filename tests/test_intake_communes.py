import pytest

from spls_study.intake import communes


@pytest.mark.parametrize(
    ("departement", "label", "code"),
    [
        ("17", "La Rochelle", "17300"),
        ("17", "ROCHELLE (LA)", "17300"),
        ("17", "Rochelle La", "17300"),
        ("17", "LA ROCHELLE CEDEX 1", "17300"),
        ("17", "St-Pierre d\u2019Oléron", "17385"),
        ("17", "STE GEMME", "17330"),
        ("16", "L ISLE D'ESPAGNAC", "16166"),
        ("16", "Isle-d'Espagnac (L')", "16166"),
        ("79", "Brioux s/Boutonne", "79057"),
        ("86", "Les Trois Moutiers", "86274"),
        ("16", "Aignes-et-Puypéroux", "16004"),  # of 2014, gone since
        ("17", "Marennes-Hiers-Brouage", "17219"),  # today's name of a commune of 2014
        ("17", "Agonnay", "17397"),  # gone before 2014: the one that took it in
        ("13", "Marseille - 14e arrondissement", "13214"),
        ("13", "MARSEILLE 1ER ARRONDISSEMENT", "13201"),
        ("75", "Paris 12e", "75112"),
        ("75", "PARIS", "75056"),
        ("69", "Lyon 03", "69383"),
    ],
)
def test_labels(departement: str, label: str, code: str) -> None:
    assert communes.find(departement, label) == (code, "")


def test_unknown_labels() -> None:
    assert communes.find("16", "La Rochelle") == (None, communes.UNKNOWN)
    assert communes.find("17", "") == (None, communes.UNKNOWN)
    assert communes.find("00", "Niort") == (None, communes.UNKNOWN)


def test_a_name_that_two_communes_share_is_ambiguous() -> None:
    indexes = ({"saint aubin": {"99001", "99002"}}, {"saint aubin": {"99003"}})
    assert communes.choose(indexes, "St-Aubin") == (None, communes.AMBIGUOUS)


def test_every_commune_of_2014_is_found_by_its_own_name() -> None:
    rows = communes.reference()
    rows = rows[(rows["existe_2014"] == "oui") & rows["departement"].isin(["16", "17", "79", "86"])]
    assert len(rows) == 1460
    found = [communes.find(d, n)[0] for d, n in zip(rows["departement"], rows["nom"], strict=True)]
    assert found == list(rows["code_insee"])
