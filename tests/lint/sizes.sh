#!/bin/sh
# Functions have at most 60 lines, files at most 400.
. "$(dirname "$0")/lint.sh"
lint_plan 2

lint_sources | xargs awk '
    FNR == 1 { inside = 0; start = 0 }
    # A function begins at a line in column 0 with a bracket and ends at "}" in column 0.
    !inside && /^[A-Za-z_].*\(/ && !/;$/ && !/^(typedef|struct|enum|union|static const|const|G_DEFINE)/ {
        start = FNR
        name = $0
        sub(/\(.*/, "", name)
        sub(/.*[ *]/, "", name)
    }
    start && /\{$/ { inside = 1 }
    inside && /^\}/ {
        if (FNR - start + 1 > 60)
            printf "%s:%d: function %s has %d lines; 60 are allowed\n", FILENAME, start, name, FNR - start + 1
        inside = 0; start = 0
    }' | lint_report "functions have at most 60 lines"

lint_sources | xargs awk '
    { lines[FILENAME] = FNR }
    END {
        for (file in lines)
            if (lines[file] > 400)
                printf "%s: %d lines; 400 are allowed\n", file, lines[file]
    }' | lint_report "files have at most 400 lines"
