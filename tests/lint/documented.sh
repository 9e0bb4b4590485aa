#!/bin/sh
# Settings, routes and verbs are documented; the manuals are sound.
. "$(dirname "$0")/lint.sh"
lint_plan 4

# "section key" of each row of the settings table.
settings() {
    sed -n 's/^ *{"\([a-z_]*\)", "\([a-z_]*\)", CONF_.*/\1 \2/p' src/conf/setting.c
}

settings | while read -r section key; do
    grep -q "^\.It Ic $key " doc/dialogd.conf.5 ||
        echo "doc/dialogd.conf.5: does not name [$section] $key"
    grep -q "^#*$key = " etc/dialogd.conf || echo "etc/dialogd.conf: does not name [$section] $key"
done | lint_report "each setting stands in the manual and in etc/dialogd.conf"

# "get /api/v1/agents/{}" of each row of the route tables, as the program has them.
routes() {
    "${TOP_BUILDDIR:-build}/tests/api/route_list" | sed -e 's/{[a-z_.]*}/{}/g' |
        awk '{ print tolower($1), $2 }' | LC_ALL=C sort -u
}

# The same of doc/openapi.yaml, where methods stand indented below their path.
described() {
    awk '/^paths:/ { on = 1; next } /^[a-z]/ { on = 0 }
        on && /^  ["'\'']?\// { path = $1; gsub(/["'\'']/, "", path); sub(/:$/, "", path); gsub(/\{[a-z_]*\}/, "{}", path) }
        on && /^    (get|post|put|patch|delete):/ { sub(/:.*/, "", $1); print $1, path }' doc/openapi.yaml |
        LC_ALL=C sort -u
}

if [ -f doc/openapi.yaml ]; then
    scratch=$(mktemp -d)
    routes >"$scratch/routes"
    described >"$scratch/described"
    {
        LC_ALL=C comm -23 "$scratch/routes" "$scratch/described" | sed 's/.*/doc\/openapi.yaml: does not describe &/'
        LC_ALL=C comm -13 "$scratch/routes" "$scratch/described" | sed 's/.*/doc\/openapi.yaml: describes &, which no route table has/'
    } | lint_report "each route stands in doc/openapi.yaml"
    rm -r "$scratch"
else
    echo "doc/openapi.yaml: is not here" | lint_report "each route stands in doc/openapi.yaml"
fi

# "agent add" of each row of dialogctl's help.
"$built/src/dialogctl" --help | sed -n 's/^  \([a-z][a-z-]*\( [a-z][a-z-]*\)\{0,1\}\).*/\1/p' |
    while read -r verb; do
        grep -q "^\.It Cm $verb\( \|\$\)" doc/dialogctl.1 || echo "doc/dialogctl.1: does not describe $verb"
    done | lint_report "each verb stands in dialogctl(1)"

if command -v mandoc >/dev/null; then
    # STYLE messages about the machine's own manuals do not count.
    mandoc -T lint -W warning doc/*.[1-8] 2>&1 | grep -v 'referenced manual not found' |
        lint_report "the manuals are sound"
else
    lint_skip "the manuals are sound" "mandoc is not installed"
fi
