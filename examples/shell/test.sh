#!/usr/bin/env bash
# Tests of the client. `zinc-mock exec -- ./test.sh` starts a mock beside them; no test waits for anything.
# shellcheck disable=SC2317  # the tests are called by name
set -uo pipefail
cd "$(dirname "$0")" || exit
source ./zinc.sh

ADDRESS='{"first_name": "Ada", "last_name": "Example", "address_line1": "1 Example Street", "country": "US"}'
PRODUCT=https://www.amazon.com/dp/B0EXAMPLE1

# What a test needs of the mock.

mock() { zinc "$1" "/_mock/$2" "${@:3}"; }
advance() { mock POST clock/advance "{\"seconds\": $1}" >/dev/null; }

# When the client sleeps, the mock's clock moves: half an hour of polling takes milliseconds.
ZINC_SLEEP=advance

equal() { # WHAT EXPECTED SEEN
  if [[ $2 != "$3" ]]; then
    printf '    %s: expected %s, saw %s\n' "$1" "$2" "$3"
    return 1
  fi
}

submit() { submit_order "$PRODUCT" "$ADDRESS" 5000 "$account"; }

status_of() { get_order "$1" | field status; }

# The tests: each starts in a sandbox of its own, with a stopped clock and one account.

an_account_lives_until_it_is_deleted() {
  update_account_email "$account" lovelace@example.com >/dev/null || return
  equal 'the address' lovelace@example.com "$(list_accounts | field email)" || return
  delete_account "$account" || return
  equal 'how many are left' 0 "$(list_accounts | field total)" || return
  equal 'deleting it again' not_found "$(delete_account "$account" | field code)"
}

an_order_is_placed() {
  local order
  order=$(wait_for "$(submit | field id)") || return
  equal 'the status' order_placed "$(field status <<<"$order")"
}

orders_of_one_account_wait_for_each_other() {
  local first second
  first=$(submit | field id)
  second=$(submit | field id)
  equal 'the first' in_progress "$(status_of "$first")" || return
  equal 'the second' pending "$(status_of "$second")" || return
  advance 2 # the mock takes two seconds for an order
  equal 'the first, later' order_placed "$(status_of "$first")" || return
  equal 'the second, later' in_progress "$(status_of "$second")" || return
  mock POST settle >/dev/null || return
  equal 'the second, at last' order_placed "$(status_of "$second")"
}

a_locked_account_fails_its_orders() {
  local order
  mock PUT "accounts/$account/health" '{"state": "account_locked"}' >/dev/null || return
  order=$(wait_for "$(submit | field id)") || return
  equal 'the status' order_failed "$(field status <<<"$order")" || return
  equal 'the reason' account_locked "$(field error_type <<<"$order")"
}

a_lost_answer_makes_no_second_order() {
  local order
  mock POST faults '{"operation": "createOrder", "drop": true, "phase": "after", "times": 1}' >/dev/null || return
  order=$(submit | field id) || return
  equal 'the orders that there are' "\"$order\"" \
    "$(mock GET snapshot | sed 's/.*"orders"//' | grep -oE '"id":"[^"]*"' | cut -d: -f2)"
}

failed=0
for name in an_account_lives_until_it_is_deleted an_order_is_placed orders_of_one_account_wait_for_each_other \
  a_locked_account_fails_its_orders a_lost_answer_makes_no_second_order; do
  ZINC_API_KEY="zn_test_shell_${name}_$$" # any key is a sandbox of its own
  mock PUT clock '{"mode": "manual"}' >/dev/null || exit
  account=$(create_account ada@example.com 'correct "horse"' amazon | field short_id)
  if "$name"; then printf 'ok      %s\n' "${name//_/ }"; else
    printf 'FAILED  %s\n' "${name//_/ }"
    failed=1
  fi
done
exit "$failed"
