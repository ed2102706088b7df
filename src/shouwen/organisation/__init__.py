"""The organisation: its units, people, positions, figures, registers and days, as a chained stream of its own."""
