# A small client of Zinc's managed accounts and orders, for bash and curl. Copy it, or take it as a model.
#
#   source zinc.sh
#   account=$(create_account ada@example.com "$PASSWORD" amazon | field short_id)
#
# It reads ZINC_BASE_URL and ZINC_API_KEY. Each function prints the body of the answer and returns
#   0  on success        4  when Zinc refused (the body says why)        5  when the answer was lost
# shellcheck shell=bash

# zinc METHOD PATH [BODY]: one call.
zinc() {
  local method=$1 path=$2 answer status
  shift 2
  # The key goes through a pipe and the body through another: neither shows in the list of processes.
  answer=$(curl --silent --max-time 60 --write-out '\n%{http_code}' --request "$method" \
    --config <(printf 'header = "Authorization: Bearer %s"\n' "$ZINC_API_KEY") \
    ${1+--header 'Content-Type: application/json' --data-binary "@"<(printf '%s' "$1")} \
    "$ZINC_BASE_URL$path") || return 5
  status=${answer##*$'\n'}
  printf '%s\n' "${answer%$'\n'*}"
  case $status in
    2??) return 0 ;;
    4??) return 4 ;;
    *) return 5 ;;
  esac
}

# field NAME: the first member of that name in the JSON on standard input, without quotes. Enough for these answers;
# take a JSON tool such as jq for more.
field() {
  grep -oE "\"$1\": ?(\"[^\"]*\"|[^,}]+)" | head -n 1 | sed -E 's/^"[^"]*": ?//; s/^"(.*)"$/\1/'
}

# json_string TEXT: TEXT as a JSON string.
json_string() {
  local text=${1//\\/\\\\}
  printf '"%s"' "${text//\"/\\\"}"
}

# Managed accounts. A lost create is not repeated: no key makes that safe, so look at list_accounts first.

list_accounts() { zinc GET /users/managed-accounts; }

create_account() { # EMAIL PASSWORD RETAILER
  zinc POST /users/managed-accounts \
    "{\"email\": $(json_string "$1"), \"password\": $(json_string "$2"), \"retailer\": $(json_string "$3")}"
}

update_account_email() { zinc PUT "/users/managed-accounts/$1" "{\"email\": $(json_string "$2")}"; }

delete_account() { zinc DELETE "/users/managed-accounts/$1"; }

# Orders

get_order() { zinc GET "/orders/$1"; }

# submit_order URL ADDRESS_JSON MAX_PRICE ACCOUNT: one order, however often its answer gets lost.
submit_order() {
  local key body pause answer status
  key=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  # The answer shows the metadata, so the order can be found again.
  body="{\"products\": [{\"url\": $(json_string "$1")}], \"shipping_address\": $2, \"max_price\": $3,
    \"retailer_credentials_id\": \"$4\", \"idempotency_key\": \"$key\", \"metadata\": {\"key\": \"$key\"}}"
  for pause in 1 5 30 0; do
    status=0
    answer=$(zinc POST /orders "$body") || status=$?
    if [[ $status == 4 && $(field code <<<"$answer") == already_exists ]]; then
      order_with_key "$key"
      return
    fi
    if [[ $status != 5 || $pause == 0 ]]; then break; fi
    "${ZINC_SLEEP:-sleep}" "$pause"
  done
  printf '%s\n' "$answer"
  return "$status"
}

# order_with_key KEY: the order that was made with it. One order a line, then the line that has the key.
order_with_key() {
  zinc GET /orders | awk '{ gsub(/\{"id": ?"[^"]*", ?"status"/, "\n&"); print }' |
    grep -E "\"metadata\": ?\{\"key\": ?\"$1\"" | sed -E 's/(,|\]\})$//'
}

# wait_for ORDER_ID: polls it until it is placed, failed or cancelled, at most half an hour.
wait_for() {
  local order turn
  for turn in {0..60}; do
    if [[ $turn != 0 ]]; then "${ZINC_SLEEP:-sleep}" 30; fi
    order=$(get_order "$1") || return
    case $(field status <<<"$order") in
      pending | in_progress) ;;
      *) printf '%s\n' "$order" && return ;;
    esac
  done
  return 5
}
