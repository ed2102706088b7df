"""Settings, addresses and the WSGI entry: the only place where the parts are wired together."""
