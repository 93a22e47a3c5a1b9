"""What a reader sees of a comparison, on one screen: the figures that moved, why, what to look at; its files."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from . import french
from .archive import write_portal
from .blocks import DOCUMENT, Block, as_markdown, lead, mention, resource, rows_of_text, say
from .comparison import CHANGED, FIELDS, REVISED, Comparison, Row, as_day
from .files import sweep, write_atomic
from .notebook import composed
from .publication import KEY_FIGURES, STATEMENT
from .rendering import to_html, to_pdf
from .tables import to_csv

NAME = "differences"
TABLES = 6  # tables to look at on the page
COLUMNS = 6  # territories beside each other
Cell = str | dict[str, str]


def write(reports: Path, comparison: Comparison) -> Path:
    """`reports/diff/<A>_<B>/`: index.html, differences.pdf, differences.csv; path of the first."""
    folder = reports / "diff" / f"{comparison.before}_{comparison.after}"
    sweep(folder)
    book = composed(p if isinstance(p, str) else p._repr_mimebundle_() for p in _parts(comparison))
    everything = resource(comparison.rows[FIELDS], NAME, "Différences")
    write_atomic(folder / f"{NAME}.csv", to_csv(everything))
    resources = {"accessibilite": f"../../{comparison.after}/{STATEMENT}"}
    write_atomic(folder / f"{NAME}.pdf", to_pdf(book, resources))
    write_atomic(folder / "index.html", to_html(book, resources))
    write_portal(reports)
    return folder / "index.html"


def _parts(c: Comparison) -> Iterator[str | Block]:
    moved = _moved(c)
    known = {row["cle"] for figures in c.figures.values() for row in figures.values()} - {*c.subject.doubles}
    dates = f"du {french.long_date(c.before)} au {french.long_date(c.after)}"
    what = f"{len(moved)} {french.plural(len(moved), 'chiffre clé', 'chiffres clés')} sur {len(known)}"
    said = f"{what} {french.plural(len(moved), 'a', 'ont')} changé" if moved else "aucun chiffre clé n'a changé"
    title = f"{french.capital(dates)}, {said if len(c.rows) else 'rien n’a changé'}"
    everything = {NAME: c.rows[FIELDS]}
    yield f"# {as_markdown(title)}"
    yield _entete(c, title)
    if c.lacking:
        yield lead(*map(french.capital, c.lacking))
    if len(c.rows) == 0:
        yield say("Les tableaux des deux éditions sont les mêmes.", data=everything)
        return
    if moved:
        yield _matrix(c, moved)
    yield _causes(c)
    yield from _to_look_at(c)
    yield mention(f"Tout est dans {NAME}.csv\u00a0: {french.number(len(c.rows))} lignes.", data=everything)


def _entete(c: Comparison, title: str) -> Block:
    """The line under the title; gives the exporters the document's title and date."""
    document = {"titre": title, "date": c.after.isoformat(), "etude": c.title, "fictif": c.fictitious}
    lines = [c.title, f"éditions du {french.long_date(c.before)} et du {french.long_date(c.after)}"]
    content = {"lignes": lines, "avertissement": "données fictives" if c.fictitious else ""}
    return Block("entete", content, " – ".join([title, *lines]), {DOCUMENT: document})


Moved = dict[str, dict[str, Any]]  # key figure → territory → its row of `Comparison.rows`


def _moved(c: Comparison) -> Moved:
    """The key figures that changed, in the order of the note; one that another tells is left out."""
    found: Moved = {}
    rows = c.rows
    for row in rows[(rows["tableau"] == KEY_FIGURES) & (rows["colonne"] == "valeur")].itertuples(index=False):
        if row.entier:
            found.setdefault(c.figures[row.territoire][row.cle]["cle"], {})[row.territoire] = row
    return {key: cells for key, cells in found.items() if c.subject.doubles.get(key) not in found}


def _matrix(c: Comparison, moved: Moved) -> Block:
    """Key figure × territory: before → after, the change; the worst of a row is told."""
    facts = {row["cle"]: row for figures in reversed([*c.figures.values()]) for row in figures.values()}
    places = list(c.territories)[:COLUMNS]
    view, better, worse = [], 0, 0
    for key in (k for k in facts if k in moved):
        gains = {
            place: c.subject.better.get(key, 0) * row.ecart
            for place, row in moved[key].items()
            if isinstance(row.ecart, (int, float))
        }
        better += sum(gain > 0 for gain in gains.values())
        worse += sum(gain < 0 for gain in gains.values())
        compared = {place: gain for place, gain in gains.items() if place != c.subject.whole or len(places) == 1}
        low = min(compared.values(), default=0)
        cells: list[Cell] = [_label(facts[key])]
        for place in places:
            row = moved[key].get(place)
            text = _change(row, facts[key]["unite"] == "part") if row else french.NOT_APPLICABLE
            cells.append({"texte": f"{text} ▼", "svg": ""} if compared.get(place, 0) == low < 0 else text)
        view.append(cells)
    still = sum(key not in moved and key not in c.subject.doubles for key in facts)
    notes = ["▼\u00a0: le recul le plus fort de la ligne." if worse else ""]
    notes.append(f"{french.count(still, 'chiffre est inchangé', 'chiffres sont inchangés')}." if still else "")
    if len(c.territories) > len(places):
        notes.append(f"{len(places)} territoires sur {len(c.territories)}\u00a0; tous sont dans {NAME}.csv.")
    headers = ["Chiffre clé", *(french.capital(c.territories[place]) for place in places)]
    return rows_of_text(f"{_progress(better, worse)}\u00a0: avant → après (écart)", headers, view, *notes, dense=True)


def _progress(better: int, worse: int) -> str:
    if not better:
        moved = french.count(worse, "valeur recule", "valeurs reculent")
        return moved if worse else "Les chiffres clés bougent sans progrès ni recul"
    parts = [french.count(better, "valeur progresse", "valeurs progressent")]
    return french.listing(parts + [f"{worse} {french.plural(worse, 'recule', 'reculent')}"] * (worse > 0))


def _label(figure: Row) -> str:
    """« Comptes ouverts à la date des données », « % des PLUS… », « Bailleurs peuvent transmettre »."""
    unit, label = figure["unite"] or "", figure["libelle"] or ""
    if unit == "part":
        return f"%\u00a0{label}"
    return french.capital(label if unit.startswith("sur ") or label.startswith(unit) else f"{unit} {label}")


def _causes(c: Comparison) -> Block:
    """The data whose files changed, with what became of these, the rows read and refused; then what else changed."""
    files, others = c.causes
    told = []
    for name in sorted({file.table for file in files}):
        own = [file for file in files if file.table == name]
        changes = Counter(file.change for file in own if file.change != REVISED)
        said = [french.listing([f"{n} {french.plural(n, what, f'{what}s')}" for what, n in changes.items()])]
        for column, *what in (("lues", "ligne lue", "lignes lues"), ("refusees", "refusée", "refusées")):
            before, after = (
                sum(one.get(column) or 0 for one in each) for each in zip(*(f[1:] for f in own), strict=True)
            )
            said += [f"{french.number(before)} → {french.count(after, *what)}"] * (before != after)
        told.append(c.subject.raw(name) + (f" ({', '.join(filter(None, said))})" if any(said) else ""))
    caption = french.count(len(files), "fichier reçu l'explique", "fichiers reçus l'expliquent")
    also = f" {'A' if len(others) == 1 else 'Ont'} aussi changé\u00a0: {french.listing(others)}." if others else ""
    end = "\u202f; "
    return mention((f"{caption}\u00a0: {end.join(told)}." if files else "Les fichiers reçus sont les mêmes.") + also)


def _to_look_at(c: Comparison) -> Iterator[Block]:
    """One row a published table that changed, the most important first."""
    rows = c.rows[(c.rows["tableau"] != KEY_FIGURES) & c.rows["entier"].astype(bool)]
    changed = sorted(rows.groupby("tableau"), key=lambda one: c.subject.output(one[0]).rang)
    if not changed:
        return
    view: list[list[Cell]] = []
    for name, own in changed[:TABLES]:
        number, known = len(own.drop_duplicates(["territoire", "cle"])), c.subject.output(name)
        view.append([f"{known.nom} ({french.number(number)})", _first(own, known.voir)])
    more = len(changed) - TABLES
    rest = f"{french.count(more, 'autre tableau a changé', 'autres tableaux ont changé')}." if more > 0 else ""
    caption = french.count(len(changed), "tableau est à regarder", "tableaux sont à regarder")
    headers = ["Tableau (lignes changées)", "À regarder"]
    yield rows_of_text(f"{caption}, les plus importants d'abord", headers, view, rest, dense=True)


def _first(rows: pd.DataFrame, column: str) -> str:
    """The largest change in the column that is told first, ties counted, or else what came or went."""
    changed = rows[rows["nature"] == CHANGED]
    if column in {*changed["colonne"]}:
        changed = changed[changed["colonne"] == column]
    elif column and len(changed) < len(rows):
        changed = rows[rows["nature"] != CHANGED]
    chosen = changed if len(changed) else rows
    sizes = pd.to_numeric(chosen["ecart"], errors="coerce").abs().fillna(-1)
    most = chosen[sizes == sizes.max()].drop_duplicates("ligne")
    row = next(most.itertuples(index=False))
    equal = " ex aequo" if sizes.max() >= 0 else ""
    more = f" (et {french.count(len(most) - 1, 'autre')}{equal})" if len(most) > 1 else ""
    if row.nature != CHANGED:
        return f"{_cut(row.ligne)}\u00a0: {row.nature}{more}"
    what = "" if row.colonne == column else f", {row.colonne.replace('_', ' ')}"
    return f"{_cut(row.ligne)}{what}\u00a0: {_change(row, row.colonne.startswith(('part', 'taux')))}{more}"


def _cut(text: str, longest: int = 60) -> str:
    return text if len(text) <= longest else text[: longest - 1].rsplit(" ", 1)[0] + "…"


def _change(row: Any, share: bool) -> str:
    """« 8 → 10 (+2) », days between dates; a share in per cent, its change in points."""
    before, after = (_cut(_text(v, share, row.colonne)) for v in (row.avant, row.apres))
    gap = row.ecart
    if not isinstance(gap, int | float):
        told = ""
    elif share:
        told = f" ({french.signed(gap * 100, 1)}\u00a0pt)"
    else:
        told = f" ({french.signed(gap, _decimals(gap))}" + ("\u00a0j)" if as_day(row.avant) else ")")
    return f"{before} → {after}{told}"


def _text(value: Any, share: bool, column: str) -> str:
    if value is None:
        return french.NOT_APPLICABLE
    if isinstance(value, (bool, str)):
        return french.cell(as_day(value) or value)
    if share:
        return french.points(value)
    return str(value) if column.startswith("annee") else french.number(value, _decimals(value))


def _decimals(value: float) -> int:
    return 0 if float(value).is_integer() else 1 if abs(value) >= 1 else 4
