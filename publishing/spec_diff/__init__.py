"""Tells which changes of an OpenAPI document break clients: `make spec-diff REV=…`.

Of the tools for this (oasdiff, openapi-changes, openapi-diff; looked at in November 2026) none both reads OpenAPI 3.1
and installs from npm or PyPI without fetching a program from elsewhere. So the rules stand here, in two modules: one
for schemas and one for operations. Where a rule cannot tell, it says that the change breaks clients.
"""
