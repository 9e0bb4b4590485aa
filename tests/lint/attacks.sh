#!/bin/sh
# Every attack of reliability.md 5 in our area stands in tests/README.md with a test that exists.
. "$(dirname "$0")/lint.sh"
lint_plan 2

# "W 17" and so on: ids run from 01; the design has no T03 and T07.
ids() {
    for range in W17 A20 O06 T08 I09 S07 K09; do
        seq -f "${range%??}%02g" 1 "$(expr "${range#?}" + 0)"
    done | grep -v '^T03$\|^T07$'
}

# "id|file|test" of each row of the table.
rows() {
    sed -n 's/^| \([A-Z][0-9]*\) | \([^|]*\) | \(.*\) |$/\1|\2|\3/p' tests/README.md
}

ids | while read -r id; do
    count=$(rows | grep -c "^$id|")
    [ "$count" = 1 ] || echo "tests/README.md: $id stands there $count times, not once"
done | lint_report "each attack stands in tests/README.md"

rows | while IFS='|' read -r id file name; do
    [ "$file" = later ] && continue
    if ! [ -f "tests/$file" ]; then
        echo "tests/README.md: $id names tests/$file, which is not there"
    else
        grep -qF "$name" "tests/$file" || echo "tests/README.md: tests/$file has no test \"$name\" ($id)"
    fi
done | lint_report "each attack has its test"
