"""What notebooks import, which a fork server may import once for all of them."""

from ..study import PACKAGE

_SHOWN = [f.relative_to(PACKAGE.parent).with_suffix("").parts for f in sorted((PACKAGE / "show").rglob("*.py"))]
LIBRARIES = [
    "pyarrow.dataset",
    "pyarrow.parquet",
    "scipy.stats",
    "spls_study.cli",
    "spls_study.report",
    *(".".join(parts).removesuffix(".__init__") for parts in _SHOWN),
]


def start() -> None:
    """Let the fork server, where there is one, import them while this process does other things."""
    from notebook_reports.processes import default_way, serve

    if default_way() == "fork":
        serve(LIBRARIES)
