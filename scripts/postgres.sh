#!/usr/bin/env bash
# Install PostgreSQL's server programs, unless the tests find them already.
source "$(dirname "$0")/common.sh"

find_programs() { .venv/bin/python -m tests.support.postgres >/dev/null; }

if ! find_programs 2>/dev/null; then
    install_packages "The PostgreSQL tests need its server programs." postgresql
    find_programs
fi
