"""The answers that a server gave to what the vendor's pages leave open. They are reported and never judged."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contract_tests.catalogue import Question, load_questions
from contract_tests.exchange import Exchange


@dataclass(frozen=True)
class Answered:
    """One answer: its name in the catalogue, what this server did in more words, and the exchanges that show it."""

    name: str
    seen: str
    evidence: Sequence[Exchange]


class Questionnaire:
    """The open questions of the catalogue, filled in as the run goes."""

    def __init__(self) -> None:
        self.questions: dict[str, Question] = {question.id: question for question in load_questions()}
        self.answers: dict[str, Answered] = {}

    def answer(
        self, question: str, name: str, evidence: Exchange | Iterable[Exchange], seen: str = ""
    ) -> None:
        """Enter the answer to a question; a later answer replaces an earlier one.

        Raises:
            KeyError: no such question, or no such answer to it.
        """
        if name not in {answer.name for answer in self.questions[question].answers}:
            raise KeyError(f"{question} has no answer {name!r}")
        exchanges = [evidence] if isinstance(evidence, Exchange) else list(evidence)
        self.answers[question] = Answered(name, seen, exchanges)

    def says(self, question: str) -> str | None:
        """What the given answer means, in the catalogue's words; None while there is none."""
        if question not in self.answers:
            return None
        name = self.answers[question].name
        return next(answer.says for answer in self.questions[question].answers if answer.name == name)
