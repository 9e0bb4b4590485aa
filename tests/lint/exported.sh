#!/bin/sh
# Each table of the schema has its row in the full export, or says there why it is left out. Columns and kinds are
# tests/store/test-exchange's business.
. "$(dirname "$0")/lint.sh"
lint_plan 1

sed -n 's/^CREATE TABLE \([a-z_]*\) .*/\1/p' src/store/migrations/*.sql | while read -r table; do
    grep -q "^    {\"$table\"," src/store/exchange_table.c ||
        echo "src/store/exchange_table.c: has no row for the table $table (see src/store/exchange_table.h)"
done | lint_report "each table is exported or says why not"
