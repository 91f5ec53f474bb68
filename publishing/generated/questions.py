"""The open questions, each with the answers that are legal."""

from contract_tests.catalogue import Question, load_questions


def questions() -> str:
    """Return all open questions, in the order of the catalogue."""
    return "\n\n".join(_question(question) for question in load_questions())


def _question(question: Question) -> str:
    lines = [f"### {question.title}", "", f"`{question.id}` · {question.area}. {question.why}", ""]
    lines += [f"- {answer.says}" for answer in question.answers]
    if question.requirements:
        lines += ["", "Our reading: " + ", ".join(f"`{name}`" for name in question.requirements) + "."]
    return "\n".join(lines)
