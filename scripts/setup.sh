#!/usr/bin/env bash
# Usage: scripts/setup.sh run|dev [chromium] [postgresql]
#
# Make .venv hold the locked packages of requirements/run.txt or requirements/dev.txt, and the
# system hold what they need, and the programs named. A stamp in .venv says what was installed, so
# that the next call has nothing to do, needs no network and takes a few hundredths of a second.
source "$(dirname "$0")/common.sh"

lock_name=${1:?run or dev}
shift
python=${PYTHON:-python3}
missing=()

# Everything that makes an installation out of date: the lock, the project's own declaration,
# this script, and the place and Python that .venv was made for.
fingerprint() {
    {
        sha256sum "requirements/$1.txt" pyproject.toml scripts/setup.sh
        pwd -P
        readlink -f .venv/bin/python
    } | sha256sum
}

is_current() { [ -x .venv/bin/python ] && [ "$(cat ".venv/$1.stamp" 2>/dev/null)" = "$(fingerprint "$1")" ]; }

has_venv() { "$python" -c 'import ensurepip, venv' 2>/dev/null; }

check_python() {
    command -v "$python" >/dev/null || install_packages "Python is not installed." python3 python3-venv
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail \
        "Python 3.11 or newer is needed; '$python' is $("$python" --version 2>&1)." \
        "Name another one:  make PYTHON=python3.12 …"
    has_venv || missing+=(python3-venv)
}

has_library() { "$python" -c 'import ctypes.util as u, sys; sys.exit(not u.find_library(sys.argv[1]))' "$1"; }

has_font() { [ -n "$(fc-list ":family=$1:lang=$2" file 2>/dev/null)" ]; }

# Looked for themselves, not as packages: other systems have them, too.
check_pdf_libraries() {
    has_library pango-1.0 && has_library pangoft2-1.0 && has_library harfbuzz-subset ||
        missing+=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)
    command -v fc-list >/dev/null || missing+=(fontconfig)
    has_font "Noto Sans" vi && has_font "Noto Serif" vi && has_font "Noto Sans Thai" th ||
        missing+=(fonts-noto-core)
    # Holders and laboratories have names in Korean, Japanese and Chinese, too.
    has_font "Noto Sans CJK KR" ko || missing+=(fonts-noto-cjk)
}

# The tests know best whether they find a program.
check_test_programs() {
    local program
    for program in "$@"; do
        "$python" -m "tests.support.${program/postgresql/postgres}" >/dev/null 2>&1 || missing+=("$program")
    done
}

# Console scripts name their interpreter by its full path, so a .venv that was moved, or whose
# Python is gone, is made anew.
make_environment() {
    if ! grep -qsF "$(pwd -P)/.venv/bin/" .venv/bin/pip || ! .venv/bin/pip --version >/dev/null 2>&1; then
        has_venv || fail "'$python' has no venv module; install it, or name another:  make PYTHON=…"
        say "Making .venv with $("$python" --version)"
        "$python" -m venv --clear .venv
    fi
}

install_locked() {
    local pip=(.venv/bin/python -m pip --disable-pip-version-check --quiet)
    say "Installing requirements/$lock_name.txt"
    # Wheels only: building from source would fetch build tools that the lock does not name.
    "${pip[@]}" install --no-input --only-binary :all: --require-hashes \
        --requirement "requirements/$lock_name.txt"
    "${pip[@]}" install --no-input --no-index --no-deps --no-build-isolation --editable .
}

# The lock of the developers holds everything that the other one does.
installed=no
if is_current dev || is_current "$lock_name"; then installed=yes; fi

if [ $installed = no ]; then
    check_python
    check_pdf_libraries
fi
check_test_programs "$@"
if [ ${#missing[@]} -gt 0 ]; then
    install_packages "Some packages of the system are missing." "${missing[@]}"
fi
if [ $installed = no ]; then
    make_environment
    install_locked
    .venv/bin/python -c 'import weasyprint' ||
        fail "WeasyPrint does not find its libraries; its message above says which."
    fingerprint "$lock_name" >".venv/$lock_name.stamp"
fi
