import pytest

from spls_study.words import plain, squeeze


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("N° Opération GALION", "noperationgalion"),
        ("n°  operation galion", "noperationgalion"),
        ("Numéro_Opération", "numerooperation"),
        ("MOA (code SIRET)", "moacodesiret"),
        ("---", ""),
    ],
)
def test_headers_fold(text: str, folded: str) -> None:
    assert squeeze(text) == folded


def test_ligatures_and_accents() -> None:
    assert plain("Œuvre d\u2019Été Æ") == "oeuvre d'ete ae"
