"""The WSGI entry point: the application, and its periodic work in whichever process holds the lease."""

import os
import secrets

from server import clock
from server.app import create_app
from server.config import Settings
from server.jobs import JOBS
from server.tick import service as ticking

app = create_app(Settings.from_env(os.environ))
ticking.run_in_background(app, jobs=JOBS, holder=secrets.token_hex(8), now_ms=clock.system_ms)
