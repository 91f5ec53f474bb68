"""The checks, one file an area: what is sent, and what only the check knows of the answers."""
