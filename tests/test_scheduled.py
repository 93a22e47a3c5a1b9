"""The scheduled night: what is published, kept and said when nobody is there."""

import configparser
import json
import shlex
import shutil
from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy
from xml.etree import ElementTree

import nbformat
import pytest
import typer
import yaml
from command import add_notebook, contents, notebook, programmed, publication, run, small_study, swap

from notebook_reports.archive import has_news, prune
from notebook_reports.build import build
from notebook_reports.publication import runs
from spls_study.cli.app import app
from spls_study.study import PACKAGE

pytestmark = pytest.mark.reports
DAY = 86_400
FIRST = 1_404_957_600  # 10 July 2014 at 02:00 UTC
READY = PACKAGE / "starter" / "planification"


class Night:
    """A small study, one department, and the nights that pass over it."""

    def __init__(self, folder, patch):
        self.folder, self._patch, self.day = small_study(folder), patch, 0
        self.raw, self.study = folder / "data" / "raw" / "programmation.csv", folder / "study.toml"
        self.dwellings(8)
        self.write("[publication]\n", "[publication]\neditions_gardees = 2\n")
        self.write('79 = "Deux-Sèvres"\n', "")
        self.write('[[gestionnaires]]\nid = "DD079"\nnom = "DDT 79"\ndepartement = "79"\n', "")

    def dwellings(self, number):
        self.raw.write_text(programmed(number), encoding="utf-8")

    def write(self, old, new):
        swap(self.study, old, new)

    def pass_(self, *more, days=1, status=0):
        self.day += days
        self._patch.setenv("SOURCE_DATE_EPOCH", str(FIRST + (self.day - 1) * DAY))
        done = run(self.folder, "build", "--edition", "auto", "--archive", *more)
        assert done.returncode == status, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        self.told = done.stderr
        return done.stdout

    @property
    def editions(self):
        return sorted(p.name for p in (self.folder / "reports").glob("2*"))

    def files(self, edition):
        return contents(self.folder / "reports" / edition)

    def log(self, edition):
        file = self.folder / "reports" / "journaux" / f"{edition}.jsonl"
        return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]

    @property
    def message(self):
        content = (self.folder / "avis.eml").read_bytes()
        assert content.count(b"\n") == content.count(b"\r\n")
        return message_from_bytes(content, policy=policy.default)

    @property
    def body(self):
        return self.message.get_content().replace("\r\n", "\n")


@pytest.fixture
def night(tmp_path, monkeypatch):
    return Night(tmp_path, monkeypatch)


def test_three_nights_with_a_change_give_two_editions_and_nothing_new(night):
    night.write("extraction = 2014-07-01", 'extraction = "auto"')  # follows the edition, and is no news
    add_notebook(night.folder, "1_essai", "say(f'données du {study.etude.extraction}')")
    first = night.pass_("--notify", "avis.eml")
    assert "édition du 10 juillet 2014 publiée." in first and "2 rapports." in first
    assert night.message["Subject"].endswith("édition du 10 juillet 2014 publiée")
    whole = night.files("2014-07-10")
    assert "données du 2014-07-09".encode() in whole["17/1_essai.html"]
    (night.raw.parent / "~$programmation.csv").write_text("ouvert", encoding="utf-8")
    second = night.pass_("--notify", "avis.eml")
    assert "rien de nouveau depuis l'édition du 10 juillet 2014." in second
    assert night.editions == ["2014-07-10"]
    assert "rien de nouveau" in night.message["Subject"] and night.body == second
    assert night.message["Date"] == "Fri, 11 Jul 2014 02:00:00 +0000"
    assert [line["evenement"] for line in night.log("2014-07-11")] == ["debut", "fin"]
    night.dwellings(9)
    third = night.pass_()
    assert "Depuis l'édition du 10 juillet 2014, fichier révisé\u00a0: programmation.csv." in third
    assert night.editions == ["2014-07-10", "2014-07-12"]
    assert night.files("2014-07-10") == whole
    assert "données du 2014-07-11".encode() in night.files("2014-07-12")["17/1_essai.html"]
    assert "chaque fichier" in run(night.folder, "verify", "2014-07-12").stdout
    (night.folder / "reports" / "2014-07-12" / "17" / "1_essai.pdf").unlink()
    verified = run(night.folder, "verify", "2014-07-12")
    assert verified.returncode == 1 and "17/1_essai.pdf\u00a0: fichier manquant." in verified.stderr
    events = night.log("2014-07-12")
    assert [e["evenement"] for e in events] == ["debut", "controle", "rapport", "rapport", "fin"]
    counts = {"fichiers": 1, "ecartes": 0, "lues": 1, "acceptees": 1, "refusees": 0}
    assert events[1] | {"heure": ""} == {"heure": "", "evenement": "controle", **counts}
    assert {e["rapport"] for e in events[2:4]} == {"17/1_essai", "region/1_essai"}
    assert events[-1]["code"] == 0 and not (night.folder / "reports" / "brouillon").exists()
    night.dwellings(10)  # the study keeps two
    assert "Édition retirée\u00a0: 10 juillet 2014." in night.pass_()
    assert night.editions == ["2014-07-12", "2014-07-13"]
    portal = (night.folder / "reports" / "index.html").read_text(encoding="utf-8")
    assert "2014-07-13/index.html" in portal and "2014-07-10/" not in portal


def test_an_edition_of_nothing_is_never_published(night):
    raw, codebook = night.raw.parent, night.raw.parent / "questionnaires" / "q.toml"

    def refused(*more):
        said = night.pass_("--notify", "avis.eml", *more, status=1)
        assert "aucune édition publiée, aucune donnée." in said and str(raw) in said
        assert night.body == said and "aucune donnée" in night.message["Subject"]
        return said

    content = night.raw.read_bytes()
    night.raw.unlink()
    assert "ne contient aucune donnée" in refused()  # not even where there was nothing before
    assert night.editions == []
    night.raw.write_bytes(content)
    night.pass_()
    kept = {p: p.read_bytes() for p in (night.folder / "data" / "processed").glob("*.*")}
    night.raw.unlink()
    codebook.parent.mkdir()
    codebook.write_text("", encoding="utf-8")  # what git has of data/raw
    (raw / "README.md").write_text("# Reçu", encoding="utf-8")
    (raw / ".gitkeep").touch()
    assert "ne contient aucune donnée" in refused("--force")
    shutil.rmtree(raw)
    said = refused()
    assert "n'existe pas" in said and "2014-07-11" in said  # the edition that stands
    assert {p: p.read_bytes() for p in kept} == kept  # what a person explores is not emptied
    raw.mkdir()
    night.raw.write_text(programmed(), encoding="utf-8")
    assert "fichiers sans ligne" in refused()
    assert night.editions == ["2014-07-11"]
    assert night.log("2014-07-14")[-1]["resultat"] == "aucune édition publiée, aucune donnée"
    night.raw.write_bytes(content)
    assert "rien de nouveau" in night.pass_()


def test_only_archived_editions_are_removed(tmp_path):
    days = [f"2014-07-0{day}" for day in range(1, 6)]
    for name in (*days, "2013-01-01", "diff", "journaux"):
        (tmp_path / name).mkdir()
    for name in days:
        manifest = json.dumps({"archive": name != "2014-07-02"})
        (tmp_path / name / "manifest.json").write_text(manifest, encoding="utf-8")
    assert [prune(tmp_path, keep) for keep in (12, 3, 2)] == [[], ["2014-07-01"], ["2014-07-03"]]
    left = ["2013-01-01", "2014-07-02", "2014-07-04", "2014-07-05", "diff", "journaux"]
    assert sorted(p.name for p in tmp_path.iterdir()) == left


def test_the_last_edition_counts_when_it_is_whole_and_made_from_the_same(tmp_path):
    first = replace(publication(tmp_path / "e", _1_essai=notebook("# Essai")), origins={"data/raw": "a"})
    part, later = (replace(first, edition=date(2014, 7, day)) for day in (11, 12))
    assert has_news(later)
    build(first, runs(first))
    assert not has_news(later)
    for origin in ("b", "", tmp_path):
        assert has_news(replace(later, origins={"data/raw": origin}))
    build(part, runs(part, ["2A"]))
    assert has_news(later)
    build(part, runs(part))
    assert not has_news(later)
    nbformat.write(notebook("# Autre"), later.notebooks / "1_essai.ipynb")
    assert has_news(later)


def test_the_last_edition_stands_whatever_goes_wrong(night):
    night.pass_()
    whole = night.files("2014-07-10")
    for days in (0, -1):
        said = night.pass_("--notify", "avis.eml", "--force", days=days, status=1)
        assert "L'édition du 10 juillet 2014 est déjà publiée" in said and night.body == said
    add_notebook(night.folder, "2_panne", 'raise ValueError("Mme Untel" if territoire == "17" else "x")')
    said = night.pass_("--notify", "avis.eml", days=2, status=1)
    assert "aucune édition publiée, 2 rapports en échec." in said
    assert "2_panne.ipynb, territoire 17" in said and "Untel" in night.told
    assert "en échec" in night.message["Subject"]
    log = night.log("2014-07-11")
    assert [e["evenement"] for e in log].count("echec") == 2 and log[-1]["code"] == 1
    assert "Untel" not in said + night.body + str(log)
    add_notebook(night.folder, "2_panne")
    night.raw.write_text(programmed(8).replace("produit", "autre"), encoding="utf-8")
    said = night.pass_(status=1)
    assert "données à corriger" in said and "1 fichier écarté" in said
    night.dwellings("x")  # a row that is refused
    assert "à corriger" in night.pass_("--strict", status=1)
    assert night.editions == ["2014-07-10"] and night.files("2014-07-10") == whole
    assert "publiée" in night.pass_() and night.editions[1:] == ["2014-07-14"]
    assert not list((night.folder / "reports" / "2014-07-14").rglob("*.echec.ipynb"))


def test_what_is_set_aside_is_named_with_its_reason_and_nobody_is(night):
    raw = night.raw.parent
    (raw / "comptes.csv").write_text("compte;organisme;fonction\nUntel;B1;Chef\n", encoding="utf-8")
    twice = "jean.untel@exemple.fr;05 49 00 11 22"
    (raw / "profils.csv").write_text(f"profil;libelle;interface;droits;{twice};{twice}\n", encoding="utf-8")
    questionnaires = PACKAGE.parent / "data" / "raw" / "questionnaires"
    shutil.copytree(
        questionnaires, raw / "questionnaires", ignore=lambda _, names: {n for n in names if ".toml" not in n}
    )
    form = raw / "questionnaires" / "bailleurs" / "Mme Untel\u00a0: brouillon.xlsx"
    form.parent.mkdir()
    form.write_bytes(b"PK\x03\x04")
    said = night.pass_("--notify", "avis.eml", status=1)
    assert "données à corriger" in said and "3 fichiers écartés" in said
    assert night.body.startswith(said)
    notes = night.body.removeprefix(said).splitlines()
    named = ["comptes.csv", "profils.csv", "questionnaires/bailleurs/…"]
    assert [note.partition("\u00a0: ")[0] for note in notes] == named
    assert "colonnes obligatoires absentes (" in notes[0] and "en-tête en double" in notes[1]
    assert "[courriel]" in notes[1] and "[téléphone]" in notes[1] and "classeur abîmé" in notes[2]
    log = night.log("2014-07-10")
    assert [event["motif"] for event in log if event["evenement"] == "ecarte"] == notes
    everything = night.body + json.dumps(log, ensure_ascii=False)
    assert "Untel" not in everything and "untel" not in everything and "05 49" not in everything
    assert "Mme Untel" in night.told  # who corrects must know which
    done = run(night.folder, "build", "--notify", "avis.eml")
    assert done.returncode == 1 and night.body.splitlines()[-3:] == notes


def test_what_new_left_to_fill_is_told_every_night(night):
    night.write("date = 2014-07-10", 'date = "a-completer"')
    night.write('contact = "spls@exemple.fr"', 'contact = "a-completer@exemple.fr"')
    for _ in ("published", "nothing new"):
        said = night.pass_("--notify", "avis.eml")
        first, second = night.body.removeprefix(said).split("\n")[1:3]
        assert "copil.date est à compléter" in first and "copil.contact est à compléter" in second
        assert first in night.told and second in night.told and "à compléter" not in said
    night.write('date = "a-completer"', "date = 2014-07-10")
    night.write("a-completer@exemple.fr", "spls@exemple.fr")
    assert night.pass_("--notify", "avis.eml") == night.body and "à compléter" not in night.told


def test_a_message_cannot_be_given_headers_nor_be_an_old_one(night):
    night.raw.write_text("illisible", encoding="utf-8")  # nothing needs be run
    night.write('"Déploiement de SPLS en Poitou-Charentes"', r'"Une\r\nBcc: intrus@exemple.fr\u2028\u0000étude"')
    night.write('"spls@exemple.fr"', r'"Le COPIL\n<spls@exemple.fr>, tél. 05"')
    night.pass_("--notify", "avis.eml", status=1)
    message = night.message
    assert message["Bcc"] is None and message["To"] == message["From"] == "spls@exemple.fr"
    assert message["Subject"].startswith("Une Bcc: intrus@exemple.fr étude\u00a0: aucune édition")
    night.write("<spls@exemple.fr>", "<la DREAL>")
    night.pass_("--notify", "avis.eml", status=1)
    assert "copil.contact" in night.told
    assert not (night.folder / "avis.eml").exists()


def test_wrong_usage_gives_status_2(night, monkeypatch):
    night.pass_("--territory", "17", status=2)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "hier")
    done = run(night.folder, "build", "--edition", "auto")
    assert done.returncode == 2 and "SOURCE_DATE_EPOCH" in done.stderr
    assert not night.editions


def test_the_ready_files_are_well_formed_and_their_commands_are_ours():
    found = {}
    for name in ("spls-study.service", "spls-study.timer", "spls-study-avis.service"):
        unit = configparser.ConfigParser(interpolation=None)
        unit.read_string((READY / name).read_text(encoding="utf-8"))
        assert unit["Unit"]["Description"]
        found[name] = shlex.split(unit["Service"]["ExecStart"]) if "Service" in unit else []
    job = yaml.safe_load((READY / "gitlab-ci.yml").read_text(encoding="utf-8"))["edition"]
    # What a runner checks out has no data: it goes to the study, and keeps the message.
    assert (job["before_script"], job["artifacts"]["paths"]) == (["cd /srv/spls/etude"], ["avis.eml"])
    [script] = job["script"]
    assert script.endswith('--notify "$CI_PROJECT_DIR/avis.eml"')
    content = (READY / "spls-study.xml").read_bytes()
    assert content.startswith(b"\xff\xfe")  # schtasks wants UTF-16 LE with its mark
    space = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
    program, words = (ElementTree.fromstring(content).findtext(f".//{space}{tag}") for tag in ("Command", "Arguments"))
    found |= {"gitlab-ci.yml": shlex.split(script), "spls-study.xml": [program, *shlex.split(words, posix=False)]}
    assert {path.name for path in READY.iterdir()} == set(found)
    ours = {name: words for name, words in found.items() if words and "spls-study" in words[0]}
    assert set(ours) == {"spls-study.service", "gitlab-ci.yml", "spls-study.xml"}
    for name, (_, command, *options) in ours.items():
        build = typer.main.get_command(app).commands["build"]
        given = build.make_context("build", options).params
        assert (command, given["edition"], given["archive"]) == ("build", "auto", True), name
        assert given["notify"].name.endswith("avis.eml"), name
