#!/usr/bin/env bash
# Runs the Node tests: every *.test.ts under test/ but the widget's (a browser runs them) and the journey's (its own step).
# The list is made here because Node 20's --test takes no glob. Arguments narrow it: `npm run test:node -- test/proxy/calls.test.ts`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
files=("$@")
if [ ${#files[@]} -eq 0 ]; then
  mapfile -t files < <(find test -name '*.test.ts' -not -path 'test/widget/*' -not -path 'test/journey/*' | LC_ALL=C sort)
fi
if [ ${#files[@]} -eq 0 ]; then
  echo 'no Node test found under test/' >&2
  exit 1
fi
exec node --import tsx --test --test-reporter=spec "${files[@]}"
