"""What the vendor promises, as plain Python: no Flask, no clock, no I/O, no randomness; time and ids come in."""
