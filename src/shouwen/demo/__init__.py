"""A demonstration: an organisation that exists nowhere and a month of its cases, made through the engine itself."""

from shouwen.demo.cast import Login
from shouwen.demo.loading import PASSWORD, Loaded, NotEmpty, load, logins

__all__ = ["PASSWORD", "Loaded", "Login", "NotEmpty", "load", "logins"]
