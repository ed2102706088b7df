"""Shouwen 首问: written regulations that run."""

__version__ = "0.1.0"
