"""Forms: what a definition may say, what an answer looks like, what it means.

See ``docs/protocol/forms.md``; ``tests/vectors/forms.json`` and ``tests/vectors/forms/`` hold this
and ``pwa/src/protocol/forms/`` together. A field kind is a module of `kinds`: a name is never
reused, options are only added, with a default; anything else is a new kind.
"""

from sync.forms.base import (
    CANNOT_READ,
    MAX_FIELDS,
    MAX_NAME,
    MAX_TEXT,
    DefinitionFault,
    Kind,
    Meters,
)
from sync.forms.definitions import check_form
from sync.forms.judging import (
    FieldFault,
    Judgement,
    Standing,
    check_answer,
    judge,
    level_of,
    standings,
)
from sync.forms.kinds import KINDS
from sync.forms.numbers import LIMIT_NAMES, Level, fold_number, level

__all__ = [
    "CANNOT_READ",
    "KINDS",
    "LIMIT_NAMES",
    "MAX_FIELDS",
    "MAX_NAME",
    "MAX_TEXT",
    "DefinitionFault",
    "FieldFault",
    "Judgement",
    "Kind",
    "Level",
    "Meters",
    "Standing",
    "check_answer",
    "check_form",
    "fold_number",
    "judge",
    "level",
    "level_of",
    "standings",
]
