"""Intake from files: a table of rows, each to become a case, or to be told why not."""
