"""The same seed sends the same requests in the same order, apart from the marker of the run and its passwords."""

import io
import json
import re

from kit_servers import mock


class Recorded:
    def __init__(self):
        self.requests = []

    def __call__(self, app):
        def wrapped(environ, start_response):
            length = int(environ.get("CONTENT_LENGTH") or 0)
            sent = environ["wsgi.input"].read(length) if length else b""
            environ["wsgi.input"] = io.BytesIO(sent)
            self.requests.append(
                (environ["REQUEST_METHOD"], environ["PATH_INFO"], self._without_secrets(sent))
            )
            return app(environ, start_response)

        return wrapped

    @staticmethod
    def _without_secrets(sent):
        try:
            content = json.loads(sent)
        except (ValueError, RecursionError):
            return re.sub(rb"zinc-contract-[0-9a-f]{12}|Zc-[a-z0-9]+", b"", sent)
        if isinstance(content, dict) and isinstance(content.get("password"), str):
            content["password"] = len(content["password"])
        if isinstance(content, dict) and "totp_secret" in content:
            content["totp_secret"] = len(content["totp_secret"])
        text = re.sub(r"zinc-contract-[0-9a-f]{12}", "", json.dumps(content, sort_keys=True))
        return re.sub(r"Zc-[a-z0-9]+", "", text)


ONLY = "MA-[DFIL]*"  # without the checks that send at the same moment: they arrive in any order


def requests_of(judge, seed):
    server = Recorded()
    with mock(server, seed=1) as url:
        done = judge(url, ONLY, max_examples=3, seed=seed)
    outcomes = [(row.requirement.id, row.outcome) for row in done.report.rows]
    shown = [request for request in server.requests if "CONCURRENT" not in str(request)]
    return shown, outcomes


def test_the_same_seed_sends_the_same(judge):
    one, other = requests_of(judge, 5), requests_of(judge, 5)
    assert one[1] == other[1]
    assert len(one[0]) == len(other[0])
    assert sorted(map(str, one[0])) == sorted(map(str, other[0]))


def test_another_seed_sends_something_else(judge):
    assert requests_of(judge, 5)[0] != requests_of(judge, 6)[0]
