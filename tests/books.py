"""Codebooks for the tests, a line a question."""

import json
from datetime import date


def q(code, type, libelle, **more):
    return {"code": code, "type": type, "libelle": libelle} | more


def toml(id, *questions, **more):
    """The text of `<id>.toml`."""
    head = {"id": id, "titre": "Essai"} | more
    return (
        "\n".join([*_lines(head), *(line for asked in questions for line in ("[[question]]", *_lines(asked)))]) + "\n"
    )


def put(study, id, *questions, **more):
    """Writes it into data/raw/questionnaires, whose path it gives."""
    home = study.raw / "questionnaires"
    home.mkdir(exist_ok=True)
    (home / f"{id}.toml").write_text(toml(id, *questions, **more), encoding="utf-8")
    return home


def _lines(table):
    return [f"{key} = {_value(value)}" for key, value in table.items()]


def _value(value):
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_value(item)}" for key, item in value.items()) + " }"
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)
