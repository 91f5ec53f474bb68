"""Medians, ratios, percentiles and how they are written."""

import pytest

from benchmarks.figures import Samples, number, percentile, samples, with_spread


def test_a_median_comes_with_its_lowest_and_highest() -> None:
    measured = samples([3, 1, 2])

    assert (measured.median, measured.spread) == (2, (1, 3))


def test_ratios_are_taken_round_by_round_and_not_between_medians() -> None:
    ours, theirs = Samples((10, 40, 30)), Samples((10, 10, 30))

    assert ours.over(theirs).values == (1, 4, 1)


def test_different_numbers_of_rounds_have_no_ratio() -> None:
    with pytest.raises(ValueError, match="zip"):
        Samples((1, 2)).over(Samples((1,)))


def test_nothing_measured_is_an_error() -> None:
    with pytest.raises(ValueError, match="nothing was measured"):
        Samples(())


@pytest.mark.parametrize(("share", "expected"), [(0.5, 50), (0.9, 90), (0.99, 99), (1, 100), (0, 1)])
def test_a_percentile_is_a_measurement_that_was_made(share: float, expected: int) -> None:
    assert percentile(range(1, 101), share) == expected


def test_the_99th_percentile_of_few_is_the_slowest() -> None:
    assert percentile([1, 2, 9], 0.99) == 9


@pytest.mark.parametrize(
    ("value", "written"),
    [(4811.6, "4,812"), (48.123, "48.1"), (0.48123, "0.481"), (0, "0"), (999.96, "1,000")],
)
def test_numbers_have_three_figures_or_all_whole_ones(value: float, written: str) -> None:
    assert number(value) == written


def test_a_spread_is_written_after_the_median() -> None:
    assert with_spread(Samples((2, 1, 4))) == "2.00 (1.00 to 4.00)"
