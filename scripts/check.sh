#!/usr/bin/env bash
# Usage: scripts/check.sh CHECK…   (formatting lint types layers quick sqlite postgres)
#
# Run the checks in the order given, the later ones also after one has failed, and end with the
# names of those that failed. When none did, the last line is the last check's own.
source "$(dirname "$0")/common.sh"

# The tests choose their own settings: whoever runs them may have a real register configured.
for setting in "${!REGISTRY_@}"; do
    case $setting in
        REGISTRY_TEST_*) ;;
        *) unset "$setting" ;;
    esac
done

bin=.venv/bin
failed=()

for check in "$@"; do
    case $check in
        formatting) title="Formatting" command=("$bin/ruff" format --check .) ;;
        lint) title="Lint" command=("$bin/ruff" check .) ;;
        types) title="Types" command=("$bin/mypy") ;;
        layers) title="Layers" command=("$bin/lint-imports" --no-logo) ;;
        quick) title="Tests on SQLite, without a browser" command=("$bin/pytest" -m "not browser") ;;
        sqlite) title="Tests on SQLite, with a browser" command=("$bin/pytest") ;;
        postgres)
            title="Tests on PostgreSQL"
            # House rules, pure rules and the browser do not depend on the database.
            command=("$bin/python" -m tests.support.postgres "$bin/pytest" -m "not browser"
                --ignore tests/house --ignore tests/property --ignore tests/unit)
            ;;
        *) fail "There is no check named '$check'." ;;
    esac
    heading "$title"
    "${command[@]}" || failed+=("$title")
done

if [ ${#failed[@]} -gt 0 ]; then
    printf '\nFailed:\n'
    printf '  %s\n' "${failed[@]}"
    exit 1
fi
