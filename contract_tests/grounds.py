"""What a requirement builds on: while one of these is broken, a fault of it shows nothing of its own.

A server that breaks one promise should be told of that one. Where the experiments for another requirement cannot do
without it, that other one is then left as not tested, with the reason. Only what is at least as firmly said can stand
in the way of a requirement, so that no documented fault is ever covered by a lesser one.
"""

from collections.abc import Collection, Mapping

from contract_tests.catalogue import Level

_FIELDS = ("MA-UPDATE-EMAIL", "MA-UPDATE-RETAILER", "MA-UPDATE-KEEPS-EMAIL", "MA-UPDATE-KEEPS-RETAILER")
_NAMES = ("MA-UPDATE-KEEPS-ID", "MA-UPDATE-KEEPS-SHORT-ID", "MA-UPDATE-KEEPS-CREATED-AT")
_BODIES = ("MA-SECRETS-CREATE", "MA-SECRETS-LIST", "MA-SECRETS-UPDATE", "MA-SECRETS-DERIVED")
_CREATED = ("MA-CREATE-LISTED", "MA-CREATE-ONE", "MA-CREATE-OTHERS-UNTOUCHED", "MA-LIST-MATCHES-CREATE")

GROUNDS: Mapping[str, Collection[str]] = {
    "MA-CREATE-AGAIN-AFTER-DELETE": ("MA-CREATE-SAME-EMAIL", "MA-DELETE-UNLISTED"),
    "MA-CREATE-CONCURRENT": ("MA-CREATE-SUCCEEDS", *_CREATED, "MA-CREATE-SAME-RETAILER"),
    "MA-CREATE-EMAIL-EXACT": ("MA-CREATE-EMAIL", "MA-LIST-MATCHES-CREATE"),
    "MA-CREATE-EMAIL-NULL": ("MA-CREATE-EMAIL-REQUIRED",),
    "MA-CREATE-PASSWORD-NULL": ("MA-CREATE-PASSWORD-OPTIONAL",),
    "MA-CREATE-RETAILER-ANY": ("MA-CREATE-RETAILER", "MA-LIST-MATCHES-CREATE"),
    "MA-CREATE-RETAILER-EXACT": ("MA-CREATE-RETAILER", "MA-LIST-MATCHES-CREATE"),
    "MA-CREATE-RETAILER-NULL": ("MA-CREATE-RETAILER-OPTIONAL", "MA-CREATE-RETAILER-DEFAULT"),
    "MA-CREATE-SAME-EMAIL": (*_CREATED, "MA-CREATE-SAME-RETAILER"),
    "MA-CREATE-SAME-RETAILER": _CREATED,
    "MA-CREATE-SECOND-DEFAULT": (*_CREATED, "MA-CREATE-RETAILER-OPTIONAL", "MA-CREATE-RETAILER-DEFAULT"),
    "MA-DELETE-AGAIN-404": ("MA-DELETE-UNLISTED",),
    "MA-DELETE-CONCURRENT": ("MA-DELETE-204", "MA-DELETE-UNLISTED", "MA-DELETE-AGAIN-404"),
    "MA-DELETE-STAYS-GONE": ("MA-DELETE-UNLISTED",),
    "MA-ERRORS-AUTH-FIRST": (
        *("MA-AUTH-REQUIRED-CREATE", "MA-AUTH-REQUIRED-UPDATE", "MA-AUTH-REQUIRED-DELETE"),
    ),
    "MA-ERRORS-CODE-BAD-REQUEST": ("MA-ERRORS-MALFORMED-400",),
    "MA-ERRORS-EMPTY-BODY": ("MA-CREATE-EMAIL-REQUIRED", "MA-ERRORS-MALFORMED-400"),
    "MA-ERRORS-MALFORMED-400": ("MA-CREATE-EMAIL-REQUIRED",),
    "MA-ERRORS-NOT-AN-OBJECT": ("MA-CREATE-EMAIL-REQUIRED",),
    "MA-FIELDS-TIMES-FRACTION": ("MA-FIELDS-CREATED-AT", "MA-FIELDS-UPDATED-AT"),
    "MA-FIELDS-TIMES-UTC": ("MA-FIELDS-CREATED-AT", "MA-FIELDS-UPDATED-AT"),
    "MA-SECRETS-NO-FIELD": _BODIES,
    "MA-UPDATE-CONCURRENT": (*_FIELDS, "MA-UPDATE-PERSISTS"),
    "MA-UPDATE-EMAIL-NULL": ("MA-UPDATE-KEEPS-EMAIL", "MA-UPDATE-EMPTY"),
    "MA-UPDATE-PASSWORD-NULL": ("MA-UPDATE-KEEPS-EMAIL", "MA-UPDATE-EMPTY"),
    "MA-UPDATE-RETAILER-NULL": ("MA-UPDATE-PERSISTS",),
    "MA-UPDATE-REPEATED": (*_FIELDS, *_NAMES, "MA-UPDATE-PERSISTS"),
}


def in_the_way(requirement: str, broken: Mapping[str, Level], levels: Mapping[str, Level]) -> list[str]:
    """The broken requirements that keep another one from being judged.

    Args:
        requirement: id of the other one.
        broken: broken requirements, each with its level.
        levels: the levels of all requirements.
    """
    grounds = GROUNDS.get(requirement, ())
    return [name for name in grounds if name in broken and broken[name].at_or_firmer(levels[requirement])]
