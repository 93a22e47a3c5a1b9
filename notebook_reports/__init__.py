"""Runs and publishes notebooks that take parameters; knows nothing of what they are about."""

import sys

# jsonschema, for nbformat, would spend a second on the grammar of international addresses, which
# no notebook's schema asks for.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
