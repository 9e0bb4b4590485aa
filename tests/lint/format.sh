#!/bin/sh
# The formatting is clang-format 14's.
. "$(dirname "$0")/lint.sh"
lint_plan 1

name="sources are formatted by clang-format 14"
program=$(command -v clang-format-14 || command -v clang-format || true)
if [ -z "$program" ] || ! "$program" --version | grep -q 'version 14\.'; then
    lint_skip "$name" "clang-format 14 is not installed (Debian: clang-format)"
elif [ ! -f .clang-format ]; then
    lint_skip "$name" "this is no checkout: .clang-format is not here"
else
    lint_sources | xargs -n 20 -P 2 "$program" --dry-run 2>&1 |
        sed -n 's/^\([^:]*:[0-9]*\):.*warning.*/\1: is formatted otherwise; run clang-format -i/p' |
        LC_ALL=C sort -u -t: -k1,1 | lint_report "$name"
fi
