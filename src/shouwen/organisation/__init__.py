"""The organisation: its units, people, positions, figures, registers and days, as a chained stream of its own."""

from shouwen.organisation.state import Cover, Organisation, Person, Position, Unit, state
from shouwen.organisation.stream import record

__all__ = ["Cover", "Organisation", "Person", "Position", "Unit", "record", "state"]
