"""The door to cases: commands go in here, and nobody reads or writes a case but through it."""
