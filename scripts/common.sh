# Shared by the scripts beside it: messages, and packages of the operating system.
# Sourced, not run; it leaves the shell in the root of the project.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export DEBIAN_FRONTEND=noninteractive

say() { printf '%s\n' "$*"; }

fail() {
    printf '%s\n' "$@" >&2
    exit 1
}

# heading TEXT: a line that is easy to find again in a long log.
heading() { printf '\n== %s ==\n' "$1"; }

# install_packages REASON PACKAGE…: install Debian packages, or say what is missing and stop.
install_packages() {
    local reason=$1 as_root=()
    shift
    command -v apt-get >/dev/null || fail \
        "$reason" \
        "Please install what is missing with this system's own package manager. Debian calls the packages:" \
        "    $*"
    if [ "$(id -u)" -ne 0 ]; then
        sudo -n true 2>/dev/null || fail \
            "$reason" \
            "Please install what is missing, then try again:" \
            "    sudo apt-get install $*"
        as_root=(sudo env "DEBIAN_FRONTEND=$DEBIAN_FRONTEND")
    fi
    say "$reason Installing: $*"
    local log
    log=$(mktemp)
    if ! { refresh_package_lists "${as_root[@]}" &&
        "${as_root[@]}" apt-get install --yes --no-install-recommends \
            -o DPkg::Lock::Timeout=120 "$@"; } >"$log" 2>&1 </dev/null; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        fail "apt-get could not install: $*" "Please install it by hand, then try again."
    fi
    rm -f "$log"
}

# Another apt may hold the lists for a while; only the dpkg lock can be waited for by an option.
refresh_package_lists() {
    local try
    for try in 1 2 3 4 5 6; do
        "$@" apt-get update && return
        [ "$try" -eq 6 ] || sleep 10
    done
    return 1
}
