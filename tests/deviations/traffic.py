"""A little of everything that a client may do, as one scripted run: what each deviation has to show itself in."""

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from werkzeug.test import Client

from mock_server import create_app

KEY, OTHER_KEY, UNKNOWN_KEY = "zn_test_one", "zn_live_two", "zn_test_three"
ACCOUNTS, ORDERS = "/users/managed-accounts", "/orders"
SHOP = "https://zinc.com/shop/products/"
AMAZON = "https://www.amazon.com/dp/B0EXAMPLE1"
ADDRESS = {"name": "Ada Example", "address_line1": "1 Example Street", "city": "Springfield", "zip": "62701"}
JSON = "application/json"
START = "2026-01-15T10:30:00Z"


def mock(*deviations: str) -> Any:
    """A mock in which nothing is left to chance, with some deviations on for every key."""
    return create_app(
        api_keys=(KEY, OTHER_KEY), seed=1, clock=START, processing_time=2.0, deviations=deviations
    )


class Traffic:
    """Sends the requests of the script to a mock and keeps what a client sees of the answers."""

    def __init__(self, app: Any) -> None:
        self.seen: list[Any] = []
        self.app = app
        self._client = Client(app)

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = KEY,
        raw: bytes | None = None,
        media_type: str | None = JSON,
        authorization: str | None = None,
    ) -> Any:
        headers = {}
        if authorization is not None or key is not None:
            headers["Authorization"] = authorization or f"Bearer {key}"
        content = raw if raw is not None else json.dumps(body).encode() if body is not None else None
        if content is not None and media_type is not None:
            headers["Content-Type"] = media_type
        answer = self._client.open(path, method=method, headers=headers, data=content)
        shown = {name: value for name, value in answer.headers if name != "X-Request-Id"}
        if not path.startswith("/_mock"):
            self.seen.append((answer.status_code, shown, answer.data))
        return answer

    def control(self, method: str, path: str, body: Any = None, key: str = KEY) -> None:
        answer = self.send(method, f"/_mock{path}", body, key=key)
        assert answer.status_code in (200, 204), answer.data

    def advance(self, seconds: float) -> None:
        for key in (KEY, OTHER_KEY):
            self.control("POST", "/clock/advance", {"seconds": seconds}, key)

    def list(self, key: str = KEY) -> list[Any]:
        body = self.send("GET", ACCOUNTS, key=key).json
        found = body.get("credentials", body.get("data")) if isinstance(body, dict) else body
        return found if isinstance(found, list) else []

    def create(self, key: str = KEY, **fields: Any) -> str:
        answer = self.send("POST", ACCOUNTS, fields, key=key)
        body = answer.json if answer.data else None
        account = body.get("credential", body) if isinstance(body, dict) else {}
        return str(account.get("short_id", "zn_acct_unknown0"))

    def update(self, short_id: str, **fields: Any) -> Any:
        return self.send("PUT", f"{ACCOUNTS}/{short_id}", fields)

    def delete(self, short_id: str) -> Any:
        return self.send("DELETE", f"{ACCOUNTS}/{short_id}")

    def order(self, *urls: str, key: str = KEY, **more: Any) -> str:
        products = more.pop("products", [{"url": url} for url in urls])
        fields = {"products": products, "shipping_address": ADDRESS, "max_price": 5000, **more}
        answer = self.send("POST", ORDERS, {n: v for n, v in fields.items() if v is not ...}, key=key)
        body = answer.json if answer.data else None
        return str(body.get("id", "unknown")) if isinstance(body, dict) else "unknown"

    def orders(self, query: str = "", key: str = KEY) -> None:
        self.send("GET", ORDERS + query, key=key)

    def together(self, *acts: Callable[[], object]) -> None:
        """Do things at the same time; what is seen of them counts without its order."""
        before = len(self.seen)
        threads = [threading.Thread(target=act) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.seen[before:] = [sorted(answer[0] for answer in self.seen[before:])]


# Which parts of the script show a deviation of a module of `mock_server.deviations`.
PARTS_OF = {
    "listing": ("accounts",),
    "creating": ("accounts", "invalid"),
    "updating": ("accounts", "invalid", "refused"),
    "deleting": ("accounts", "refused"),
    "accepting": ("accounts", "invalid"),
    "odd_values": ("accounts", "invalid"),
    "fields": ("accounts",),
    "secrets": ("accounts", "invalid", "refused", "orders"),
    "authentication": ("refused",),
    "errors": ("accounts", "invalid", "refused"),
    "transport": ("invalid", "refused"),
    "isolation": ("keys",),
    "crowded": ("crowd",),
    "flaky": ("accounts", "crowd"),
    "overlapping": ("overlaps",),
    "orders": ("keys", "orders"),
    "order_requests": ("keys", "orders"),
    "order_accounts": ("keys", "orders", "locks"),
    "order_fields": ("orders",),
    "order_ends": ("orders",),
    "locking": ("locks",),
}


def exercise(app: Any, parts: Iterable[str]) -> list[Any]:
    """Send some parts of the script and return what a client sees of the answers."""
    traffic = Traffic(app)
    for part in parts:
        _SCRIPT[part](traffic)
    return traffic.seen


def _accounts(traffic: Traffic) -> None:
    traffic.list()
    names = [f"shop{number}+tag@example.com" for number in range(6)]
    made = [traffic.create(email=name, password=f"secret-{name}", retailer="amazon") for name in names]
    made.append(traffic.create(email="Capital@Example.com", retailer="eBay Motors"))
    made.append(traffic.create(email="default@example.com", password="secret-default"))
    made.append(traffic.create(email="default2@example.com"))
    made.append(traffic.create(email=names[0], password=None, retailer="walmart"))
    made.append(traffic.create(email="null@example.com", retailer=None))
    traffic.create(email="more@example.com", totp_secret="JBSWY3DPEHPK3PXP", color="red")
    traffic.create(email="forged@example.com", id="550e8400-e29b-41d4-a716-446655440000", created_at=START)
    traffic.list()
    traffic.list()
    traffic.advance(3)
    traffic.list()
    for fields in _updates():
        traffic.update(made[0], **fields)
        traffic.list()
        traffic.advance(1.5)
    traffic.update(made[1], retailer="target")
    traffic.update(made[1], retailer="target")
    traffic.create(email="later@example.com")
    traffic.list()
    traffic.update(made[1], retailer="bestbuy")
    traffic.create(email="latest@example.com")
    traffic.list()
    traffic.delete(made[2])
    traffic.list()
    traffic.create(email="afterwards@example.com", retailer="amazon")
    traffic.list()
    traffic.delete(made[2])
    traffic.update(made[2], email="gone@example.com")
    traffic.create(email=names[2])
    traffic.delete(made[7])
    for short_id in (made[3][:-1], made[3] + "x"):
        traffic.update(short_id, email="prefix@example.com")
    traffic.delete(made[4][:-1])
    for account in traffic.list()[:2]:
        if isinstance(account, dict):
            traffic.update(str(account.get("id")), email="by-id@example.com")
            traffic.delete(str(account.get("id")))
    traffic.create(email="too-new@example.com", retailer="amazon")
    traffic.delete(traffic.create(email="at-once@example.com", retailer="amazon"))
    traffic.list()


def _updates() -> Iterator[dict[str, Any]]:
    yield {"password": "another-secret"}
    yield {"email": "a@example.com", "password": "third-secret", "retailer": "walmart"}
    yield {"email": "b@example.com", "retailer": "target"}
    yield {"email": "c@example.com", "password": "fourth-secret"}
    yield {"password": "fifth-secret", "retailer": "ebay"}
    yield {"email": "d@example.com"}
    yield {"email": "d@example.com"}
    yield {}
    yield {"retailer": ""}
    yield {"retailer": None}
    yield {"email": None}
    yield {"password": None}
    yield {"color": "red"}
    yield {"email": "e@example.com", "id": "550e8400-e29b-41d4-a716-446655440001", "created_at": START}


def _crowd(traffic: Traffic) -> None:
    made = [traffic.create(email=f"many{n}@example.com", retailer="amazon") for n in range(45)]
    traffic.list()
    for number, short_id in enumerate(made[:40]):
        traffic.update(short_id, email=f"changed{number}@example.com", retailer="target")
        traffic.list()
    for short_id in made:
        traffic.delete(short_id)
        traffic.list()


def _invalid(traffic: Traffic) -> None:
    known = traffic.create(email="known@example.com", password="known-secret", retailer="amazon")
    traffic.advance(1)
    for operation, path in (("POST", ACCOUNTS), ("PUT", f"{ACCOUNTS}/{known}")):
        for fields in _invalid_fields():
            traffic.advance(0.5)
            traffic.send(operation, path, {"password": "invalid-secret", **fields})
        traffic.list()
        traffic.advance(0.5)
        traffic.send(operation, path, {"email": 42})
        traffic.list()
        traffic.send(operation, path, {"email": "x@example.com", "password": "n\x00l"})
        traffic.send(operation, path, raw=b'{"email": "broken@example.com", "password": "broken-secret"')
        traffic.send(operation, path, raw=b"")
        traffic.send(operation, path, raw=b"[]")
        traffic.send(operation, path, raw=b"[" * 80 + b"]" * 80)
        traffic.send(operation, path, raw=b"x" * 1_048_577)
        traffic.send(operation, path, {"email": "big@example.com", "retailer": "r" * 100_000})
        for media_type in ("text/plain", None, f"{JSON}; charset=utf-8"):
            traffic.send(operation, path, {"email": "typed@example.com"}, media_type=media_type)
            traffic.send(operation, path, raw=b"{broken", media_type=media_type)
        traffic.send(
            operation, path, raw=json.dumps({"email": "l@example.com", "x": "y" * 1_048_577}).encode()
        )
    traffic.list()
    traffic.send("POST", ACCOUNTS, {"password": "alone-secret"})
    traffic.send("POST", ACCOUNTS, {"email": "needs@example.com", "retailer": False})


def _invalid_fields() -> Iterator[dict[str, Any]]:
    yield {}
    yield {"email": 42, "retailer": "amazon"}
    yield {"email": None}
    yield {"email": "no address", "retailer": "bestbuy"}
    yield {"email": "p@example.com", "password": 42, "retailer": 42}
    yield {"email": "p@example.com", "password": 42}
    yield {"email": "r@example.com", "retailer": 42}
    yield {"email": 42, "retailer": 42}
    yield {"email": ["x@example.com"], "retailer": {"name": "amazon"}}


def _refused(traffic: Traffic) -> None:
    unknown = f"{ACCOUNTS}/zn_acct_unknown0"
    traffic.send("PUT", unknown, {"email": "unknown@example.com", "password": "unknown-secret"})
    traffic.send("PUT", unknown, {"email": 42})
    traffic.send("DELETE", unknown)
    traffic.list()
    for path in (ACCOUNTS, unknown, "/users", ORDERS):
        traffic.send("PATCH", path, {"email": "x@example.com"})
        traffic.send("PATCH", path, raw=b"x", media_type="text/plain")
        traffic.send("PATCH", path, raw=b"x", media_type="text/plain", key=None)
    known = traffic.create(email="guarded@example.com", password="guarded-secret", retailer="amazon")
    wrong = (
        None,
        "Bearer",
        "Bearer a b",
        f"Basic {KEY}",
        f"Bearer {KEY} {OTHER_KEY}",
        f"Bearer {UNKNOWN_KEY}",
    )
    for authorization in (*wrong, f"bearer {KEY}"):
        about: dict[str, Any] = {"key": None, "authorization": authorization}
        traffic.send("GET", ACCOUNTS, **about)
        traffic.send("POST", ACCOUNTS, {"email": "slip@example.com", "password": "slip-secret"}, **about)
        traffic.send("POST", ACCOUNTS, raw=b"{broken", **about)
        traffic.send("PUT", f"{ACCOUNTS}/{known}", {"password": "slip-secret-2"}, **about)
        traffic.send("DELETE", f"{ACCOUNTS}/{known}", **about)
        traffic.send("GET", ORDERS, **about)
    traffic.list()


def _keys(traffic: Traffic) -> None:
    own = traffic.create(email="own@example.com", retailer="amazon")
    foreign = traffic.create(OTHER_KEY, email="foreign@example.com", retailer="amazon")
    traffic.create(email="foreign@example.com", retailer="amazon")
    for fields in ({"email": "taken@example.com"}, {"retailer": "target"}):
        traffic.send("PUT", f"{ACCOUNTS}/{foreign}", fields)
        traffic.list(OTHER_KEY)
    traffic.list()
    traffic.send("DELETE", f"{ACCOUNTS}/{foreign}")
    traffic.list(OTHER_KEY)
    traffic.order(AMAZON, key=OTHER_KEY, retailer_credentials_id=foreign, idempotency_key="shared")
    traffic.order(AMAZON, idempotency_key="shared", retailer_credentials_id=own)
    traffic.order(AMAZON, retailer_credentials_id=foreign)
    found = traffic.order(SHOP + "test-success", key=OTHER_KEY)
    traffic.send("GET", f"{ORDERS}/{found}")
    traffic.orders()


def _orders(traffic: Traffic) -> None:
    for account in traffic.list():
        if isinstance(account, dict) and "short_id" in account:
            traffic.delete(str(account["short_id"]))
    traffic.order(AMAZON)
    traffic.order(SHOP + "test-success")
    traffic.orders()
    traffic.send("GET", f"{ORDERS}/test-products")
    account = traffic.create(email="buyer@example.com", password="buyer-secret", retailer="amazon")
    traffic.create(email="buyer2@example.com", retailer="amazon")
    for name in ("default3@example.com", "default4@example.com"):
        traffic.create(email=name)
    outcomes = ["success", "out-of-stock", "price-exceeded", "invalid-variant", "shipping-unavailable"]
    outcomes += ["invalid-address", "url-unreachable", "insufficient-funds"]
    made = [
        traffic.order(
            f"{SHOP}test-{name}", retailer_credentials_id=account, po_number="PO-1", metadata={"a": 1}
        )
        for name in outcomes
    ]
    traffic.orders()
    for _ in range(12):
        traffic.advance(1)
        traffic.orders()
        traffic.send("GET", f"{ORDERS}/{made[0]}")
        traffic.send("GET", f"{ORDERS}/{made[0]}")
    traffic.orders(f"?order_id={made[0][4:12]}")
    traffic.orders(f"?order_id={made[0][:8]}")
    traffic.send("GET", f"{ORDERS}/7c9e6679-7425-40de-944b-e07fc1f90ae7")
    traffic.send("GET", f"{ORDERS}/{made[1]}")
    for more in _odd_orders(account):
        traffic.order(AMAZON, **more)
        traffic.order(AMAZON, **more)
    for url in ("https://walmart.com/1", "https://www.notamazon.com/1", "https://amazon.co.uk/1"):
        traffic.order(url)
        traffic.order(url, retailer_credentials_id=account)
    traffic.orders()


def _odd_orders(account: str) -> Iterator[dict[str, Any]]:
    yield {"products": []}
    yield {"products": [{"quantity": 1}]}
    for quantity in (0, 1, 60, 100, 101):
        yield {"products": [{"url": AMAZON, "quantity": quantity}]}
    yield {"products": [{"url": AMAZON, "variant": [{"label": "", "value": "Blue"}]}]}
    yield {
        "products": [
            {"url": AMAZON, "quantity": 3, "variant": [{"label": "Color", "value": "Blue"}]},
            {"url": AMAZON + "2"},
        ]
    }
    yield {"products": [{"url": AMAZON}, {"url": "https://walmart.com/1"}]}
    yield {"shipping_address": ...}
    yield {"shipping_address": "1 Example Street"}
    yield {"shipping_address": {"anything": True}}
    for price in (..., 12.5, "5000"):
        yield {"max_price": price}
    yield {"idempotency_key": "a" * 36}
    yield {"idempotency_key": "b" * 37}
    yield {"metadata": "text"}
    yield {"metadata": {"cart": 1}, "color": "red"}
    yield {"retailer_credentials_id": "zn_acct_unknown0"}
    yield {"retailer_credentials_id": account}


def _locks(traffic: Traffic) -> None:
    one = traffic.create(email="same@example.com", password="lock-secret", retailer="amazon")
    two = traffic.create(email="same@example.com", retailer="walmart")
    three = traffic.create(email="third@example.com", retailer="amazon")
    for _ in range(2):
        traffic.order(AMAZON, key=OTHER_KEY)
    traffic.orders(key=OTHER_KEY)
    success, failing = SHOP + "test-success", SHOP + "test-out-of-stock"
    for account in (one, two, three):
        for url in (failing, success, success, success, success, success):
            traffic.order(url, retailer_credentials_id=account)
        traffic.orders()
    traffic.update(one, password="another-lock-secret")
    traffic.orders()
    for _ in range(8):
        traffic.advance(1)
        traffic.orders()
    traffic.delete(two)
    traffic.order(success, retailer_credentials_id=two)
    for _ in range(14):
        traffic.advance(1)
        traffic.orders()
    alone = traffic.create(email="alone@example.com", retailer="amazon")
    traffic.together(*(lambda: traffic.order(success, retailer_credentials_id=alone) for _ in range(3)))
    traffic.orders()


def _overlaps(traffic: Traffic) -> None:
    def creating(number: int) -> Callable[[], object]:
        return lambda: traffic.create(email=f"together{number}@example.com", retailer="amazon")

    traffic.together(*(creating(number) for number in range(3)))
    found = [account for account in traffic.list() if isinstance(account, dict)]
    names = sorted(str(account.get("email")) for account in found)
    traffic.seen[-1] = names  # ids of accounts made together are drawn in any order
    changed = traffic.create(email="changed@example.com", retailer="amazon")
    traffic.together(
        lambda: traffic.update(changed, email="both@example.com"),
        lambda: traffic.update(changed, retailer="target"),
    )
    after = [(a.get("email"), a.get("retailer")) for a in traffic.list() if isinstance(a, dict)]
    traffic.seen[-1] = sorted(after, key=str)
    traffic.together(lambda: traffic.delete(changed), lambda: traffic.delete(changed))


_SCRIPT = {
    "accounts": _accounts,
    "crowd": _crowd,
    "invalid": _invalid,
    "refused": _refused,
    "keys": _keys,
    "orders": _orders,
    "locks": _locks,
    "overlaps": _overlaps,
}
