"""The pure core: judging by a compiled procedure, with no clock, chance, file, network or database."""
