#!/bin/sh
# Who may include whom, and which library has its door where (style.md, ARCHITECTURE.md).
. "$(dirname "$0")/lint.sh"
lint_plan 3

# Layer: what it may include besides itself. control and the main programs may include everything.
layers='
base:
conf: base
model: base
mime: base model
net: base conf model
store: base conf model
channels: base model
foreign: base model
desk: base conf model mime net store channels
reports: base conf model store
api: base conf model mime net store channels desk reports
control: base conf model mime net store channels foreign desk reports api
'

lint_sources | grep '^src/[a-z]*/' | xargs awk -v table="$layers" '
    BEGIN {
        rows = split(table, lines, "\n")
        for (row = 1; row <= rows; row++)
            if (split(lines[row], parts, ":") == 2) {
                known[parts[1]] = 1
                words = split(parts[2], allowed, " ")
                for (word = 1; word <= words; word++)
                    may[parts[1] "/" allowed[word]] = 1
            }
    }
    /^#include "[a-z]+\// {
        split(FILENAME, path, "/")
        split($2, included, /["\/]/)
        from = path[2]; to = included[2]
        if (from != to && to in known && !((from "/" to) in may))
            printf "%s:%d: layer %s must not include %s\n", FILENAME, FNR, from, $2
        if (!(from in known))
            printf "%s: src/%s is no layer that the table in tests/lint/layers.sh knows\n", FILENAME, from
    }' | lint_report "layers include only what stands below them"

# Header: where it may be included (an extended regular expression of paths in src).
doors='
sqlite3.h src/store/db_[a-z_]*\.[ch]
libpq-fe.h src/store/db_[a-z_]*\.[ch]
gmime/gmime.h src/mime/
gumbo.h src/mime/
curl/curl.h src/net/
libesmtp.h src/net/
microhttpd.h src/api/server[a-z_]*\.[ch]
sodium.h src/base/secret\.c
libstemmer.h src/store/search[a-z_]*\.c
seccomp.h src/mime/
'
lint_sources | grep '^src/' | xargs awk -v table="$doors" '
    BEGIN {
        rows = split(table, lines, "\n")
        for (row = 1; row <= rows; row++)
            if (split(lines[row], parts, " ") == 2)
                door[parts[1]] = parts[2]
    }
    /^#include </ {
        header = $2
        gsub(/[<>]/, "", header)
        if (header in door && FILENAME !~ "^" door[header])
            printf "%s:%d: <%s> has its door in %s only\n", FILENAME, FNR, header, door[header]
    }' | lint_report "each library has one door"

lint_sources | grep -E '(^|[/_-])(util|utils|common|misc|helper|helpers|manager)([_.-]|$)' |
    sed 's/$/: the name says nothing; name what it is/' | lint_report "no file is called util"
