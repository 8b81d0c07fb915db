"""flask-smorest's registry of blueprints, which describes them when somebody asks and not at each start."""

from __future__ import annotations

import threading
from typing import Any

from apispec import APISpec
from flask import Flask
from flask_smorest import Api, Blueprint


class LateApi(Api):  # type: ignore[misc]
    """Takes blueprints; `spec`, their description, is made when it is first read.

    To describe every route takes longer than all the rest of a start, and the tests start often.
    """

    def __init__(self, app: Flask) -> None:
        self._made: Any = None
        self._options: dict[str, Any] = {}
        self._blueprints: list[Blueprint] = []
        self._making = threading.RLock()
        super().__init__(app)

    def _init_spec(self, **options: Any) -> None:
        self._options = options

    def register_blueprint(self, blp: Blueprint) -> None:
        """Register a blueprint in the application, to be described later."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blp.name] = self
        self._app.register_blueprint(blp)
        self._blueprints.append(blp)

    @property
    def spec(self) -> APISpec:
        """The description of all blueprints."""
        with self._making:
            if self._made is None:
                super()._init_spec(**self._options)  # sets `spec`
                for blp in self._blueprints:
                    blp.register_views_in_doc(self, self._app, self.spec, name=blp.name, parameters=None)
                    self.spec.tag({"name": blp.name, "description": blp.description})
            made: APISpec = self._made
            return made

    @spec.setter
    def spec(self, made: APISpec | None) -> None:
        self._made = made
