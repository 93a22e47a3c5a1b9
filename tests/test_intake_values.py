"""What one cell becomes: text, number, day, list, identifier, product, commune."""

from datetime import date

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from conftest import pairs
from spls_study.intake import communes, programmation, values
from spls_study.intake.table import headers_of
from spls_study.words import plain, squeeze


def column(*texts):
    return pd.Series(texts, dtype="str")


def test_text_is_trimmed_and_loses_the_apostrophe_before_a_number():
    cells = column("\ufeff Niort\u00a0", "'86194", "\u2019-3", "'s Gravenmoer", "Nantes")
    assert list(values.text(cells)) == ["Niort", "86194", "-3", "'s Gravenmoer", "Nantes"]
    assert values.text(column("", " ", "NA", "nc", "n.d.", "Non renseigné", "-", "\u00a0")).isna().all()


NUMBERS = pairs(
    "12 → 12 | 12,0 → 12 | 12.5 → 12.5 | 1 017,2 → 1017.2 | 1\u00a0017,2 → 1017.2 | 1\u202f234\u202f567 → 1234567 | "
    "-3 → -3 | \u22123 → -3 | +4 → 4 | 0012 → 12 | 12 000 € → 12000 | 1,5 k€ → 1500 | 640 m² → 640 | 50 % → 0.5 | "
    "12 lgts → 12 | 3 Jours → 3"
)
DAYS = pairs(
    "2014-03-01 → 2014-03-01 | 2014-03-01 12:30:00 → 2014-03-01 | 2014-03-01T00:00:00 → 2014-03-01 | "
    "01/03/2014 → 2014-03-01 | 1/3/2014 → 2014-03-01 | 41699 → 2014-03-01 | 41699.75 → 2014-03-01 | "
    "29/02/2012 → 2012-02-29 | 19.11.2025 → 2025-11-19 | 21/04/26 → 2026-04-21 | 31-12-95 → 1995-12-31 | "
    "2 juin 2026 → 2026-06-02 | lundi 1er sept. 2014 → 2014-09-01 | "
    "60 → 1900-02-28"  # day 60 does not exist: the day before
)


def test_numbers_and_dates():
    texts, numbers = zip(*NUMBERS, strict=True)
    assert list(values.number(column(*texts))) == [*map(float, numbers)]
    texts, days = zip(*DAYS, strict=True)
    found = values.day(column(*texts))
    assert found.dtype == "datetime64[s]" and list(found) == [*map(pd.Timestamp, days)]


def test_what_is_no_number_and_no_date():
    assert values.number(column("à venir", "#VALUE!", "1 2", "1.017,2", "12 chats", "1e3", ",")).isna().all()
    days = "29/02/2013 2014-13-01 03/2014 06/28/2014".split()
    assert values.day(column(*days, "mars 2014", "jui 2014")).isna().all()


def test_a_month_is_enough_where_it_stands_for_its_first_or_last_day():
    months = column("février 2012", "Févr. 2012", "02/2012")
    for month, day in (("début de mois", "2012-02-01"), ("fin de mois", "2012-02-29")):
        assert list(values.day(months, month)) == [pd.Timestamp(day)] * 3


def test_plausible_dates_go_from_1990_to_ten_years_past_the_edition():
    days = values.day(column("31/12/1989", "01/01/1990", "10/07/2024", "11/07/2024"))
    assert list(values.plausible(days, date(2014, 7, 10))) == [False, True, True, False]


def test_a_list_takes_the_separators_that_people_type_and_words_keep_their_commas():
    for text in ("T1|T2", "T1;T2", "T1, T2", "T1\nT2", " T1 et T2;;T1"):
        assert values.parts(text) == ["T1", "T2"]
    told = "Saisir, puis signer et envoyer; Rien | Autre"
    assert values.parts(told, words=True) == ["Saisir, puis signer et envoyer", "Rien", "Autre"]


def test_errors_of_spreadsheets_and_empty_columns():
    told = column("#VALUE!", "#N/A", "###", "#1 rue", None).str.fullmatch(values.ERROR, na=False)
    assert [*told] == [True, True, True, False, False]
    for function in (values.text, values.number, values.day):
        assert len(function(column())) == 0 and len(function(column(None))) == 1


@given(st.text("0123456789", min_size=14, max_size=14), st.integers(1, 9), st.integers(0, 13))
def test_luhn_sees_any_wrong_digit(digits, shift, place):
    last = next(d for d in "0123456789" if values.luhn(column(digits[:13] + d))[0])
    right = digits[:13] + last
    wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]
    assert list(values.luhn(column(right, wrong))) == [True, False]


def test_siret_and_siren_get_their_zeros_back_where_their_key_then_holds():
    written = column(
        "73282932000074",  # INSEE's own example of a SIRET
        "732 829 320 00074",
        "5550000300011",
        "5550000300012",  # the key does not hold
        "4840500013",  # a SIREN that begins with four zeros
        "4840500014",
        "732829320",  # a SIREN
        "7.3E+13",
    )
    restored = {0: "73282932000074", 1: "73282932000074", 2: "05550000300011", 4: "00004840500013"}
    assert list(values.restored(written, 10, 14).fillna("")) == [restored.get(i, "") for i in range(len(written))]
    assert list(values.restored(column("000000018", "000018", "123456789"), 6, 9).fillna("")) == [
        *("000000018", "000000018", "")
    ]


def test_departments_and_insee_codes(study):
    written = "16 | 016 | 79 - Deux-Sèvres | charente maritime | 1 | 2a | 974 | x".split(" | ")
    read = [values.department(text, study) for text in written]
    assert read == ["16", "16", "79", "17", "01", "2A", "974", None]
    codes = values.insee(column("17300", "1004", "2a004", "97411", "La Rochelle"))
    assert list(codes.fillna("?")) == ["17300", "01004", "2A004", "97411", "?"]
    assert list(values.department_of(codes).fillna("?")) == ["17", "01", "2A", "974", "?"]


def test_spaces_without_end_are_read_at_once(study):
    """Where a pattern begins or ends with any number of spaces, a million of them take hours."""
    far = " " * 10**6
    assert values.department(f"17{far}- Charente{far}", study) == "17"
    assert values.department(f"17{far}1", study) is None
    assert (
        communes.find("17", f"Rochelle{far}(La){far}") == "17300"
        and headers_of("comptes").key(f"Nom{far}(m²){far}") == "nom"
    )
    assert values.number(column(f"12{far}1")).isna().all() and values.day(column(f"2{far}juin{far}2014")).notna().all()


PRODUCTS = {
    "": "P.L.U.S → PLUS | plai adapté → PLAI_ADP | PLAI-ADP → PLAI_ADP | palulos  relance → PALULOS RELANCE | "
    "Logement intermédiaire → LOGEMENT INTERMEDIAIRE",
    programmation.TRUNCATED: "PLUS CD → PLUS | PLS foyer → PLS | PLAI ressource → PLAI | "
    "PALULOS REL → PALULOS RELANCE | PRODUIT SPEC → PRODUIT SPECIFIQUE HEBERGEMENT",
    programmation.UNKNOWN: "bail réel  solidaire → BAIL RÉEL SOLIDAIRE | PLSX → PLSX",
}


def test_products():
    for remark, cases in PRODUCTS.items():
        written, expected = zip(*pairs(cases), strict=True)
        folded, told = programmation.products(column(*written))
        assert list(folded) == [*expected]
        assert [reason for reason, where in told.items() if where.any()] == [remark] * bool(remark)
    assert [*programmation.products(column(*programmation.PRODUCTS))[0]] == programmation.PRODUCTS


COMMUNES = pairs(
    "17 → La Rochelle → 17300 | 17 → ROCHELLE (LA) → 17300 | 17 → Rochelle La → 17300 | "
    "17 → LA ROCHELLE CEDEX 1 → 17300 | 17 → St-Pierre d\u2019Oléron → 17385 | 17 → STE GEMME → 17330 | "
    "16 → L ISLE D'ESPAGNAC → 16166 | 16 → Isle-d'Espagnac (L') → 16166 | 79 → Brioux s/Boutonne → 79057 | "
    "86 → Les Trois Moutiers → 86274 | "
    "16 → Aignes-et-Puypéroux → 16004 | "  # of 2014, gone since
    "17 → Marennes-Hiers-Brouage → 17219 | "  # today's name of a commune of 2014
    "17 → Agonnay → 17397 | "  # gone before 2014: the one that took it in
    "13 → Marseille - 14e arrondissement → 13214 | 13 → MARSEILLE 1ER ARRONDISSEMENT → 13201 | "
    "75 → Paris 12e → 75112 | 75 → PARIS → 75056 | 69 → Lyon 03 → 69383"
)


def test_communes_are_found_by_their_labels_but_those_of_none():
    for departement, label, code in COMMUNES:
        assert communes.find(departement, label) == code, label
    for departement, label in (("16", "La Rochelle"), ("17", ""), ("00", "Niort")):
        assert communes.find(departement, label) is None


def test_every_commune_of_2014_is_found_by_its_own_name():
    rows = communes.reference()
    rows = rows[(rows["existe_2014"] == "oui") & rows["departement"].isin(["16", "17", "79", "86"])]
    assert len(rows) == 1460
    found = [communes.find(d, n) for d, n in zip(rows["departement"], rows["nom"], strict=True)]
    assert found == list(rows["code_insee"])


def test_words_fold():
    assert squeeze("N° Opération GALION") == squeeze("n°  operation galion") == "noperationgalion"
    assert [squeeze(t) for t in ("Numéro_Opération", "MOA (code SIRET)", "---")] == [
        *("numerooperation", "moacodesiret", "")
    ]
    assert plain("Œuvre d\u2019Été Æ") == "oeuvre d'ete ae"
