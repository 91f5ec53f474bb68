"""Named departures from the contract: what must be caught, and what a client may want to survive."""
