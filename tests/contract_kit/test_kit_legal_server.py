"""A correct server is never called wrong, however it answers what the page leaves open."""

from kit_servers import FIRST_KEY, SECOND_KEY, serve
from legal_server import LegalServer

KEYS = (FIRST_KEY, SECOND_KEY)


def test_a_correct_server_of_another_make_conforms_and_its_answers_are_told(judge):
    server = LegalServer(KEYS)
    with serve(server) as url:
        done = judge(url, max_examples=2)
    report = done.report
    assert (report.verdict, report.run_errors, done.documented_failures) == ("conforms", (), [])
    assert {row.requirement.id for row in report.missing} == set()
    told = {question: answer.name for question, answer in report.questions.answers.items()}
    assert told == told | {
        "Q-PATH-PREFIX": "users",
        "Q-TOKEN-STATUS": "403",
        "Q-LIST-ORDER": "newest-first",
        "Q-CREATE-STATUS": "200",
        "Q-DUPLICATE-EMAIL": "refused",
        "Q-DUPLICATE-RETAILER": "accepted",
        "Q-RETAILER-NAMES": "any",
        "Q-RETAILER-CASE": "normalised",
        "Q-EMAIL-SPELLING": "normalised",
        "Q-EMAIL-FORMAT": "accepted",
        "Q-CREATE-NULL": "refused",
        "Q-UPDATE-NULL": "refused",
        "Q-UPDATE-NULL-EMAIL": "refused",
        "Q-UPDATE-ANSWER": "nothing",
        "Q-UPDATE-EMPTY": "moves",
        "Q-DELETE-AGAIN": "204",
        "Q-UNKNOWN-ACCOUNT": "other",
        "Q-MORE-FIELDS": "others",
        "Q-SHORT-ID-FORM": "other",
        "Q-TIME-OFFSET": "numeric",
        "Q-TIME-FRACTION": "always",
        "Q-ERROR-SHAPE": "mixed",
        "Q-INVALID-STATUS": "400",
        "Q-MALFORMED-STATUS": "422",
        "Q-UNKNOWN-FIELDS": "refused",
        "Q-MEDIA-TYPE": "accepted",
        "Q-CONTENT-TYPE-PARAMETERS": "charset",
    }
    assert all(accounts == [] for accounts in server.accounts.values())


def test_a_server_with_one_account_a_retailer_is_not_called_wrong(judge):
    with serve(LegalServer(KEYS, one_per_retailer=True)) as url:
        done = judge(url, "MA-[CDLU]*")
    assert done.documented_failures == []
    assert done.report.questions.answers["Q-DUPLICATE-RETAILER"].name == "refused"


def test_a_server_that_asks_for_patience_is_given_it(judge):
    server = LegalServer(KEYS, impatient=5)
    with serve(server) as url:
        done = judge(url, "MA-[DU]*", seed=3)
    assert (done.report.verdict, done.failed.keys() & {"MA-DELETE-SUCCEEDS"}) == ("conforms", set())
    assert all(accounts == [] for accounts in server.accounts.values())
