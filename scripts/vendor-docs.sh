#!/bin/sh
# Refreshes the renderer of the reference pages: scripts/vendor-docs.sh [VERSION]
#
# Takes Redoc from npm, checks that it is what npm says, and blanks the three addresses outside this machine that it
# would call by itself (its logo, twice, and its usage statistics), so that the file cannot call home wherever it is opened.
set -eu

version="${1:-3.0.1}"
target="$(dirname "$0")/../mock_server/console/static/vendor"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

npm pack "redoc@$version" --silent --pack-destination "$work" >/dev/null
tar -xzf "$work/redoc-$version.tgz" -C "$work"
sed -e 's#https://cdn\.redoc\.ly/redoc/logo-mini-full\.svg#data:,#g' \
    -e 's#https://cdn\.redoc\.ly/redoc/logo-mini\.svg#data:,#g' \
    -e 's#https://otel\.cloud\.redocly\.com/v1/traces#data:,#g' \
    "$work/package/bundles/redoc.standalone.js" >"$target/redoc.standalone.js"
cp "$work/package/LICENSE" "$target/redoc.LICENSE"

cat >"$target/README.md" <<README
# Redoc $version

Renders the reference pages at \`/docs\`. From the npm package \`redoc\`,
version $version, MIT licence (\`redoc.LICENSE\`): \`bundles/redoc.standalone.js\`, with one change: the three addresses
that it would call by itself (its logo and its usage statistics) are blank, so that it works without network and tells
nobody. Refreshed by \`scripts/vendor-docs.sh VERSION\`; do not edit it by hand.
README
echo "Redoc $version: $(wc -c <"$target/redoc.standalone.js") bytes"
