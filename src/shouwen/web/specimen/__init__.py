"""A small procedure with every kind of field, played once: what the page of the design system shows."""

from shouwen.web.specimen.show import context

__all__ = ["context"]
