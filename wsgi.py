"""The WSGI entry point: the application, and its periodic work in whichever process holds the lease.

Before it serves it looks whether the database is as new as it was; see `server.keeping.witness`.
"""

import gc
import os
import secrets

from server import clock
from server.app import create_app
from server.config import Settings
from server.db import db
from server.jobs import JOBS
from server.keeping import witness
from server.tick import service as ticking

settings = Settings.from_env(os.environ)
app = create_app(settings)
with app.app_context():
    witness.check(db.session(), settings.data_dir, now_ms=clock.system_ms())
    db.session.remove()
gc.collect()
gc.freeze()  # what is there now stays: the collector need not look at it again and again
ticking.run_in_background(app, jobs=JOBS, holder=secrets.token_hex(8), now_ms=clock.system_ms)
