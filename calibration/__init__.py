"""Measures the contract kit on servers that are known to be wrong, and on servers that are known to be right."""
