#!/bin/sh
# The service file is as hard as we promise: systemd's exposure level is at most 2.0.
. "$(dirname "$0")/lint.sh"
lint_plan 1

name="the service is hardened to an exposure of at most 2.0"
if ! systemd-analyze --version 2>/dev/null | grep -qE 'systemd 2(5[0-9]|[6-9][0-9])'; then
    lint_skip "$name" "systemd-analyze is not installed or has no --offline"
else
    scratch=$(mktemp -d)
    sed -e 's|@sbindir@/dialogd|/bin/true|' -e 's|@sysconfdir@|/etc|' etc/dialogd.service.in \
        >"$scratch/dialogd.service"
    systemd-analyze security --offline=true --threshold=20 --no-pager "$scratch/dialogd.service" \
        >"$scratch/out" 2>&1 || tail -n 1 "$scratch/out" >"$scratch/why"
    cat "$scratch/why" 2>/dev/null | lint_report "$name"
    rm -r "$scratch"
fi
