"""What the study's reports are made by: its packages, their locked versions, the reference data."""

from notebook_reports.publication import Program

from .study import LOCK, PACKAGE, REFERENCE, declared

_ROOMS = [file for room in ("analysis", "show") for file in sorted((PACKAGE / room).rglob("*.py"))]
_CALLED = [file.relative_to(PACKAGE.parent).with_suffix("").parts for file in _ROOMS]  # by cells
PROGRAM = Program(
    module=__name__,
    packages=("spls_study", "notebook_reports"),
    lock=LOCK,
    counted=(
        "spls_study babel ipykernel matplotlib nbconvert numpy pandas papermill pikepdf pyarrow pypandoc_binary scipy "
        "seaborn typst xlsxwriter"
    ).split(),
    libraries=(
        "pyarrow.dataset",
        "pyarrow.parquet",
        "scipy.stats",
        "seaborn",
        "spls_study.charts",
        "spls_study.checking",
        "spls_study.cli",
        "spls_study.report",
        *(".".join(parts).removesuffix(".__init__") for parts in _CALLED),
    ),
    brought={"data/reference": REFERENCE},
    titles={row["tableau"]: row["nom"] for row in declared("sorties")},
)
