"""The catalogue: what a server is held to, what the page says, and what it leaves open, as data."""

from contract_tests.catalogue.entries import (
    Answer,
    Area,
    CatalogueError,
    Level,
    Question,
    Requirement,
    Statement,
)
from contract_tests.catalogue.loading import (
    load_questions,
    load_requirements,
    load_smoke,
    load_statements,
)

__all__ = [
    "Answer",
    "Area",
    "CatalogueError",
    "Level",
    "Question",
    "Requirement",
    "Statement",
    "load_questions",
    "load_requirements",
    "load_smoke",
    "load_statements",
]
