#!/usr/bin/env bash
# Signs in to a server in its local profile as a test citizen would, with curl, and prints the ID token that an app would get.
#
# Usage: scripts/api-token.sh [CITIZEN [SITE]]    (default: an, http://127.0.0.1:3000)
set -euo pipefail

citizen=${1:-an}
site=${2:-http://127.0.0.1:3000}
cookies=$(mktemp)
trap 'rm -f "$cookies"' EXIT

fail() {
    echo "scripts/api-token.sh: $*" >&2
    exit 1
}
# get OPTION…: requests without following redirects, as one browser.
get() { curl --silent --show-error --cookie "$cookies" --cookie-jar "$cookies" "$@"; }
# The address that a request is redirected to.
redirect() { get --output /dev/null --write-out '%{redirect_url}' "$@"; }
# parameter NAME URL: the value of a parameter in the query.
parameter() { sed -n "s/.*[?&]$1=\\([^&]*\\).*/\\1/p" <<<"$2"; }
# The first value of the JSON member $1 on standard input, which is a text without escapes.
member() { sed -n "s/.*\"$1\": *\"\\([^\"]*\\)\".*/\\1/p" | head -n 1; }

# The site's own sign-in says which user pool and which app client it uses.
login=$(redirect "$site/login/itsme")
[ -n "$login" ] || fail "$site does not answer, or is not in its local profile"
pool=${login%%/oauth2/*}
client=$(parameter client_id "$login")
callback=$site/auth/callback

# An app's own sign-in. A real app would also send code_challenge, state and nonce, and its own redirect_uri.
page=$(redirect --get "$pool/oauth2/authorize" --data response_type=code --data "client_id=$client" \
    --data-urlencode "redirect_uri=$callback" --data-urlencode "scope=openid profile email" --data identity_provider=itsme)
[ -n "$page" ] || fail "the user pool refuses the sign-in"
transaction=$(get "$page" | sed -n 's/.*name="transaction" value="\([^"]*\)".*/\1/p' | head -n 1)
[ -n "$transaction" ] || fail "the provider shows no form"
next=$(redirect "${page%%\?*}" --data-urlencode "transaction=$transaction" --data-urlencode "citizen=$citizen" --data decision=approve)
# From the provider back to the user pool, and from there to the app, which takes the code.
for _ in 1 2 3 4 5; do
    case $next in "$callback"* | "") break ;; esac
    next=$(redirect "$next")
done
code=$(parameter code "$next")
[ -n "$code" ] || fail "there is no test citizen $citizen"

get "$pool/oauth2/token" --data grant_type=authorization_code --data "client_id=$client" --data "code=$code" \
    --data-urlencode "redirect_uri=$callback" | member id_token
