#!/bin/sh
# Every source stands in a Makefile.inc, so that it is compiled and the tarball has it.
. "$(dirname "$0")/lint.sh"
lint_plan 1

lists=$(cat Makefile.am src/*/Makefile.inc tests/*/Makefile.inc)
listed() {
    case "$lists" in *"$1"*) return 0 ;; esac
    return 1
}

{
    lint_sources
    find src -name '*.sql' | LC_ALL=C sort
} | while read -r file; do
    case $file in
    tests/*.c) listed "${file%.c}" ;;
    *) listed "$file" ;;
    esac || echo "$file: stands in no Makefile.inc"
done | lint_report "every source stands in a Makefile.inc"
