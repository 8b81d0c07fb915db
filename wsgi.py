"""The WSGI entry point; nothing more."""

import os

from server.app import create_app
from server.config import Settings

app = create_app(Settings.from_env(os.environ))
