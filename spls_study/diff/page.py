"""What a reader sees of a comparison, on one screen: the figures that moved, why, what to look at; its files."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from notebook_reports import french
from notebook_reports.archive import write_portal
from notebook_reports.blocks import DOCUMENT, Block, attach, resource
from notebook_reports.exporters import ReportHTMLExporter, ReportPDFExporter
from notebook_reports.files import sweep, write_atomic
from notebook_reports.index import KEY_FIGURES
from notebook_reports.notebook import composed
from notebook_reports.publication import STATEMENT
from notebook_reports.tables import to_csv
from notebook_reports.text import as_markdown

from ..analysis.differences import CHANGED, as_day
from ..show import alert, lead, mention, say, table
from ..show.signs import Cell
from ..tables import NOTICES
from .comparison import REVISED, Compared, Comparison
from .names import Names

NAME = "differences"
TABLES = 6  # tables to look at on the page
COLUMNS = 6  # territories beside each other
DOUBLES = {"taux_reponse_bailleurs": "reponses_bailleurs"}  # a figure that another one tells already
MORE = (  # is better
    "totaux_conformes reponses_bailleurs taux_reponse_bailleurs reponses_gestionnaires bailleurs_prets "
    "bailleurs_entres comptes_ouverts part_comptes_ouverts clauses_adoptees"
).split()
LESS = "etapes_ressaisie decisions_processus retard_calendrier points_en_retard".split()
BETTER = {**dict.fromkeys(MORE, 1), **dict.fromkeys(LESS, -1)}


def write(reports: Path, comparison: Comparison) -> Path:
    """`reports/diff/<A>_<B>/`: index.html, differences.pdf, differences.csv; path of the first."""
    folder = reports / "diff" / f"{comparison.before}_{comparison.after}"
    sweep(folder)
    book = composed(p if isinstance(p, str) else p._repr_mimebundle_() for p in _parts(comparison))
    everything = resource(comparison.rows, NAME, "Différences")
    write_atomic(folder / f"{NAME}.csv", to_csv(everything))
    resources = {"accessibilite": f"../../{comparison.after}/{STATEMENT}"}
    exported: tuple[tuple[str, Any], ...] = ((f"{NAME}.pdf", ReportPDFExporter), ("index.html", ReportHTMLExporter))
    for name, exporter in exported:
        write_atomic(folder / name, exporter().from_notebook_node(book, resources)[0])
    write_portal(reports)
    return folder / "index.html"


def _parts(c: Comparison) -> Iterator[str | Block]:
    figures = [t for t in c.tables if t.name == KEY_FIGURES and t.is_whole]
    moved, known = _moved(figures), {row["cle"] for t in figures for row in t.lines.values()} - {*DOUBLES}
    dates = f"du {french.long_date(c.before)} au {french.long_date(c.after)}"
    what = f"{len(moved)} {french.plural(len(moved), 'chiffre clé', 'chiffres clés')} sur {len(known)}"
    said = f"{what} {french.plural(len(moved), 'a', 'ont')} changé" if moved else "aucun chiffre clé n'a changé"
    title = f"{french.capital(dates)}, {said if len(c.rows) else 'rien n’a changé'}"
    yield f"# {as_markdown(title)}"
    yield _entete(c, title)
    if c.lacking:
        yield lead(*map(french.capital, c.lacking))
    if len(c.rows) == 0:
        yield attach(say("Les tableaux des deux éditions sont les mêmes."), {NAME: c.rows})
        return
    if moved:
        yield from _matrix(c, figures, moved)
    yield from _causes(c)
    yield from _to_look_at(c)
    yield attach(mention(f"Tout est dans {NAME}.csv\u00a0: {french.number(len(c.rows))} lignes."), {NAME: c.rows})


def _entete(c: Comparison, title: str) -> Block:
    """The line under the title; gives the exporters the document's title and date."""
    document = {"titre": title, "date": c.after.isoformat(), "etude": c.title, "fictif": c.fictitious}
    lines = [c.title, f"éditions du {french.long_date(c.before)} et du {french.long_date(c.after)}"]
    content = {"lignes": lines, "avertissement": "données fictives" if c.fictitious else ""}
    return Block("entete", content, " – ".join([title, *lines]), {DOCUMENT: document})


Moved = dict[str, dict[str, Any]]  # key figure → territory → its row of `Comparison.rows`


def _moved(figures: Sequence[Compared]) -> Moved:
    """The key figures that changed, in the order of the note; one that another tells is left out."""
    found: Moved = {}
    for one in figures:
        cells = one.rows[one.rows["colonne"] == "valeur"]
        for row in cells.itertuples(index=False):
            found.setdefault(one.lines[row.cle]["cle"], {})[one.territory] = row
    return {key: cells for key, cells in found.items() if DOUBLES.get(key) not in found}


def _matrix(c: Comparison, figures: Sequence[Compared], moved: Moved) -> Iterator[str | Block]:
    """Key figure × territory: before → after, the change; the worst of a row is told."""
    facts = {row["cle"]: row for one in reversed(figures) for row in one.lines.values()}
    places = list(c.territories)[:COLUMNS]
    view, better, worse = [], 0, 0
    for key in (k for k in facts if k in moved):
        gains = {
            place: BETTER.get(key, 0) * row.ecart
            for place, row in moved[key].items()
            if isinstance(row.ecart, (int, float))
        }
        better += sum(gain > 0 for gain in gains.values())
        worse += sum(gain < 0 for gain in gains.values())
        compared = {place: gain for place, gain in gains.items() if place != "region" or len(places) == 1}
        low = min(compared.values(), default=0)
        cells: list[Cell] = [_label(facts[key])]
        for place in places:
            text = _change(moved[key].get(place), facts[key]["unite"] == "part")
            cells.append(alert(f"{text} ▼") if compared.get(place, 0) == low < 0 else text)
        view.append(cells)
    still = [french.quoted(_label(row)) for key, row in facts.items() if key not in moved and key not in DOUBLES]
    notes = ["▼\u00a0: le recul le plus fort de la ligne." if worse else ""]
    notes.append(f"{french.count(len(still), 'chiffre est inchangé', 'chiffres sont inchangés')}." if still else "")
    if len(c.territories) > len(places):
        notes.append(f"{len(places)} territoires sur {len(c.territories)}\u00a0; tous sont dans {NAME}.csv.")
    headers = ["Chiffre clé", *(c.territories[place] for place in places)]
    yield _page_table(view, headers, f"{_progress(better, worse)}\u00a0: avant → après (écart)", *notes)


def _progress(better: int, worse: int) -> str:
    if not better and not worse:
        return "Les chiffres clés bougent sans progrès ni recul"
    parts = [
        f"{n} {french.plural(n, *words)}"
        for n, words in ((better, ("valeur progresse", "valeurs progressent")), (worse, ("recule", "reculent")))
        if n
    ]
    if not better:
        parts = [french.count(worse, "valeur recule", "valeurs reculent")]
    return french.listing(parts)


def _label(figure: Any) -> str:
    """« Comptes ouverts à la date des données », « % des PLUS… », « Bailleurs peuvent transmettre »."""
    unit, label = figure["unite"] or "", figure["libelle"] or ""
    if unit == "part":
        return f"%\u00a0{label}"
    return french.capital(label if unit.startswith("sur ") or label.startswith(unit) else f"{unit} {label}")


def _change(row: Any, share: bool) -> str:
    """« 8 → 10 (+2) »; a share in per cent, its change in points; « – » where nothing changed."""
    if row is None:
        return french.NOT_APPLICABLE
    before, after = (_text(v, share) for v in (row.avant, row.apres))
    return f"{before} → {after}{_gap(row.ecart, share)}"


def _causes(c: Comparison) -> Iterator[Block]:
    """The data whose files changed, with what became of these, the rows read and refused; then what else changed."""
    files, others = c.causes
    told = []
    for name in sorted(dict.fromkeys(file.table for file in files)):
        own = [file for file in files if file.table == name]
        changes = Counter(file.changement for file in own if file.changement != REVISED)
        said = [french.listing([f"{n} {french.plural(n, what, f'{what}s')}" for what, n in changes.items()])]
        for column, *what in (("lues", "ligne lue", "lignes lues"), ("refusees", "refusée", "refusées")):
            before, after = (sum(getattr(file, of) or 0 for file in own) for of in (f"{column}_avant", column))
            said += [f"{french.number(before)} → {french.count(after, *what)}"] * (before != after)
        told.append(_raw(name, c.names) + (f" ({', '.join(filter(None, said))})" if any(said) else ""))
    caption = french.count(len(files), "fichier reçu l'explique", "fichiers reçus l'expliquent")
    also = f" {'A' if len(others) == 1 else 'Ont'} aussi changé\u00a0: {french.listing(others)}." if others else ""
    end = "\u202f; "
    yield mention((f"{caption}\u00a0: {end.join(told)}." if files else "Les fichiers reçus sont les mêmes.") + also)


def _raw(name: str, names: Names) -> str:
    """« Opérations programmées »; a questionnaire by its title."""
    if name in NOTICES:
        return NOTICES[name].titre.partition(",")[0]
    questionnaire = name.removeprefix("reponses_")
    return names.get("questionnaire", {}).get(questionnaire) or french.capital(name.replace("_", " "))


def _to_look_at(c: Comparison) -> Iterator[str | Block]:
    """One row a published table that changed, the most important first."""
    changed = [t for t in c.tables if t.name != KEY_FIGURES and t.is_whole and len(t.rows)]
    names = sorted({t.name for t in changed}, key=lambda name: _rank(name, changed))
    if not names:
        return
    view = []
    for name in names[:TABLES]:
        own = [t for t in changed if t.name == name]
        number = len({(t.territory, key) for t in own for key in t.rows["cle"]})
        view.append([f"{own[0].shown.nom} ({french.number(number)})", _first(own)])
    more = len(names) - TABLES
    rest = f"{french.count(more, 'autre tableau a changé', 'autres tableaux ont changé')}." if more > 0 else ""
    caption = french.count(len(names), "tableau est à regarder", "tableaux sont à regarder")
    headers = ["Tableau (lignes changées)", "À regarder"]
    yield _page_table(view, headers, f"{caption}, les plus importants d'abord", rest)


def _rank(name: str, changed: Sequence[Compared]) -> tuple[int, str]:
    return next(t.shown.rang for t in changed if t.name == name), name


def _first(tables: Sequence[Compared]) -> str:
    """The largest change in the column that is told first, ties counted, or else what came or went."""
    rows, column = pd.concat([t.rows for t in tables], ignore_index=True), tables[0].shown.voir
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
    share = row.colonne.startswith(("part", "taux"))
    before, after = (_cut(_text(v, share, row.colonne)) for v in (row.avant, row.apres))
    what = "" if row.colonne == column else f", {row.colonne.replace('_', ' ')}"
    unit = "\u00a0j" if as_day(row.avant) else ""
    return f"{_cut(row.ligne)}{what}\u00a0: {before} → {after}{_gap(row.ecart, share, unit)}{more}"


def _cut(text: str, longest: int = 60) -> str:
    return text if len(text) <= longest else text[: longest - 1].rsplit(" ", 1)[0] + "…"


def _gap(gap: Any, share: bool, unit: str = "") -> str:
    if not isinstance(gap, int | float):
        return ""
    if share:
        return f" ({french.signed(gap * 100, 1)}\u00a0pt)"
    return f" ({french.signed(gap, _decimals(gap))}{unit})"


def _text(value: Any, share: bool = False, column: str = "") -> str:
    if value is None:
        return french.NOT_APPLICABLE
    if isinstance(value, (bool, str)):
        return french.cell(as_day(value) or value)
    if share:
        return french.points(value)
    return str(value) if column.startswith("annee") else french.number(value, _decimals(value))


def _decimals(value: float) -> int:
    return 0 if float(value).is_integer() else 1 if abs(value) >= 1 else 4


def _page_table(view: list[list[Any]], headers: list[str], caption: str, *note: str) -> Block:
    """A table of the page alone: the data are in differences.csv."""
    shown = table(pd.DataFrame(view, columns=headers), "page", caption, note=note, longest=40, dense=True)
    return replace(shown, extra={})
