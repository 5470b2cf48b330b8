#!/usr/bin/env bash
# Install what the browser tests drive: Chromium, unless the tests find one already.
source "$(dirname "$0")/common.sh"

.venv/bin/python -m tests.support.chromium >/dev/null 2>&1 ||
    install_packages "The browser tests need Chromium." chromium
.venv/bin/python -m tests.support.chromium >/dev/null
