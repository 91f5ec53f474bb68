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

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Let both signals interrupt this process during the block, each with a KeyboardInterrupt.

        In another thread than the main one it does nothing: signals cannot be taken up there.
        """
        if not _in_main_thread():
            yield
            return
        former = {number: signal.signal(number, self._heard) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, signal.SIG_DFL if handler is None else handler)

    @contextmanager
    def put_off(self) -> Iterator[None]:
        """Put the first interruption off until the end of the block; only the main thread is ever interrupted.

        Raises:
            KeyboardInterrupt: at the end, if it was asked for meanwhile; at once, if it was asked for twice.
        """
        if not _in_main_thread():
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
            # The block ends here: should its own last lines be cut off, the next signal is still a first one
            self._under_way = self._asked_for = False
            raise KeyboardInterrupt
        self._asked_for = True
        sys.stderr.write("zinc-contract: waits for the answer that is under way; once more cuts it off\n")


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


interruption = _Interruption()  # one for the process, as its signals are
