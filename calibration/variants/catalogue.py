"""All legal variants."""

from calibration.variants import changes, wire
from calibration.variants.variant import Variant
from mock_server.deviations.catalogue import deviation_named

VARIANTS = (
    Variant(
        name="newest-first",
        about="The list begins with the newest account and has further fields beside it.",
        answers={"Q-LIST-ORDER": "newest-first"},
        changes=(deviation_named("list-newest-first"), changes.list_has_more_beside),
    ),
    Variant(
        name="any-order",
        about="The list has another order each time.",
        answers={"Q-LIST-ORDER": "other"},
        changes=(changes.list_in_any_order,),
    ),
    Variant(
        name="create-200",
        about="A create answers 200 and a Location header.",
        answers={"Q-CREATE-STATUS": "200", "Q-CREATE-LOCATION": "present"},
        changes=(deviation_named("create-answers-200"), changes.create_answers_location),
    ),
    Variant(
        name="accepted",
        about="Creates and updates answer 202.",
        answers={"Q-CREATE-STATUS": "other", "Q-UPDATE-ANSWER": "other"},
        changes=(deviation_named("create-answers-202"), deviation_named("update-answers-202")),
    ),
    Variant(
        name="silent-update",
        about="An update answers 204 without a body.",
        answers={"Q-UPDATE-ANSWER": "nothing"},
        changes=(changes.update_answers_204,),
    ),
    Variant(
        name="update-with-message",
        about="An update answers a message, and one without any field counts as an update.",
        answers={"Q-UPDATE-ANSWER": "other", "Q-UPDATE-EMPTY": "moves"},
        changes=(changes.empty_update_counts, deviation_named("update-answers-a-message")),
    ),
    Variant(
        name="errors-wrapped",
        about="Errors are wrapped, as the Agent guide has them.",
        answers={"Q-ERROR-SHAPE": "wrapped"},
        changes=(deviation_named("errors-wrapped"),),
    ),
    Variant(
        name="errors-as-list",
        about="Errors are a list under detail, as the API reference has them, and malformed bodies answer 422.",
        answers={"Q-ERROR-SHAPE": "detail-list", "Q-MALFORMED-STATUS": "422", "Q-INVALID-STATUS": "422"},
        changes=(changes.errors_as_detail_list,),
    ),
    Variant(
        name="errors-as-pages",
        about="Errors are HTML pages.",
        answers={"Q-ERROR-SHAPE": "html"},
        changes=(changes.errors_as_pages,),
    ),
    Variant(
        name="errors-empty",
        about="Errors have no body at all.",
        answers={"Q-ERROR-SHAPE": "empty"},
        changes=(changes.errors_without_body,),
    ),
    Variant(
        name="errors-mixed",
        about="Errors have one shape here and another there, pages among them.",
        answers={"Q-ERROR-SHAPE": "mixed"},
        changes=(changes.errors_mixed,),
    ),
    Variant(
        name="everything-400",
        about="Whatever is wrong with a body answers 400, and JSON is read under any media type.",
        answers={"Q-INVALID-STATUS": "400", "Q-MALFORMED-STATUS": "400", "Q-MEDIA-TYPE": "accepted"},
        changes=(
            deviation_named("invalid-fields-answer-400"),
            deviation_named("any-media-type-accepted"),
            deviation_named("no-media-type-accepted"),
        ),
    ),
    Variant(
        name="strangers-403",
        about="A request without a valid key answers 403.",
        answers={"Q-TOKEN-STATUS": "403"},
        changes=(changes.strangers_get_403,),
    ),
    Variant(
        name="forgiving-delete",
        about="A second delete answers 204 again, and so does a delete of what never was.",
        answers={"Q-DELETE-AGAIN": "204"},
        changes=(
            deviation_named("delete-again-answers-204"),
            deviation_named("delete-of-unknown-answers-204"),
        ),
    ),
    Variant(
        name="gone",
        about="A second delete answers 410, and another key's account 403.",
        answers={"Q-DELETE-AGAIN": "410", "Q-FOREIGN-ACCOUNT": "403"},
        changes=(
            deviation_named("delete-again-answers-410"),
            deviation_named("foreign-update-answers-403"),
            deviation_named("foreign-delete-answers-403"),
        ),
    ),
    Variant(
        name="unknown-403",
        about="What is not found answers 403, whosever it is.",
        answers={"Q-DELETE-AGAIN": "other", "Q-UNKNOWN-ACCOUNT": "403", "Q-FOREIGN-ACCOUNT": "403"},
        changes=(changes.unknown_accounts_answer_403,),
    ),
    Variant(
        name="later-revision",
        about="Accounts have the fields of the later revision of the page.",
        answers={"Q-MORE-FIELDS": "later-revision"},
        changes=(changes.fields_of_the_later_revision,),
    ),
    Variant(
        name="other-fields",
        about="Accounts have fields that no page has, in another order, and null for a password.",
        answers={"Q-MORE-FIELDS": "others"},
        changes=(changes.more_fields_in_another_order, deviation_named("null-password-in-accounts")),
    ),
    Variant(
        name="other-ids",
        about="Short ids have another form, with letters that are rare in paths; ids are UUIDs in capitals.",
        answers={"Q-SHORT-ID-FORM": "other"},
        changes=(changes.short_ids_of_another_form,),
    ),
    Variant(
        name="longer-short-ids",
        about="Short ids have the usual prefix and twelve characters behind it.",
        answers={"Q-SHORT-ID-FORM": "prefixed"},
        changes=(deviation_named("short-id-longer"),),
    ),
    Variant(
        name="times-with-offset",
        about="Timestamps have six digits of a fraction and +00:00.",
        answers={"Q-TIME-OFFSET": "numeric-zero", "Q-TIME-FRACTION": "always"},
        changes=(changes.times_with_zero_offset,),
    ),
    Variant(
        name="times-of-another-zone",
        about="Timestamps have milliseconds and the offset of New York; a new account is updated a moment later.",
        answers={"Q-TIME-OFFSET": "numeric", "Q-TIME-FRACTION": "always"},
        changes=(changes.new_account_updated_a_moment_later, changes.times_of_another_zone),
    ),
    Variant(
        name="times-in-seconds",
        about="Timestamps are cut to the second: what happens within one cannot be told apart.",
        answers={"Q-TIME-FRACTION": "never"},
        changes=(changes.times_in_whole_seconds,),
    ),
    Variant(
        name="times-without-offset",
        about="Timestamps have a comma before the fraction and no offset.",
        answers={"Q-TIME-OFFSET": "absent"},
        changes=(changes.times_without_offset,),
    ),
    Variant(
        name="one-account-an-email",
        about="A second account of the same email is refused.",
        answers={"Q-DUPLICATE-EMAIL": "refused"},
        changes=(deviation_named("same-email-refused"),),
    ),
    Variant(
        name="one-account-a-retailer",
        about="A second account of the same retailer, or a second default account, is refused.",
        answers={"Q-DUPLICATE-RETAILER": "refused"},
        changes=(changes.one_account_a_retailer,),
    ),
    Variant(
        name="ghosts",
        about="The email of a deleted account cannot be used again.",
        changes=(deviation_named("email-of-deleted-account-refused"),),
    ),
    Variant(
        name="strict-fields",
        about="Unknown fields are refused.",
        answers={"Q-UNKNOWN-FIELDS": "refused"},
        changes=(
            deviation_named("create-refuses-unknown-fields"),
            deviation_named("update-refuses-unknown-fields"),
        ),
    ),
    Variant(
        name="strict-nulls",
        about="Null is refused wherever a string is documented.",
        answers={"Q-CREATE-NULL": "refused", "Q-UPDATE-NULL": "refused", "Q-UPDATE-NULL-EMAIL": "refused"},
        changes=(
            deviation_named("create-refuses-null-retailer"),
            deviation_named("create-refuses-null-password"),
            deviation_named("update-refuses-null-retailer"),
            deviation_named("update-refuses-null-email"),
            deviation_named("update-refuses-null-password"),
        ),
    ),
    Variant(
        name="lenient-nulls",
        about="Null in an update is passed over, and any text is taken for an email.",
        answers={"Q-UPDATE-NULL": "ignored", "Q-EMAIL-FORMAT": "accepted"},
        changes=(
            deviation_named("update-ignores-null-retailer"),
            deviation_named("create-takes-any-text-as-email"),
            deviation_named("update-takes-any-text-as-email"),
        ),
    ),
    Variant(
        name="one-spelling",
        about="Emails and retailers are stored in small letters; an empty retailer makes a default account.",
        answers={
            "Q-EMAIL-SPELLING": "normalised",
            "Q-RETAILER-CASE": "normalised",
            "Q-RETAILER-EMPTY": "default",
        },
        changes=(changes.spelling_normalised, changes.empty_retailer_means_default),
    ),
    Variant(
        name="known-retailers",
        about="Retailers are a short list of names in small letters, and an empty one is refused.",
        answers={"Q-RETAILER-NAMES": "listed", "Q-RETAILER-CASE": "refused", "Q-RETAILER-EMPTY": "refused"},
        changes=(changes.retailers_known_by_exact_name, changes.empty_retailer_refused),
    ),
    Variant(
        name="charset",
        about="JSON is declared with a charset.",
        answers={"Q-CONTENT-TYPE-PARAMETERS": "charset"},
        wire=wire.with_charset,
    ),
    Variant(
        name="vendor-media-type",
        about="JSON is declared under a media type of the vendor's own.",
        answers={"Q-CONTENT-TYPE-PARAMETERS": "other"},
        wire=wire.with_other_media_type,
    ),
    Variant(
        name="other-http-server",
        about="Another HTTP server: chunked bodies, compression, header names in small letters.",
        threaded=True,
    ),
    Variant(
        name="many-headers",
        about="Header names in capitals, cookies, caching and what proxies add.",
        wire=wire.with_many_headers,
    ),
    Variant(
        name="slow",
        about="Answers take some milliseconds, now and then more than half a second.",
        wire=wire.slow,
    ),
    Variant(
        name="rate-limited",
        about="Some requests are answered 429 first, with Retry-After in seconds or as an instant.",
        wire=wire.limited,
    ),
    Variant(
        name="others-at-work",
        about="Other accounts of the same key appear, change and go while the check runs.",
        changes=(changes.others_at_work,),
    ),
    Variant(
        name="prose-statuses",
        about="Orders have the status words of the prose page, and fields that no page has.",
        answers={"Q-ORDER-STATUSES": "prose"},
        changes=(changes.order_statuses_of_the_prose_page, changes.order_answers_with_more),
        orders=True,
    ),
    Variant(
        name="instant-queue",
        about="Orders are done so quickly that none is ever seen waiting.",
        answers={"Q-OVERLAP-SEEN": "unseen", "Q-QUEUE-ORDER": "unseen"},
        processing_time=0.0,
        orders=True,
    ),
    Variant(
        name="last-comes-first",
        about="Of the orders that wait for an account the last one starts first.",
        answers={"Q-QUEUE-ORDER": "other"},
        changes=(deviation_named("last-in-line-comes-first"),),
        orders=True,
    ),
    Variant(
        name="busy-accounts-fixed",
        about="An account that serves an order can neither be updated nor deleted.",
        answers={"Q-LOCKED-ACCOUNT-CHANGES": "refused"},
        changes=(changes.busy_accounts_cannot_change,),
        orders=True,
    ),
    Variant(
        name="newest-account-serves",
        about="Of several fitting accounts the newest serves an order.",
        answers={"Q-ACCOUNT-CHOICE": "newest"},
        changes=(
            deviation_named("newest-fitting-account-serves"),
            deviation_named("newest-default-account-serves"),
        ),
        orders=True,
    ),
)
