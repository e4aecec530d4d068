# What the cluster scripts and Tests/run share. Sourced by bash, never run.
# shellcheck shell=bash

# How the script that sources this calls itself in messages: cluster/up, Tests/run.
PROGRAM=$(basename "$(cd "$(dirname "$0")" && pwd -P)")/${0##*/}
TESSERA_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)

# The libraries the build links against, one Debian package a line.
TESSERA_PACKAGES=(libnghttp2-dev liblmdb-dev libssl-dev zlib1g-dev pkg-config)

say() { printf '%s\n' "$*" >&2; }

# fail WORDS...: one line with what was wrong and what would be right; status 1.
fail() {
    say "$PROGRAM: $*"
    exit 1
}

# usage_error WORDS...: as `fail`, with the status for wrong usage.
usage_error() {
    say "$PROGRAM: $*"
    exit 64
}

# need_value OPTION COUNT: an option that takes a value must have one.
need_value() {
    [ "$2" -ge 2 ] || usage_error "$1 needs a value; see $PROGRAM --help"
}

# need_number OPTION VALUE LOWEST HIGHEST
need_number() {
    case $2 in
        '' | *[!0-9]*) usage_error "$1 takes a whole number, not '$2'" ;;
    esac
    [ "${#2}" -le 9 ] && [ "$2" -ge "$3" ] && [ "$2" -le "$4" ] || usage_error "$1 takes $3 to $4, not '$2'"
}

# ---------------------------------------------------------------- toolchain and packages

# ensure_toolchain: puts a Swift toolchain on PATH or says where to get one.
ensure_toolchain() {
    local place
    command -v swift >/dev/null 2>&1 && return 0
    for place in /opt/swift/usr/bin /usr/local/swift/usr/bin "$HOME/.local/share/swiftly/bin" /usr/bin; do
        if [ -x "$place/swift" ]; then
            PATH=$place:$PATH
            export PATH
            return 0
        fi
    done
    fail "no Swift toolchain: 'swift' is neither on PATH nor in /opt/swift/usr/bin;" \
        "install Swift 6.3 or newer from https://swift.org/install and run this again"
}

package_installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# ensure_packages NAME...: installs what is missing with apt, saying so first.
ensure_packages() {
    local missing=() name as_root=()
    command -v dpkg-query >/dev/null 2>&1 ||
        fail "this is not a Debian system: install the development files of nghttp2, LMDB, OpenSSL 3 and zlib," \
            "and pkg-config, by hand"
    for name in "$@"; do
        package_installed "$name" || missing+=("$name")
    done
    [ "${#missing[@]}" -gt 0 ] || return 0
    say "installing with apt: ${missing[*]}"
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null 2>&1 ||
            fail "packages are missing and neither root nor sudo is at hand;" \
                "as root, run: apt-get install ${missing[*]}"
        as_root=(sudo)
    fi
    export DEBIAN_FRONTEND=noninteractive
    if ! "${as_root[@]}" apt-get install -y --no-install-recommends "${missing[@]}" >&2; then
        say "that did not work with the package lists at hand; fetching new lists"
        "${as_root[@]}" apt-get update >&2 || fail "apt-get update failed; see above"
        "${as_root[@]}" apt-get install -y --no-install-recommends "${missing[@]}" >&2 ||
            fail "apt-get install failed; see above"
    fi
}

# build_tessera: an up-to-date release build; the package manager decides what there is to do.
build_tessera() {
    ensure_toolchain
    ensure_packages "${TESSERA_PACKAGES[@]}"
    [ -f "$TESSERA_ROOT/Package.swift" ] || fail "no Package.swift in $TESSERA_ROOT"
    say "building tessera (release; the first build takes some minutes)"
    (cd "$TESSERA_ROOT" && swift build -c release --product tessera) >&2 || fail "the build failed; see above"
}

# tessera_binary: prints the program to run. $TESSERA_BIN wins; a missing build is made.
tessera_binary() {
    local built=$TESSERA_ROOT/.build/release/tessera
    if [ -n "${TESSERA_BIN:-}" ]; then
        [ -x "$TESSERA_BIN" ] || fail "TESSERA_BIN is $TESSERA_BIN, which cannot be run"
        printf '%s\n' "$TESSERA_BIN"
        return 0
    fi
    [ -x "$built" ] || build_tessera
    [ -x "$built" ] || fail "the build left no program at $built"
    printf '%s\n' "$built"
}

# ---------------------------------------------------------------- one cluster in one directory

# use_directory DIR: makes it absolute and sets D. Nothing is created.
use_directory() {
    [ -n "$1" ] || usage_error "--dir takes a directory"
    case $1 in
        *[$'\n\t"\\']*) usage_error "--dir may not hold quotes, backslashes, tabs or line ends" ;;
    esac
    D=$(realpath -m -- "$1")
}

# member_names: every process this directory has a configuration for: etcd, shards, coordinators.
member_names() {
    local kind file
    for kind in etcd shard coordinator; do
        for file in "$D/$kind"-[0-9]*.yaml; do
            [ -f "$file" ] && basename "$file" .yaml
        done | sort -t - -k 2,2n -k 2,2
    done
}

# shard_numbers: the number of each copy of each shard, in order.
shard_numbers() { member_names | sed -n 's/^shard-\([0-9]*\)[a-i]\{0,1\}$/\1/p' | sort -n; }

# shard_count: shards, however many copies each has.
shard_count() { shard_numbers | uniq | wc -l; }

# copy_count: copies of each shard.
copy_count() { shard_numbers | uniq -c | awk 'NR == 1 { print $1 }'; }

coordinator_count() { member_names | grep -c '^coordinator-'; }

# listen_of NAME: HOST:PORT from its configuration.
listen_of() {
    sed -n -e 's/^listen:[[:space:]]*//p' -e 's,^listen-client-urls:[[:space:]]*http://,,p' "$D/$1.yaml" | head -n 1
}

# health_path NAME: where it says whether it is ready.
health_path() {
    case $1 in
        etcd-*) printf '/health\n' ;;
        *) printf '/health/ready\n' ;;
    esac
}

# ---------------------------------------------------------------- certificates of members

# make_authority: the authority of the cluster in D, which signs for its members and for nobody else.
make_authority() {
    mkdir -p "$D/tls" && chmod 700 "$D/tls" || fail "cannot make $D/tls"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 \
        -keyout "$D/tls/ca.key" -out "$D/tls/ca.pem" -subj "/CN=Tessera cluster" 2>"$D/tls/openssl.log" ||
        fail "openssl made no authority; see $D/tls/openssl.log"
}

# member_certificate NAME ROLE: makes a certificate for a member that listens on loopback; prints what its
# configuration says of it.
member_certificate() {
    local file=$D/tls/$1
    {
        openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$file.key" -out "$file.csr" \
            -subj "/CN=$1" -addext "subjectAltName=URI:urn:tessera:$2,IP:127.0.0.1,DNS:localhost" &&
            openssl x509 -req -in "$file.csr" -CA "$D/tls/ca.pem" -CAkey "$D/tls/ca.key" -CAcreateserial -days 825 \
                -copy_extensions copy -out "$file.pem"
    } 2>>"$D/tls/openssl.log" || fail "openssl made no certificate for $1; see $D/tls/openssl.log"
    printf 'cluster_tls_certificate: "%s.pem"\ncluster_tls_key: "%s.key"\n' "$file" "$file"
    printf 'cluster_tls_authorities: "%s/tls/ca.pem"\n' "$D"
}

# pid_of NAME: prints the pid of the running process. A stale pid file, or a pid that now belongs to
# something else, counts as not running.
pid_of() {
    local pid=
    [ -f "$D/$1.pid" ] && read -r pid <"$D/$1.pid"
    case $pid in
        '' | *[!0-9]*) return 1 ;;
    esac
    [ -r "/proc/$pid/cmdline" ] || return 1
    tr '\0' '\n' <"/proc/$pid/cmdline" 2>/dev/null | grep -Fxq -- "$D/$1.yaml" || return 1
    # A process that was killed and not yet reaped has no command line, so it never gets here.
    printf '%s\n' "$pid"
}

# answers HOST:PORT: whether anything accepts a connection there.
answers() {
    (exec 3<>"/dev/tcp/${1%:*}/${1##*:}") 2>/dev/null
}

# readiness HOST:PORT PATH NAME: prints the status code of GET PATH of a member, 000 where there is no answer.
readiness() {
    local line=
    if [[ $3 == shard-* ]] && grep -q '^cluster_tls_certificate:' "$D/$3.yaml"; then
        line=$(
            printf 'GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$2" "$1" |
                timeout 5 openssl s_client -quiet -connect "$1" -CAfile "$D/tls/ca.pem" -verify_return_error \
                    2>/dev/null | head -n 1
        )
    else
        line=$(
            exec 2>/dev/null 3<>"/dev/tcp/${1%:*}/${1##*:}" || exit 0
            printf 'GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$2" "$1" >&3
            IFS= read -r -t 5 -u 3 line && printf '%s' "$line"
        )
    fi
    line=${line#HTTP/1.? }
    case ${line%% *} in
        [1-5][0-9][0-9]) printf '%s\n' "${line:0:3}" ;;
        *) printf '000\n' ;;
    esac
}

# leader_words HOST:PORT: of a coordinator that is ready: `leads`, or who does.
leader_words() {
    local words
    words=$(
        exec 2>/dev/null 3<>"/dev/tcp/${1%:*}/${1##*:}" || exit 0
        printf 'GET /health/ready HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$1" >&3
        timeout 5 cat <&3 | tail -n 1
    )
    case $words in
        ready) printf 'leads\n' ;;
        'ready: '*) printf '%s\n' "${words#ready: }" ;;
    esac
}

# start_member NAME BINARY: starts it in a session of its own, so that Ctrl-C in this terminal does not reach it.
start_member() {
    local name=$1 binary=$2
    printf '%s starting %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$name" >>"$D/$name.log"
    wc -c <"$D/$name.log" >"$D/.$name.log-start"
    local command=("$binary" "${name%-*}" --config "$D/$name.yaml")
    case $name in
        etcd-*) command=(etcd --config-file "$D/$name.yaml") ;;
    esac
    # Descriptor 9 holds the lock on the directory; a child must not keep it.
    setsid "${command[@]}" >>"$D/$name.log" 2>&1 </dev/null 9>&- &
    local pid=$! tries=200
    printf '%s\n' "$pid" >"$D/$name.pid"
    disown
    # Until the program has taken the place of this script's child, the pid is not known as the member's.
    while [ "$tries" -gt 0 ] && [ -d "/proc/$pid" ] && ! pid_of "$name" >/dev/null; do
        tries=$((tries - 1))
        sleep 0.01
    done
}

# show_log NAME: the end of what it has logged since it was started.
show_log() {
    local from=0
    [ -f "$D/.$1.log-start" ] && read -r from <"$D/.$1.log-start"
    say "---- last lines of $D/$1.log"
    tail -c "+$((from + 1))" "$D/$1.log" | tail -n 15 >&2
    say "----"
}

# wait_ready NAME SECONDS: returns when it answers 200; shows the log where it does not.
wait_ready() {
    local name=$1 deadline=$((SECONDS + $2)) address path code
    address=$(listen_of "$name")
    path=$(health_path "$name")
    while :; do
        if ! pid_of "$name" >/dev/null; then
            say "$PROGRAM: $name ended before it was ready"
            show_log "$name"
            return 1
        fi
        code=$(readiness "$address" "$path" "$name")
        [ "$code" = 200 ] && return 0
        if [ "$SECONDS" -ge "$deadline" ]; then
            say "$PROGRAM: $name is not ready after $2 s" \
                "(GET http://$address$path answers $code; 000 is no answer)"
            show_log "$name"
            return 1
        fi
        sleep 0.1
    done
}

# stop_member NAME SECONDS: asks it to drain, and ends it where it does not within the time.
stop_member() {
    local name=$1 pid deadline=$((SECONDS + $2))
    if pid=$(pid_of "$name"); then
        kill -TERM "$pid" 2>/dev/null
        while pid_of "$name" >/dev/null; do
            if [ "$SECONDS" -ge "$deadline" ]; then
                say "$name did not stop within $2 s; ending it" \
                    "(nothing acknowledged is lost: its log is replayed at the next start)"
                kill -KILL "$pid" 2>/dev/null
                sleep 0.2
                break
            fi
            sleep 0.05
        done
    fi
    rm -f "$D/$name.pid"
}

# lock_directory: one script at a time on one directory, held on descriptor 9 until the script ends.
lock_directory() {
    exec 9>"$D/.lock" || fail "cannot write in $D"
    flock -w 60 9 || fail "another cluster script has been at work on $D for over a minute"
}
