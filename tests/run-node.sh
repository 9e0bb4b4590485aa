#!/bin/sh
# Runs a test of Node's test runner, or skips it where there is no Node (a tarball needs none).
# Called by make check with the path of Node, which may be empty, and the test.
node=$1
shift
if ! "${node:-node}" --version >/dev/null 2>&1; then
    echo "1..0 # SKIP Node is not installed"
    exit 0
fi
exec "${node:-node}" --test-reporter=tap "$@"
