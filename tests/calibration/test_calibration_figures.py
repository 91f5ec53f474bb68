"""The figures: what is printed, the page of the documentation, and the matrix."""

import yaml
from test_calibration_judging import COUPLED, DEVIATION, REQUIREMENT, trial

from calibration import figures, matrix
from calibration.forks import Lost
from calibration.judging import Judged, JudgedVariant
from calibration.outcome import Outcome, Share
from calibration.smoke import Smoke
from calibration.variants.catalogue import VARIANTS
from contract_tests.catalogue import Level
from contract_tests.catalogue.loading import parse_smoke
from mock_server.deviations.catalogue import deviation_named

SMOKE = Smoke(("a check", "another: check"), 12, (DEVIATION.name,), ("missed-by-it",))


def outcome(judged, variants=()):
    return Outcome(trial(status=0), judged, variants, SMOKE, SMOKE, 60.0, 3)


CAUGHT = Judged(DEVIATION, trial(REQUIREMENT), frozenset({"Undocumented status code: DELETE"}))
BLURRED = Judged(COUPLED, trial("MA-DELETE-NO-BODY", "MA-LIST-ONCE"), frozenset())
SILENT = Judged(deviation_named("list-newest-first"), trial(status=0))
RIGHT = JudgedVariant(VARIANTS[0], 0, trial(status=0, answers=dict(VARIANTS[0].answers)))


def test_a_share_is_never_rounded_up_to_the_whole():
    assert str(Share(345, 346)) == "345 of 346 (99.7 %)"
    assert str(Share(9999, 10000)) == "9999 of 10000 (99.9 %)"
    assert str(Share(2, 2)) == "2 of 2 (100 %)"
    assert str(Share(0, 0)) == "none"


def test_each_figure_counts_what_it_says():
    made = outcome([CAUGHT, BLURRED, SILENT], [RIGHT])
    assert (made.sensitivity(), made.attribution(), made.by_stock()) == (
        Share(2, 3),
        Share(1, 3),
        Share(1, 3),
    )
    assert made.attribution(Level.DOCUMENTED) == Share(1, 2)
    assert made.specificity == Share(1, 1)
    assert made.survivors == [BLURRED, SILENT]


def test_it_holds_when_every_documented_deviation_is_caught_and_no_variant_called_wrong():
    wrong = JudgedVariant(VARIANTS[0], 0, trial("MA-LIST-ONCE"))
    assert outcome([CAUGHT, SILENT], [RIGHT]).holds  # what is not caught is below documented
    assert not outcome([CAUGHT, BLURRED], [RIGHT]).holds
    assert not outcome([CAUGHT], [wrong]).holds
    assert not outcome([CAUGHT], [JudgedVariant(VARIANTS[0], 0, Lost("x"))]).holds


def test_the_terminal_names_what_was_not_caught_and_why():
    printed = figures.terminal(outcome([CAUGHT, BLURRED, SILENT], [RIGHT]))
    assert "1 of 3 (33.3 %) are caught for the right reason" in printed
    assert f"{COUPLED.name} (MA-DELETE-NO-BODY, documented): blurred; also failed: MA-LIST-ONCE" in printed
    assert "list-newest-first (MA-LIST-ORDER, inferred): silent" in printed
    assert "with 16 requests" in printed  # twelve of its checks, four to begin and to end


def test_the_page_and_the_smoke_set_are_written_into_the_project(tmp_path):
    (tmp_path / figures.DOCUMENT).parent.mkdir()
    (tmp_path / figures.SMOKE).parent.mkdir(parents=True)
    figures.write(outcome([CAUGHT, BLURRED], [RIGHT]), tmp_path)
    page = (tmp_path / figures.DOCUMENT).read_text()
    assert "| documented | 2 | 2 of 2 (100 %) | 1 of 2 (50 %) | 1 of 2 (50 %) |" in page
    assert f"| {VARIANTS[0].name} | {VARIANTS[0].about} | conforms |" in page
    assert "- another: check" in page
    assert "Out of its reach: missed-by-it." in page
    smoke = (tmp_path / figures.SMOKE).read_text()
    assert yaml.safe_load(smoke) == {"checks": ["a check", "another: check"]}
    assert parse_smoke(smoke) == {"a check", "another: check"}


def test_the_matrix_marks_what_failed_and_needs_nothing_else():
    page = matrix.page(outcome([CAUGHT, BLURRED], [RIGHT]))
    assert "<title>Calibration</title>" in page
    assert DEVIATION.name in page
    assert "●" in page
    assert "✕" in page
    assert "http://" not in page
    assert "https://" not in page
