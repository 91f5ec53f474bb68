"""Tasks run in processes of their own; one that dies or hangs is told as lost, and the others go on."""

import os
import time
from functools import partial

from calibration.forks import Forks, Lost


def test_each_task_yields_what_it_returned():
    tasks = [(str(number), partial(pow, number, 2)) for number in range(5)]
    assert dict(Forks(2, 10).run(tasks)) == {"0": 0, "1": 1, "2": 4, "3": 9, "4": 16}


def test_a_task_that_raises_dies_or_hangs_is_lost_and_says_what_it_wrote():
    def fails():
        raise ValueError("for a reason")

    tasks = [
        ("fails", fails),
        ("dies", lambda: os._exit(3)),
        ("hangs", lambda: time.sleep(60)),
        ("works", lambda: 1),
    ]
    results = dict(Forks(2, 1).run(tasks))
    assert results.pop("works") == 1
    assert all(isinstance(result, Lost) for result in results.values())
    assert "for a reason" in str(results["fails"])
