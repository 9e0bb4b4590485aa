#!/bin/sh
# Calls that are not made, and who may log or print.
. "$(dirname "$0")/lint.sh"
lint_plan 4

# Comments and texts do not call.
code() {
    sed -e 's/"\([^"\\]\|\\.\)*"/""/g' -e 's,//.*,,' "$1"
}

search() { # search PATTERN WHY < files
    while read -r file; do
        code "$file" | grep -nE "$1" | sed "s|^\([0-9]*\):.*|$file:\1: $2|"
    done
}

lint_sources | search '(^|[^a-zA-Z0-9_])(strcpy|strcat|strncpy|sprintf|vsprintf|atoi|atol|atoll|atof|localtime|gmtime|asctime|ctime|strtok|gets|alloca|g_alloca|g_newa|rand|srand|tmpnam|mktemp|system|popen) *\(' \
    'a banned call; see CONTRIBUTING.md for what to take instead' |
    lint_report "banned calls are not made"

lint_sources | grep -E '^src/(base|conf|model|mime|net|store|channels)/' | grep -v '^src/base/log\.' |
    search '(^|[^a-zA-Z0-9_])(log_event|log_error) *\(' 'this layer returns errors; only desk, reports, api and the programs log' |
    lint_report "only the upper layers log"

lint_sources | grep -E '^src/' | grep -vE '^src/(control/|dialogd\.c|dialogctl\.c|base/log\.c)' |
    search '(^|[^a-zA-Z0-9_])(printf|puts|g_print|g_printerr|perror|g_warning|g_message|g_critical) *\(' 'prints by itself; return an error or call log_event' |
    lint_report "nothing but dialogctl prints"

lint_sources | grep -E '^src/model/' |
    search '(^|[^a-zA-Z0-9_])(clock_now|clock_monotonic|g_get_real_time|g_get_monotonic_time|time|fopen|open|g_file_get_contents|g_random_int) *\(' 'model is pure: clocks, files and chance are arguments' |
    lint_report "model reads no clock and no file"
