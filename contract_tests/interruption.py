"""Ctrl-C and SIGTERM, put off while a request is under way: of one that is cut off nobody knows what became."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Interruption:
    def __init__(self) -> None:
        self._under_way = False
        self._asked_for = False

    def listen(self) -> None:
        """Let both signals interrupt this process, each with a KeyboardInterrupt."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._heard)

    @contextmanager
    def put_off(self) -> Iterator[None]:
        """Put the first interruption off until the end of the block; only the main thread is ever interrupted.

        Raises:
            KeyboardInterrupt: at the end, if it was asked for meanwhile; at once, if it was asked for twice.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        self._under_way = True
        try:
            yield
        finally:
            self._under_way = False
            if self._asked_for:
                self._asked_for = False
                raise KeyboardInterrupt

    def _heard(self, *_: object) -> None:
        if not self._under_way or self._asked_for:
            raise KeyboardInterrupt
        self._asked_for = True
        sys.stderr.write("zinc-contract: waits for the answer that is under way; once more cuts it off\n")


interruption = _Interruption()  # one for the process, as its signals are
