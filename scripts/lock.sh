#!/usr/bin/env bash
# Usage: scripts/lock.sh [UV-OPTION…]
#
# Resolve the bounds of pyproject.toml into requirements/*.txt. Versions that still fit are kept;
# `--upgrade` moves all of them. The files hold no index address: each machine has its own.
source "$(dirname "$0")/common.sh"

resolve() {
    local output=$1
    shift
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
        --output-file "$output" "$@" pyproject.toml
}

resolve requirements/run.txt --extra build "$@"
resolve requirements/dev.txt --extra build --extra dev --constraint requirements/run.txt "$@"
