"""Questionnaires: files of answers → `reponses_<id>.parquet`, every respondent accounted for.

The row that counts for each respondent is the last complete one; what it answered is as the filters let it stand.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd

from notebook_reports import typst
from notebook_reports.errors import StudyError
from notebook_reports.files import write_atomic
from notebook_reports.french import listing, short_date

from ..codebook import ANSWERS, AUTRE, NR, Codebook, Question, codebook_files, load_codebook
from ..columns import Column, columns
from ..filters import Part, truth
from ..study import Study
from ..tables import ORIGIN, read_table
from ..words import bare, folded
from . import values, verbatims
from .exports import Exported, date_column
from .persons import without_contacts
from .readers import ELSEWHERE, Files, find, read_files
from .report import MASK, REPORT, CheckReport, Findings, together
from .sheets import Rows
from .values import TICKED

EXCLUDED = "réponse à une question que le filtre excluait, écartée\u202f; rien à faire"
WRONG = {"nombre": "nombre illisible", "date": "date illisible ou invraisemblable"}
RANKED = "déjà classé à un autre rang\u202f; tenu pour sans réponse"
Cell = tuple[Column, str, str | None]  # what was typed, and its value: "" none, None unreadable
UNTICKED = frozenset({"n", "no", "non", "0", "2", "faux", "false"})  # 2: LimeSurvey, « convertir N en 2 »
NOT_PUT = "n/a"  # LimeSurvey's full answers, for a question that was not shown
_LARGEST = 1e15  # beyond, a float has no units left
_OTHER = ("-oth-", "autre", "other")
_TIME = r"[ T](\d{1,2}):(\d{2})(?::(\d{2}))?"
Row = tuple[str, str, str, str]


@dataclass
class Answered:
    """One respondent: `found` as `filters.Answers`, `texts` the free text by header."""

    found: dict[Part, tuple[str, ...]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    warnings: list[tuple[str, str, str]] = field(default_factory=list)  # header, value, reason


def read_questionnaires(study: Study) -> CheckReport:
    """Read data/raw/questionnaires; write the checked answers and the verbatims to review.

    Written: `data/processed/reponses_<id>.parquet` for each codebook (removed for the others)
    and `data/relecture/verbatims.xlsx`, where the marks already made are kept; if that file
    cannot be read it is not written over. Who may answer is in the checked table `organismes`.
    """
    ids = [path.stem for path in codebook_files(study)]
    nobody = "ce nom n'est celui d'aucun questionnaire"
    nobody += f"\u202f; commencez-le par {' ou '.join(ids)}" if ids else ""
    claimed, ignored = find(study.raw, ids, nobody, ELSEWHERE)
    found = [CheckReport(ignored=tuple(ignored), asked=tuple(claimed))]
    texts: list[verbatims.Verbatim] = []
    stale = {*study.processed.glob("reponses_*.parquet")}
    for id, paths in claimed.items():
        try:
            codebook = load_codebook(study.raw / ELSEWHERE / f"{id}.toml")
        except StudyError as error:
            found.append(CheckReport(set_aside=(f"{ELSEWHERE}/{error}",)))
            continue
        answers, report = _read(study, codebook, paths, texts)
        found.append(report)
        file = study.processed / f"reponses_{id}.parquet"
        write_atomic(file, answers.to_parquet(index=False))
        stale.discard(file)
    for file in stale:
        file.unlink()
    try:
        verbatims.write(study, texts)
    except StudyError as error:
        found.append(CheckReport(set_aside=(str(error),)))
    return together(found)


def _read(
    study: Study, codebook: Codebook, paths: Files, texts: list[verbatims.Verbatim]
) -> tuple[pd.DataFrame, CheckReport]:
    """The answers of one questionnaire, columns `ANSWERS`, and what was found; its free answers join `texts`."""
    given, aside = read_files(paths, study.limites, Exported(codebook))
    if not given:
        return pd.DataFrame(columns=ANSWERS, dtype="str"), CheckReport(set_aside=aside)
    given = given._replace(cells=given.cells.astype("str"))
    accepted, findings = accept(codebook, given, read_table(study, "organismes"))
    cells = given.cells.loc[accepted.index]
    free = {c.header for c in columns(codebook) if c.entry == "texte" or c.question.diffusion == "interne"}
    found: list[Row] = []
    interpreted = interpret(codebook, cells, accepted["fichier"], study.etude.edition)
    for origin, row, answered in zip(accepted.to_dict("records"), cells.to_dict("records"), interpreted, strict=True):
        found += _said(codebook, origin["qui"], row, answered)
        texts += verbatims.of(codebook, answered.texts)
        findings.doubts += [
            (*(origin[c] for c in ORIGIN), header, MASK if header in free else without_contacts(value), reason)
            for header, value, reason in answered.warnings
        ]
    answers = pd.DataFrame(found, columns=ANSWERS, dtype="str")
    return answers, findings.report(f"reponses_{codebook.id}", aside)


def _said(codebook: Codebook, who: str, row: dict[Any, Any], answered: Answered) -> list[Row]:
    """Columns `ANSWERS`: what was answered, then the strata and the agreement that are columns of their own."""
    found = [(who, question, part, value) for (question, part), given in answered.found.items() for value in given]
    for name in dict.fromkeys((*codebook.strates, codebook.accord)):
        cell = row.get(name) if name not in codebook.by_code else None
        if name and isinstance(cell, str) and folded(cell) not in ("", NOT_PUT):
            agreed = "oui" if folded(cell) in TICKED else "non"
            found.append((who, name, "", agreed if name == codebook.accord else cell.strip()))
    return found


def interpret(codebook: Codebook, sheet: pd.DataFrame, files: pd.Series, edition: date) -> Iterator[Answered]:
    """The answers of each row.

    Parameters
    ----------
    sheet
        Text cells under the headers of `columns`; NaN where the row's file lacks the column.
    files
        The file of each row: codes or full answers are told apart file by file.
    """
    known = [c for c in columns(codebook) if c.header in sheet]
    labels = labels_first(known, sheet, files)
    read = read_cells(known, sheet, labels, edition)
    for row, typed in enumerate(sheet.to_dict("records")):
        answered = Answered()
        given = [(c, typed[c.header].strip(), read[c.header][row]) for c in known if isinstance(typed[c.header], str)]
        for code, here in groupby(given, lambda cell: cell[0].question.code):
            _answer(codebook, codebook.by_code[code], [*here], answered)
        yield answered


def _answer(codebook: Codebook, question: Question, cells: list[Cell], answered: Answered) -> None:
    tree = codebook.filters.get(question.code)
    put = truth(tree, answered.found) if tree else True
    given = [cell for cell in cells if cell[2] != ""]
    if put is False:
        answered.warnings += [(c.header, typed, EXCLUDED) for c, typed, _ in given]
        return
    if put is None and not given:
        return
    for column, typed, value in given:
        if value is None:
            reason = WRONG.get(column.entry, "valeur hors des modalités")
            answered.warnings.append((column.header, typed, f"{reason}\u202f; tenu pour sans réponse"))
        elif column.entry == "texte":
            answered.texts[column.header] = value
            if told := typst.told(value):
                answered.warnings.append((column.header, typed, told))
    if question.type == "choix_multiple":
        answered.found[question.code, ""] = tuple(c.box for c, _, value in cells if value) or (NR,)
        return
    by_part = {c.part: value for c, _, value in cells if not c.box}
    other = any(c.box and value for c, _, value in cells)
    ranked: set[str] = set()
    for part in question.parts:
        value = by_part.get(part) or (AUTRE if other and not part else NR)
        if question.type == "classement" and value in ranked and value != NR:
            answered.warnings.append((f"{question.code}[{part}]", value, RANKED))
            value = NR
        ranked.add(value)
        answered.found[question.code, part] = (value,)


def read_cells(
    known: list[Column], sheet: pd.DataFrame, labels: pd.Series, edition: date
) -> dict[str, list[str | None]]:
    """Header → the value of each cell: "" where empty, None where it cannot be read; `labels` as `labels_first`."""
    # Answers are few rows of many columns: all cells at once, since a call of pandas costs more than such a column.
    cells = pd.Series(sheet[[c.header for c in known]].to_numpy().ravel("F"), dtype="str")
    cleaned = values.text(cells)
    cleaned = cleaned.mask(cleaned.str.casefold() == NOT_PUT)
    kinds = np.repeat([c.entry for c in known], len(sheet))
    numbers, days, texts = (cleaned[kinds == kind] for kind in ("nombre", "date", "texte"))
    numbers, days = values.number(numbers), values.day(days)
    read = cleaned.astype("object")
    read[kinds == "nombre"] = numbers.where(numbers.abs() < _LARGEST).map(values.decimal, na_action="ignore")
    read[kinds == "date"] = days.where(values.plausible(days, edition)).dt.strftime("%Y-%m-%d")
    read[kinds == "texte"] = texts.map(_text, na_action="ignore")
    found = {}
    for place, column in enumerate(known):
        own = slice(place * len(sheet), (place + 1) * len(sheet))
        said = _meanings(column, cells[own], labels) if column.entry in ("case", "choix") else read[own]
        if column.entry == "texte" and column.box:  # some exports put N where no text was typed
            said = ["" if isinstance(text, str) and text.casefold() in UNTICKED else text for text in said]
        found[column.header] = [
            r if isinstance(r, str) else None if isinstance(c, str) else ""
            for r, c in zip(said, cleaned[own], strict=True)
        ]
    return found


def _meanings(column: Column, cells: pd.Series, labels: pd.Series) -> list[str | None]:
    """What each cell of a box or of a choice stands for, None where it is none of the answers."""
    if column.entry == "case":
        names = {bare(column.box), bare(column.label)} - UNTICKED | TICKED
        boxes = dict.fromkeys(names, column.box) | dict.fromkeys(UNTICKED, "")
        by_label = {False: boxes, True: boxes}
    else:
        codes, words = _choices(column.question)
        other = dict.fromkeys(_OTHER, AUTRE) if column.question.autre else {}
        by_label = {False: other | words | codes, True: other | codes | words}
    keys = cells.map(bare, na_action="ignore")
    return [by_label[told].get(key) for key, told in zip(keys, labels, strict=True)]


def labels_first(known: list[Column], sheet: pd.DataFrame, files: pd.Series) -> pd.Series:
    """For each row, whether its file has full answers where a cell could be code or label."""
    balance = pd.Series(0, index=sheet.index)
    for column in known:
        if column.entry == "choix":
            codes, words = _choices(column.question)
            keys = sheet[column.header].map(bare, na_action="ignore")
            balance += [(key in words) - (key in codes) for key in keys]
    return balance.groupby(files).transform("sum") > 0


def _choices(question: Question) -> tuple[dict[str, str], dict[str, str]]:
    """Code, bare → code; label, bare → code, but for a label of several codes."""
    labels = [bare(label) for label in question.choices.values()]
    words = {label: code for label, code in zip(labels, question.choices, strict=True) if labels.count(label) == 1}
    return {bare(code): code for code in question.choices}, words


def _text(value: str) -> str:
    """Without invisible characters: some no workbook can hold, some hide a name from the net.

    Nor the apostrophe that LimeSurvey 6 puts before what a spreadsheet would take for a formula.
    """
    value = value.removeprefix("'") if value.startswith("'=") else value
    seen = "".join(c for c in value if unicodedata.category(c) not in ("Cf", "Cs", "Co", "Cn"))
    return re.sub(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", " ", seen.replace("\r\n", "\n")).strip()


def accept(codebook: Codebook, given: Rows, organismes: pd.DataFrame) -> tuple[pd.DataFrame, Findings]:
    """Split the rows of all the files.

    Returns
    -------
    accepted, findings
        The rows of `given.origin` that count, with `qui`: the id of the respondent, numbered when the
        codebook names none; why the others do not, and remarks on accepted rows, and on complete answers
        that came too late.
    """
    who, when = codebook.repondant or "", date_column(codebook)
    names, ids = _respondents(codebook, given, organismes)
    rows = given.origin.assign(qui=ids)
    typed = given.cells.get(when, pd.Series(dtype="str")).reindex(rows.index)
    dates = values.text(typed)
    rows["instant"] = _instant(dates)
    shown = pd.DataFrame({when: dates.fillna(""), who: names.fillna("").map(without_contacts)})
    findings = Findings(given._replace(cells=shown, origin=rows))
    findings.refuse(rows["qui"].isna(), who, "répondant non renseigné\u202f; écrivez qui a répondu", "")
    partial = ~rows["formulaire"] & typed.notna() & dates.isna()
    findings.refuse(partial, when, "réponse incomplète, sans date de fin\u202f; rien à faire, elle n'est pas comptée")
    if codebook.cloture:  # the whole day; an answer without a date did not come after it
        late = findings.kept & (rows["instant"] >= pd.Timestamp(codebook.cloture) + pd.Timedelta(days=1))
        told = f"réponse reçue après la clôture du {short_date(codebook.cloture)}\u202f; elle n'est pas comptée"
        findings.refuse(late, when, told)
        lines = rows[late].assign(colonne=when, valeur=dates[late], motif=told)[[*REPORT]]
        findings.doubts += lines.itertuples(index=False, name=None)
    complete = rows[findings.kept].sort_values("instant", kind="stable", na_position="first")
    last = complete.drop_duplicates("qui", keep="last")
    earlier = complete.drop(index=last.index).sort_index()
    place = complete["fichier"].astype("str") + ", ligne " + complete["ligne"].astype("str")
    place = complete["instant"].dt.strftime("%d/%m/%Y, ").fillna("") + place
    winner = earlier["qui"].map(place[last.index].set_axis(last["qui"]))
    same = "réponse plus récente du même organisme" if who else "autre ligne de la même réponse"
    replaced = rows.index.isin(earlier.index)
    findings.refuse(replaced, who, f"remplacée par une {same} (" + winner + ")\u202f; rien à faire")
    unread = dates.notna() & rows["instant"].isna()
    undated = "date illisible\u202f; la réponse compte, comme la plus ancienne\u202f; écrivez 2014-06-05 10:00:00"
    findings.warn(unread, when, undated)
    others = {qui: listing([*found]) for qui, found in place[earlier.index].groupby(earlier["qui"])}
    told = "plusieurs réponses complètes (" + rows["qui"].map(others).astype("str") + ")"
    findings.warn(told.notna(), who, told + "\u202f; la dernière compte, celle de cette ligne", "")
    if who:
        bodies = organismes["id"]
        unknown = "répondant absent de la table organismes, gardé sous ce nom\u202f; ajoutez-le, ou écrivez son id"
        findings.warn(~rows["qui"].isin(bodies), who, unknown)
        if isinstance(codebook.population, str):
            strange = f"ce répondant n'est pas du groupe interrogé ({codebook.population})\u202f; vérifiez son rôle"
            others_role = bodies[organismes["role"] != codebook.population]
            findings.warn(rows["qui"].isin(others_role), who, strange, rows["qui"])
    return rows[findings.kept], findings


def _respondents(codebook: Codebook, given: Rows, organismes: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """What each row says of the respondent, NaN where empty, and the id of that organisme, else the name folded.

    Where none is asked, both are a number, that of LimeSurvey's own number.
    """
    if codebook.repondant is None:
        own = given.origin["numero"]
        distinct = own.where(own != "", "\0" + pd.Series(own.index, own.index).astype("str"))
        numbers = [f"R{i + 1:05d}" for i in pd.factorize(distinct)[0]]
        names = pd.Series(numbers, index=own.index, dtype="str")
        return names, names
    names, known = values.text(given.cells[codebook.repondant]), values.organismes(organismes, bare)

    def id_of(name: str) -> str:
        return known.get(bare(name)) or known.get(re.sub(r"\s", "", name), folded(name))

    return names, names.map(id_of, na_action="ignore").astype("str")


def _instant(dates: pd.Series) -> pd.Series:
    parts = dates.str.extract(_TIME).astype("float64").fillna(0)
    seconds = parts[0] * 3600 + parts[1] * 60 + parts[2]
    return values.day(dates) + pd.to_timedelta(seconds, unit="s").astype("timedelta64[s]")
