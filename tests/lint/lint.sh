# Sourced by the lints: finds the sources, prints TAP. Each lint says what is wrong in sentences, one
# a line, on the standard input of lint_report.
top=${TOP_SRCDIR:-$(cd "$(dirname "$0")/../.." && pwd)}
built=${TOP_BUILDDIR:-$top/build}
cd "$top" || exit 99

# The C files of src and tests, one a line.
lint_sources() {
    find src tests -name '*.[ch]' | LC_ALL=C sort
}

# lint_plan COUNT: first, how many lints follow.
lint_plan() {
    echo "1..$1"
}

# lint_report NAME: ok when the standard input is empty, else its lines are the offenders.
lint_report() {
    offenders=$(cat)
    if [ -z "$offenders" ]; then
        echo "ok - $1"
    else
        printf '%s\n' "$offenders" | sed 's/^/# /'
        echo "not ok - $1"
    fi
}

# lint_skip NAME WHY
lint_skip() {
    echo "ok - $1 # SKIP $2"
}
