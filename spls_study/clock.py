"""The one place that asks what time it is."""

import os
from datetime import UTC, datetime

from notebook_reports.errors import UsageError


def now() -> datetime:
    """Local time; or, in UTC, the seconds of `SOURCE_DATE_EPOCH` (reproducible-builds.org).

    Raises
    ------
    UsageError
        When the variable is no number of seconds.
    """
    fixed = os.environ.get("SOURCE_DATE_EPOCH")
    if not fixed:
        return datetime.now().astimezone()
    try:
        return datetime.fromtimestamp(int(fixed), UTC)
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"SOURCE_DATE_EPOCH\u00a0: un nombre de secondes est attendu, lu\u00a0: {fixed}.") from None
