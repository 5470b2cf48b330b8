#!/usr/bin/env bash
# Start the registry from its sources; what `make run` does after the set-up.
#
# On the first start in an empty data folder it also loads the demonstration accounts and data,
# unless DEMO=0. A marker stays in the folder until that has worked, so a first start that was
# interrupted is made good by the next one, and a register in use never gains them.
source "$(dirname "$0")/common.sh"

data=${REGISTRY_DATA_DIR:-data}
marker=$data/first-start

if [ -z "$(ls -A "$data" 2>/dev/null)" ]; then
    mkdir -p "$data"
    touch "$marker"
fi

.venv/bin/registry init
if [ -e "$marker" ]; then
    [ "${DEMO:-1}" = 0 ] || .venv/bin/registry demo
    rm "$marker"
fi

exec .venv/bin/registry serve
