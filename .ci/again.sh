#!/usr/bin/env bash
# Runs the test files that failed once more, each with a world of its own and nothing beside it: a shared machine can starve
# a host for longer than a test waits. What fails by itself fails here as well.
set -euo pipefail
cd "$(dirname "$0")/.."

list=node_modules/.cache/failed-test-files
most=12

[ -s "$list" ] || { echo "The tests ended without saying which failed."; exit 1; }
mapfile -t files <"$list"
echo "--- Failed: ${files[*]}"
[ "${#files[@]}" -le "$most" ] || { echo "More than $most files: that is not the machine."; exit 1; }
for file in "${files[@]}"; do [ -f "$file" ] || { echo "No such file: $file"; exit 1; }; done
echo "--- These once more, one after the other"
npx vitest run --maxWorkers=1 "${files[@]}"
echo "--- FLAKY: what failed beside other tests passes alone: ${files[*]}"
