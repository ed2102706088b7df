"""The WSGI entry that the web server loads."""

import os
from contextlib import suppress
from threading import Thread

from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouwen.config.settings")
application = get_wsgi_application()


def _read_regulations() -> None:
    """Compile what is in force before somebody asks for it; without a database the first request says what is wrong."""
    from shouwen.casework import procedures

    with suppress(DatabaseError):
        procedures.all_current()
    connection.close()


Thread(target=_read_regulations, name="regulations", daemon=True).start()
