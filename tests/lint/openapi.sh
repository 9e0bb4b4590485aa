#!/bin/sh
# Each operation of doc/openapi.yaml has a name, a summary, schemas and examples. That examples fit their schemas and schemas
# real answers is tests/system/openapi.test.mjs's business.
. "$(dirname "$0")/lint.sh"
lint_plan 1

if command -v node >/dev/null; then
    node tests/lint/openapi_check.mjs doc/openapi.yaml 2>&1 | lint_report "each operation has a name, schemas and examples"
else
    lint_skip "each operation has a name, schemas and examples" "node is not installed"
fi
