"""Tags of single parts of the console."""
