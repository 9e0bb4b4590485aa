#!/bin/sh
# Headers say first what they are: one to nine lines of comment, then #pragma once.
. "$(dirname "$0")/lint.sh"
lint_plan 1

lint_sources | grep '^src/.*\.h$' | xargs awk '
    FNR == 1 { comment = 0; done = 0 }
    !done && /^\/\// { comment++; next }
    !done {
        done = 1
        if (comment < 1)
            printf "%s: begins with %d lines of comment; say in one to nine what it is, who uses it, what it must not do\n", FILENAME, comment
        else if (comment > 9)
            printf "%s: begins with %d lines of comment; nine are enough\n", FILENAME, comment
        if ($0 != "#pragma once")
            printf "%s:%d: #pragma once is expected below the opening comment\n", FILENAME, FNR
    }' | lint_report "headers begin by saying what they are"
