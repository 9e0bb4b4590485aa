#!/bin/sh
# dialogctl speaks for each resource: tests/lint/verbs.txt names the verb that reaches each route, or after a dash why none does.
. "$(dirname "$0")/lint.sh"
lint_plan 2

scratch=$(mktemp -d)
"${TOP_BUILDDIR:-build}/tests/api/route_list" | awk '{ print $1, $2 }' | LC_ALL=C sort >"$scratch/routes"
sed 's/: .*//' tests/lint/verbs.txt | LC_ALL=C sort >"$scratch/told"
{
    LC_ALL=C comm -23 "$scratch/routes" "$scratch/told" |
        sed 's/$/: add a line "METHOD PATH: verb action" to tests\/lint\/verbs.txt, or "METHOD PATH: - why there is no verb"/'
    LC_ALL=C comm -13 "$scratch/routes" "$scratch/told" | sed 's/^/tests\/lint\/verbs.txt: no route is /'
} | lint_report "each route has a verb of dialogctl, or a reason"

"$built/src/dialogctl" --help | sed -n 's/^  \([a-z][a-z-]*\( [a-z][a-z-]*\)\{0,1\}\).*/\1/p' | LC_ALL=C sort -u >"$scratch/verbs"
sed -n 's/^[^:]*: \([^-].*\)/\1/p' tests/lint/verbs.txt | LC_ALL=C sort -u | LC_ALL=C comm -23 - "$scratch/verbs" |
    sed 's/^/tests\/lint\/verbs.txt: dialogctl has no verb /' | lint_report "these verbs are there"
rm -r "$scratch"
