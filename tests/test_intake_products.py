import pandas as pd
import pytest

from spls_study.intake import products


@pytest.mark.parametrize(
    ("text", "product", "remark"),
    [
        ("P.L.U.S", "PLUS", ""),
        ("plai adapté", "PLAI_ADP", ""),
        ("PLAI-ADP", "PLAI_ADP", ""),
        ("palulos  relance", "PALULOS RELANCE", ""),
        ("Logement intermédiaire", "LOGEMENT INTERMEDIAIRE", ""),
        ("PLUS CD", "PLUS", products.TRUNCATED),
        ("PLS foyer", "PLS", products.TRUNCATED),
        ("PLAI ressource", "PLAI", products.TRUNCATED),
        ("PALULOS REL", "PALULOS RELANCE", products.TRUNCATED),
        ("PRODUIT SPEC", "PRODUIT SPECIFIQUE HEBERGEMENT", products.TRUNCATED),
        ("PLUS/PLAI", "PLUS/PLAI", products.SEVERAL),
        ("P.L.U.S et P.L.S", "P.L.U.S et P.L.S", products.SEVERAL),
        ("bail réel  solidaire", "BAIL RÉEL SOLIDAIRE", products.UNKNOWN),
        ("PLSX", "PLSX", products.UNKNOWN),
    ],
)
def test_products(text: str, product: str, remark: str) -> None:
    folded, said = products.fold(pd.Series([text], dtype="str"))
    assert (folded[0], said[0]) == (product, remark)


def test_each_known_product_is_itself() -> None:
    folded, said = products.fold(pd.Series(products.KNOWN, dtype="str"))
    assert list(folded) == list(products.KNOWN)
    assert set(said) == {""}


def test_a_missing_product_stays_missing() -> None:
    folded, said = products.fold(pd.Series([None], dtype="str"))
    assert folded.isna().all() and list(said) == [""]
