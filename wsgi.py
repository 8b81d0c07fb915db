"""What a server process serves: the application, and its periodic work in whichever process holds the lease.

`arrivals` is for granian, as `roundsman serve` starts it. `app` is the application for another WSGI server,
which must then gather bodies itself before it takes a thread for them.

Before it serves it looks whether the database is as new as it was; see `server.keeping.witness`.
"""

import gc
import os
import secrets

from server import clock
from server.app import create_app
from server.arrival import Arrivals, Pace
from server.config import Settings
from server.db import db
from server.jobs import JOBS
from server.keeping import witness
from server.keeping.views import takes_rescue
from server.tick import service as ticking

settings = Settings.from_env(os.environ)
app = create_app(settings)
arrivals = Arrivals(app, settings.data_dir, takes_rescue, Pace(settings.body_s))
with app.app_context():
    witness.check(db.session(), settings.data_dir, now_ms=clock.system_ms())
    db.session.remove()
gc.collect()
gc.freeze()  # what is there now stays: the collector need not look at it again and again
ticking.run_in_background(app, jobs=JOBS, holder=secrets.token_hex(8), now_ms=clock.system_ms)
