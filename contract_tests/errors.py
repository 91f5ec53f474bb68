"""What can end a run or a check without a verdict on the server.

RunError                 the run could not be made or finished: exit status 2, never a failed requirement
├── BadArguments         an option makes no sense
├── Unreachable          no answer: refused, lost or timed out
├── KeyRefused           the server does not accept the API key
├── GuardRefused         the kit was about to send something that it must not send
└── BudgetSpent          --time-budget is over
NotEstablished           one check could not establish its precondition: the requirement stays not tested
"""


class RunError(Exception):
    """The run could not be made or finished; says nothing about the server's conformance."""


class BadArguments(RunError):
    """An option of the command makes no sense; the message names it."""


class Unreachable(RunError):
    """The server gave no answer; the message says where and why, `reason` why alone."""

    def __init__(self, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.reason = reason


class KeyRefused(RunError):
    """The server does not accept the API key of the run."""


class GuardRefused(RunError):
    """A request was about to leave that the guard does not let out; nothing was sent."""


class BudgetSpent(RunError):
    """The time that the run was given is over."""


class NotEstablished(Exception):
    """A check cannot come to a judgement because what it builds on did not hold; the message says what."""
