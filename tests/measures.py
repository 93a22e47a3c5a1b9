"""What no test can forbid while notebooks are written, counted over the reports of an edition.

`python tests/measures.py reports/2014-07-10`: faults of a phone (`phone_checks.js`), pages under 60 % full (15 % for
a last one), titles of figures and tables without a number.
"""

import re
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

from test_accessibility import phone

from conftest import chrome
from notebook_reports import notebook as nb

TOP, BOTTOM, HIGH = 25 / 297, 273 / 297, 0.6  # of a page, where its text begins and ends; how full it must be


def thin_pages(pdf: Path) -> list[str]:
    """« 3 (41 %) » for each page that is not full."""
    drawn = subprocess.run(["pdftoppm", "-r", "20", "-gray", str(pdf)], capture_output=True, check=True).stdout
    heads = [*re.finditer(rb"P5\n(\d+) (\d+)\n255\n", drawn)]
    found = []
    for number, (head, following) in enumerate(pairwise([*heads, None]), start=1):
        if head is None:
            continue
        width, height = map(int, head.groups())
        first, last = round(TOP * height), round(BOTTOM * height)
        lines = [drawn[head.end() + y * width : head.end() + (y + 1) * width] for y in range(first, last)]
        full = max((y for y, line in enumerate(lines, start=1) if min(line) < 200), default=0) / len(lines)
        if full < (HIGH if following else 0.15):
            found.append(f"{number} ({full:.0%})")
    return found


def main(edition: Path) -> None:
    browser, sums = chrome(), Counter[str]()
    for page in sorted(edition.glob("*/*.html")):
        shown = nb.elements(nb.read(page.parent / "notebooks" / f"{page.stem}.ipynb"))
        titles = [one["titre"] for one in shown if not re.search(r"\d", one["titre"])]
        thin = thin_pages(page.with_suffix(".pdf"))
        for kind, faults in ("téléphone", phone(browser, page.resolve())), ("pages", thin), ("titres", titles):
            sums[kind] += len(faults)
            for fault in faults:
                print(f"{page.parent.name}/{page.stem}, {kind} : {fault}")
    browser.quit()
    print(dict(sums))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
