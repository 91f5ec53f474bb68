"""What can go wrong in the domain. Each class is one documented kind of error; a command that raises changed nothing.

DomainError
├── NotFound            nothing of that id in this sandbox
├── AlreadyExists       an idempotency key was used before
├── InvalidField        a field's value breaks a rule that no schema can state
└── OrderRefused        an order that the vendor refuses at once, without creating it
"""


class DomainError(Exception):
    """A rule of the domain was broken; nothing has changed."""


class NotFound(DomainError):
    """No managed account or order has this id in this sandbox.

    Args:
        kind: what was looked for, in the words of the API ("managed account", "order").
    """

    def __init__(self, kind: str) -> None:
        # The id is left out: whatever a client put in its place, the answer does not repeat it.
        super().__init__(f"This API key has no {kind} of this id.")
        self.kind = kind


class AlreadyExists(DomainError):
    """An order with this idempotency key exists.

    Args:
        order_id: the order that used the key first.
    """

    def __init__(self, order_id: str) -> None:
        super().__init__(f"An order with this idempotency_key exists: {order_id}.")
        self.order_id = order_id


class InvalidField(DomainError):
    """A field's value breaks a rule that no schema can state.

    Args:
        field: the name of the request's field.
        reason: what is wrong with it and what would be right.
    """

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class OrderRefused(DomainError):
    """An order that is refused at once.

    Args:
        code: the vendor's error code.
        message: the same for people.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
