#!/bin/sh
# Each table of the schema has its row in the full export, or says there why it is left out; so has each column. Kinds are
# tests/store/test-exchange's business.
. "$(dirname "$0")/lint.sh"
lint_plan 1

awk '
    FILENAME ~ /exchange_table/ {
        if (/^    \{"/) { split($0, parts, "\""); table = parts[2]; known[table] = 1 }
        if (table != "") row[table] = row[table] " " $0
        if (/\},$/) table = ""
        next
    }
    function told(table, column) {
        return row[table] ~ /, NULL, NULL, "", NULL/ || row[table] ~ ("[\" ]" column "[:\" ]")
    }
    /^CREATE TABLE / { table = $3; if (!(table in known)) print "no row for the table " table; next }
    /^\);/ { table = "" }
    table != "" && table in known && /^    [a-z_]+ [A-Z]+/ && !told(table, $1) { print "the row of " table " lacks the column " $1 }
    /^ALTER TABLE [a-z_]+ ADD COLUMN/ && !told($3, $6) { print "the row of " $3 " lacks the column " $6 }
' src/store/exchange_table.c src/store/migrations/*.sql | sort -u |
    sed 's/^/src\/store\/exchange_table.c: /; s/$/ (export it, or say that it is left out and why: exchange_table.h)/' |
    lint_report "each table and column is exported or says why not"
