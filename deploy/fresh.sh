#!/usr/bin/env bash
# From an empty machine, really: a bare Debian in a folder, this repository's last commit cloned into it, and there, as a
# stranger would, the commands of the README, a small data set of every recipe, the steps of the Dockerfile, the tests.
#
#   deploy/fresh.sh                  all of it: `make test-fresh`
#   deploy/fresh.sh enter COMMAND... a command in the machine that FRESH_KEEP=1 kept
#
#   FRESH_DIR=FOLDER   where the machine stands  [/var/tmp/glyphmill-fresh]
#   FRESH_KEEP=1       leave it there; a later run with FRESH_KEEP=1 updates its clone and goes on with what is installed
#   FRESH_TEST=0       without `make test`, which takes longest
#   FRESH_N=24         rows of the small data sets
#
# It runs in namespaces of its own: however it ends, no mount and no process is left. How this machine reaches package
# indexes (apt's sources and proxies, pip's and npm's configuration, certificates, hosts) is read here and holds there.
set -euo pipefail
repo=$(cd "$(dirname "$0")/.." && pwd)

SUITE=bookworm
PACKAGES=ca-certificates,make,git,python3,python3-venv
# What images for containers leave out of every package; a machine that has it all has less to fail.
SLIM=(doc man info locale)

root=${FRESH_DIR:-/var/tmp/glyphmill-fresh}
num=${FRESH_N:-24}
clone=/root/glyphmill

fail() {
    echo "fresh: $1" >&2
    exit 2
}

# ------------------------------------------------------------------------------------------------- outside

check_tools() {
    [ "$(id -u)" = 0 ] || fail "a bare Debian is made by root; run it as root or with sudo"
    command -v mmdebstrap >/dev/null || fail "mmdebstrap is missing; install it: apt-get install mmdebstrap"
    unshare --mount --pid --fork true 2>/dev/null || fail "this machine allows no mounts (a container?); run it on another"
}

# Where this machine's apt finds the suite; Debian's own address where it does not know it.
list_sources() {
    local found=""
    if command -v apt-get >/dev/null; then
        # shellcheck disable=SC2016
        found=$(apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
            grep -E " $SUITE(-updates|-security)? " | sort -u) || true
    fi
    echo "${found:-deb http://deb.debian.org/debian $SUITE main}"
}

build() {
    local -a options=()
    local name
    for name in "${SLIM[@]}"; do
        options+=(--dpkgopt="path-exclude=/usr/share/$name/*")
    done
    if command -v apt-config >/dev/null; then
        apt-config dump | grep -E '^Acquire::https?::' >"$root.apt.conf" || true
        options+=(--aptopt="$root.apt.conf")
    fi
    echo "fresh: building a bare Debian ($SUITE) in $root"
    rm -rf --one-file-system "$root"
    # The mode is asked for: the automatic one leaves root where it finds no /dev to make nodes in.
    list_sources | mmdebstrap --mode=root --variant=minbase --include="$PACKAGES" "${options[@]}" "$SUITE" "$root" - 2>"$root.log" ||
        { tail -5 "$root.log" >&2; fail "mmdebstrap failed; all it said is in $root.log"; }
    rm -f "$root.log" "$root.apt.conf"
    if compgen -G '/usr/local/share/ca-certificates/*.crt' >/dev/null; then
        cp /usr/local/share/ca-certificates/*.crt "$root/usr/local/share/ca-certificates/"
        chroot "$root" update-ca-certificates >/dev/null 2>&1
    fi
}

update_clone() {
    if [ -d "$root$clone/.git" ]; then
        git -C "$root$clone" fetch --quiet "$repo" HEAD
        git -C "$root$clone" reset --quiet --hard FETCH_HEAD
    else
        git clone --quiet --no-hardlinks "$repo" "$root$clone"
    fi
    [ -z "$(git -C "$repo" status --porcelain)" ] || echo "fresh: what is not committed is not in the clone"
    echo "fresh: cloned $(git -C "$root$clone" log -1 --format='%h %s')"
}

# ------------------------------------------------------------------------------------------------- inside the namespaces

# A file or folder of this machine, read-only at its own place, where nothing is there: nothing is copied, nothing stays.
bind() {
    local path=$1
    [ -e "$path" ] && [ -z "$(find "$root$path" -maxdepth 0 -not -empty 2>/dev/null)" ] || return 1
    mkdir -p "$(dirname "$root$path")"
    if [ -d "$path" ]; then mkdir -p "$root$path"; else touch "$root$path"; fi
    mount --bind "$path" "$root$path"
    mount -o remount,bind,ro "$root$path"
}

mount_all() {
    # A mount of its own, so that programs there can make namespaces as on a machine.
    mount --bind "$root" "$root"
    mount -t proc proc "$root/proc"
    mount --rbind /sys "$root/sys"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
    cat /etc/resolv.conf >"$root/etc/resolv.conf"
    cat /etc/hosts >"$root/etc/hosts"
    local path
    for path in /etc/pip.conf /etc/xdg/pip "$HOME/.config/pip" "$HOME/.pip" "$HOME/.npmrc" "${PIP_CONFIG_FILE-}"; do
        [ -z "$path" ] || bind "$path" || true
    done
    # Folders of this machine that its pip takes packages from. The files of an index often lie beside its pages.
    local python
    for python in python3 "$repo/.venv/bin/python"; do
        for path in $("$python" -m pip config list 2>/dev/null | tr "=' " '\n' | grep -E '^(file://)?/' | sort -u); do
            case $path in
                file://*) bind "$(dirname "${path#file://}")" || bind "${path#file://}" || true ;;
                *) bind "$path" || true ;;
            esac
        done
    done
}

# Variables that say how an index is reached, and nothing else of this machine's environment.
list_environment() {
    printf '%s\0' HOME=/root LANG=C.UTF-8 CI=true PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    local name value
    for name in $(compgen -e); do
        case $name in
            PIP_* | npm_config_* | NPM_CONFIG_* | http_proxy | https_proxy | no_proxy | HTTP_PROXY | HTTPS_PROXY | NO_PROXY) ;;
            SSL_CERT_FILE | SSL_CERT_DIR | REQUESTS_CA_BUNDLE | NODE_EXTRA_CA_CERTS) [ -e "$root${!name}" ] || continue ;;
            *) continue ;;
        esac
        printf '%s=%s\0' "$name" "${!name}"
    done
    command -v npm >/dev/null || return 0
    for name in registry cafile proxy https-proxy noproxy; do
        value=$(npm config get "$name" 2>/dev/null || true)
        case $value in "" | null | undefined) ;; *) printf 'npm_config_%s=%s\0' "${name//-/_}" "$value" ;; esac
    done
}

run_there() {
    chroot "$root" env -i "${environment[@]}" bash -c "cd $clone && $1" </dev/null
}

# Runs a command there and notes how long it took and whether it ended with the code that it should.
step() {
    local wanted=$1 command=$2 code=0 word=ok
    local name=${3-$command}
    printf '\nfresh: %s\n' "$name"
    SECONDS=0
    run_there "$command" || code=$?
    if [ "$code" != "$wanted" ]; then
        word="failed (exit $code, not $wanted)"
        failed=$((failed + 1))
    fi
    summary+="$(printf '%6d s  %-72s %s' "$SECONDS" "$name" "$word")"$'\n'
}

# A command for what is not set up says one line, with what to do, and exits 2.
refused() {
    # shellcheck disable=SC2016
    step 0 "said=\$($1 2>&1)"'; [ $? = 2 ] && echo "$said" && [ "$(wc -l <<<"$said")" = 1 ] && [[ $said = *"make -C "*" setup-"* ]]' \
        "$1: refused in one line"
}

# All steps, in a stranger's order; the README's two commands are given.
walk() {
    local command name target
    step 0 "$1"
    [ "$failed" = 0 ] || return 0
    if ! [ -e "$root$clone/.venv/stamps/tex" ]; then
        step 1 ".venv/bin/glyphmill doctor"
        for name in formulas documents pages molecules_mathpix; do
            refused ".venv/bin/glyphmill render $name -n 8 -o /tmp/refused"
        done
    fi
    for target in $(sed -n 's/^\(render-[a-z-]*\):.*##.*/\1/p' "$root$clone/Makefile"); do
        step 0 "make $target N=$num OUT=data/fresh/$target"
    done
    while read -r command; do
        step 0 "$command"
    done < <(sed -n 's/^RUN \(--[^ ]* \)*\(make .*\)/\2/p' "$root$clone/deploy/Dockerfile")
    step 0 "make doctor"
    [ "${FRESH_TEST-1}" = 0 ] || step 0 "$2"
}

work() {
    local -a environment
    local failed=0 summary=""
    mount_all
    mapfile -d '' environment < <(list_environment)
    if [ "$1" = enter ]; then
        shift
        exec chroot "$root" env -i "${environment[@]}" TERM="${TERM-dumb}" bash -c "cd $clone && $*"
    fi
    local -a readme
    mapfile -t readme < <(sed -n '/^## Two commands/,/^## What/s/^\(make [^#]*[^# ]\) *#.*/\1/p' "$root$clone/README.md")
    [ "${#readme[@]}" = 2 ] || fail "README.md has not two commands but ${#readme[@]}"
    walk "${readme[@]}"
    printf '\nfresh: on a bare Debian (%s)\n%s' "$SUITE" "$summary"
    [ "$failed" = 0 ] || { echo "fresh: $failed steps failed"; exit 1; }
    echo "fresh: all steps are ok"
}

# ------------------------------------------------------------------------------------------------- which of them

ended() {
    trap - EXIT
    [ -z "${child-}" ] || kill -KILL "$child" 2>/dev/null || true
    wait || true
    [ "${FRESH_KEEP-0}" = 1 ] || rm -rf --one-file-system "$root" "$root.lock"
}

namespaces=(unshare --mount --propagation private --pid --fork --kill-child)

case "${1-run}" in
    run)
        check_tools
        mkdir -p "$(dirname "$root")"
        exec 9>"$root.lock"
        flock -n 9 || fail "another run works in $root; wait for it, or give another FRESH_DIR"
        trap ended EXIT
        trap 'exit 130' INT TERM
        { [ "${FRESH_KEEP-0}" = 1 ] && [ -e "$root/etc/debian_version" ]; } || build
        update_clone
        # Not waited for in the foreground: a signal is heard at once.
        "${namespaces[@]}" "$0" inside 9>&- &
        child=$!
        wait "$child"
        ;;
    enter)
        check_tools
        [ -d "$root$clone" ] || fail "no machine is kept in $root; make one: FRESH_KEEP=1 make test-fresh"
        exec "${namespaces[@]}" "$0" inside "$@"
        ;;
    inside) work "${2-run}" "${@:3}" ;;
    *) fail "usage: fresh.sh [enter COMMAND...]" ;;
esac
