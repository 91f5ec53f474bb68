"""Measures the mock and the contract kit beside their peers; `python -m benchmarks --help` says how."""
