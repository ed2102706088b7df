"""The ways in and out: one package each. None knows another."""
