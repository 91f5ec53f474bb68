"""A page is split the same way every time, and what changed on it since the ledger was written shows."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.catalogue import Statement, ledger
from contract_tests.catalogue.ledger import diff
from contract_tests.catalogue.page import PageStatement, split_page

# A page of our own making, with every form that the vendor's has.
PAGE = """Home
Parcels are kept for you. They stay dry.

Opening Hours

DayFromTo
Mondayninefive
Sundayclosed (e.g., Easter). Ring twice

Send a Parcel

curl -X POST https://parcels.example/parcels \\
  -H "Accept: application/json" \\
  -d '{
    "weight": 2
  }'

Response

{
  "id": 7,
  "tags": [
    "dry"
  ]
}
No parcel is opened.

Advice

  1. Wrap well - Use paper
  2. Write clearly"""


def ledger_of(page_text: str) -> tuple[Statement, ...]:
    """The ledger that somebody would write for a page."""
    return tuple(
        Statement(
            section=each.section, digest=each.digest, says=f"Statement {number}.", untestable="Made up."
        )
        for number, each in enumerate(split_page(page_text))
    )


def test_a_page_is_split_into_sentences_rows_example_lines_and_headings() -> None:
    assert [(statement.section, statement.text) for statement in split_page(PAGE)] == [
        ("Introduction", "Home"),
        ("Introduction", "Parcels are kept for you."),
        ("Introduction", "They stay dry."),
        ("Opening Hours", "Opening Hours"),
        ("Opening Hours", "DayFromTo"),
        ("Opening Hours", "Mondayninefive"),
        ("Opening Hours", "Sundayclosed (e.g., Easter)."),
        ("Opening Hours", "Ring twice"),
        ("Send a Parcel", "Send a Parcel"),
        ("Send a Parcel", "curl -X POST https://parcels.example/parcels"),
        ("Send a Parcel", '-H "Accept: application/json"'),
        ("Send a Parcel", "-d '{"),
        ("Send a Parcel", '"weight": 2'),
        ("Send a Parcel / Response", "Response"),
        ("Send a Parcel / Response", '"id": 7'),
        ("Send a Parcel / Response", '"tags": ['),
        ("Send a Parcel / Response", '"dry"'),
        ("Send a Parcel / Response", "No parcel is opened."),
        ("Advice", "Advice"),
        ("Advice", "Wrap well - Use paper"),
        ("Advice", "Write clearly"),
    ]


def test_a_digest_is_that_of_the_text_without_white_space() -> None:
    # printf 'Theystaydry.' | sha256sum
    assert PageStatement("Introduction", "They stay dry.").digest == "1fe5e2c7e4109c53"


def test_an_unchanged_page_has_no_difference() -> None:
    assert not diff(PAGE, ledger_of(PAGE))


CURL = "curl -X POST https://parcels.example/parcels"
ADVICE = ["Wrap well - Use paper", "Write clearly"]


@pytest.mark.parametrize(
    ("old", "new", "added", "removed"),
    [
        ("They stay dry.", "They stay cool.", ["They stay cool."], ["They stay dry."]),
        ("They stay dry.", "", [], ["They stay dry."]),
        ("stay dry.", "stay dry. We swear.", ["We swear."], []),
        ("Mondayninefive\n", "Mondayninefive\nTuesdaytwofour\n", ["Tuesdaytwofour"], []),
        ("  ]\n}", '  ],\n  "size": 3\n}', ['"size": 3'], []),
        ('  "id": 7,\n', "", [], ['"id": 7']),
        ('"tags": [', '"tags": {', ['"tags": {'], ['"tags": [']),
        ("-X POST", "-X PUT", ["curl -X PUT https://parcels.example/parcels"], [CURL]),
        ("1. Wrap", "4. Wrap", [], []),
        ("\n\nAdvice\n\n", "\n\nHints\n\n", ["Hints", *ADVICE], ["Advice", *ADVICE]),
    ],
    ids=["reworded", "lost", "new", "row", "field", "lost field", "bracket", "command", "number", "heading"],
)
def test_a_change_shows_as_what_came_and_what_went(
    old: str, new: str, added: list[str], removed: list[str]
) -> None:
    assert PAGE.count(old) == 1
    digests = {PageStatement("", text).digest for text in removed}

    difference = diff(PAGE.replace(old, new), ledger_of(PAGE))

    assert [statement.text for statement in difference.added] == added
    assert {statement.digest for statement in difference.removed} == digests
    assert len(difference.removed) == len(removed)


words = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=8)
sentences = st.lists(words, min_size=1, max_size=9).map(lambda each: f"Any {' '.join(each)}.")
sections = st.lists(st.lists(sentences, min_size=1, max_size=3).map(" ".join), min_size=1, max_size=4)
pages = st.dictionaries(words.map(str.title), sections, min_size=1, max_size=4).map(
    lambda page: "\n\n".join(f"{heading}\n\n" + "\n".join(lines) for heading, lines in page.items())
)
blanks = st.text(" \t\N{NO-BREAK SPACE}", max_size=3)


@given(page=pages, place=st.integers(min_value=0), words=st.lists(words, min_size=1))
def test_one_sentence_more_or_less_is_reported_and_nothing_else(
    page: str, place: int, words: list[str]
) -> None:
    lines = page.splitlines()
    prose = [number for number, line in enumerate(lines) if line.endswith(".")]
    sentence = f"Some {' '.join(words)}."
    lines[prose[place % len(prose)]] += f" {sentence}"
    longer = "\n".join(lines)

    more, less = diff(longer, ledger_of(page)), diff(page, ledger_of(longer))

    assert [each.text for each in more.added] == [sentence]
    assert more.removed == ()
    assert [each.digest for each in less.removed] == [PageStatement("", sentence).digest]
    assert less.added == ()


@given(page=pages, data=st.data())
def test_white_space_never_counts(page: str, data: st.DataObject) -> None:
    spaced = [
        data.draw(blanks) + line.replace(" ", " " + data.draw(blanks)) + data.draw(blanks)
        for line in page.splitlines()
    ]

    assert not diff("\r\n".join(spaced) + "\n\n", ledger_of(page))


# The command


@pytest.fixture
def page_file(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text(PAGE, encoding="utf-8")
    return path


@pytest.fixture
def _own_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "load_statements", lambda: ledger_of(PAGE))


@pytest.mark.usefixtures("_own_ledger")
def test_the_command_prints_nothing_for_the_page_that_the_ledger_knows(
    page_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ledger.main([str(page_file)]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.usefixtures("_own_ledger")
def test_the_command_prints_one_line_a_difference(
    page_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page_file.write_text(PAGE.replace("They stay dry.", "They may get wet."), encoding="utf-8")

    assert ledger.main([str(page_file)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "+ [Introduction] They may get wet.",
        "- [Introduction] Statement 2. (1fe5e2c7e4109c53)",
    ]


def test_the_command_says_which_page_it_cannot_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "missing.txt"

    with pytest.raises(SystemExit) as ended:
        ledger.main([str(missing)])

    assert ended.value.code == 2
    assert f"cannot read {missing}" in capsys.readouterr().err
