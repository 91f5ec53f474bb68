"""Grades the client: what its requests exercised of the specification, and what they should not have done."""
