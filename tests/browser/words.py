"""The texts of both apps, so that a test says which sentence it means and not how it reads."""

from __future__ import annotations

import json
from functools import cache
from typing import Literal

from tests.browser.served import ROOT

I18N = ROOT / "pwa" / "src" / "i18n"
Language = Literal["en", "zh"]


class Words:
    """Texts in one language. The console falls back to the phone's, as its code does."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self._phone = _read(f"{language}.json")
        self._console = _read(f"console.{language}.json")

    def phone(self, key: str, **values: object) -> str:
        """Return a text of the phone app with its values put in."""
        return _filled(self._phone, key, values)

    def console(self, key: str, **values: object) -> str:
        """Return a text of the console with its values put in."""
        return _filled({**self._phone, **self._console}, key, values)


@cache
def _read(name: str) -> dict[str, str]:
    texts: dict[str, str] = json.loads((I18N / name).read_text("utf-8"))
    return texts


def _filled(texts: dict[str, str], key: str, values: dict[str, object]) -> str:
    single = f"{key}#one"
    text = texts[single] if values.get("n") == 1 and single in texts else texts[key]
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    return text
