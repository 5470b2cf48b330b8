#!/usr/bin/env bash
# Usage: scripts/setup.sh run|dev
#
# Make .venv hold the locked packages of requirements/run.txt or requirements/dev.txt, and the
# system hold what they need. A stamp in .venv names what was installed, so that the next call
# has nothing to do, needs no network and takes a few hundredths of a second.
source "$(dirname "$0")/common.sh"

lock_name=${1:?run or dev}
lock=requirements/$lock_name.txt
python=${PYTHON:-python3}

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

check_python() {
    command -v "$python" >/dev/null || install_packages "Python is not installed." python3
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail \
        "Python 3.11 or newer is needed; '$python' is $("$python" --version 2>&1)." \
        "Name another one:  make PYTHON=python3.12 …"
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        install_packages "Python's venv module is not installed." python3-venv
    "$python" -c 'import ensurepip, venv' 2>/dev/null || fail \
        "'$python' has no venv module. Please install it, or name another Python:  make PYTHON=…"
}

# Console scripts name their interpreter by its full path, so a .venv that was moved, or whose
# Python is gone, is made anew.
make_environment() {
    if ! grep -qsF "$(pwd -P)/.venv/bin/" .venv/bin/pip || ! .venv/bin/pip --version >/dev/null 2>&1; then
        check_python
        say "Making .venv with $("$python" --version)"
        "$python" -m venv --clear .venv
    fi
}

install_locked() {
    local pip=(.venv/bin/python -m pip --disable-pip-version-check --quiet)
    say "Installing $lock"
    # Wheels only: building from source would fetch build tools that the lock does not name.
    "${pip[@]}" install --no-input --only-binary :all: --require-hashes --requirement "$lock"
    "${pip[@]}" install --no-input --no-index --no-deps --no-build-isolation --editable .
}

# Tried out rather than looked up among packages: other systems have the libraries, too.
install_pdf_libraries() {
    local missing=()
    .venv/bin/python -c 'import weasyprint' >/dev/null 2>&1 ||
        missing+=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)
    if ! command -v fc-list >/dev/null; then
        missing+=(fontconfig fonts-noto-core)
    elif [ -z "$(fc-list ':family=Noto Sans:lang=vi' file)" ] ||
        [ -z "$(fc-list ':family=Noto Serif:lang=vi' file)" ]; then
        missing+=(fonts-noto-core)
    fi
    if [ ${#missing[@]} -gt 0 ]; then
        install_packages "PDF files need Pango and the Noto fonts." "${missing[@]}"
        .venv/bin/python -c 'import weasyprint'
    fi
}

# The lock of the developers holds everything that the other one does.
if is_current dev || is_current "$lock_name"; then
    exit 0
fi
make_environment
install_locked
install_pdf_libraries
fingerprint "$lock_name" >".venv/$lock_name.stamp"
