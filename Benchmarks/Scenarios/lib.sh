# What the scenarios share: a cluster of real processes, an invented population in it, and what both cost.
# Sourced by bash, never run.
# shellcheck shell=bash

# shellcheck source=cluster/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../cluster/lib.sh"

OPTIONS="  --people N       people of the population (default 750000: about a million records)
  --seed S         what the population is made from (default 1)
  --rate N         requests a second (default: the rate that is asked of Tessera)
  --duration S     seconds counted (default 60)
  --connections N  connections of the load and of the requests (default 4 and 8)
  --shards N       shards (default 3)
  --base-port P    the coordinator's port, the shards on those after it (default 18080)
  --dir D          keep the cluster in D; where D holds one already, it is taken to hold the population, and what the
                   scenario adds is added to it (default: a temporary directory, removed at the end)

TESSERA_BIN names the program; without it, it is .build/release/tessera, which is built where it is missing."

# read_options ARGUMENTS: sets people, seed, rate, duration, connections, shards, port, dir.
read_options() {
    people=750000 seed=1 rate='' duration=60 connections='' shards=3 port=18080 dir=''
    while [ $# -gt 0 ]; do
        case $1 in
            --people) need_value "$1" $#; need_number "$1" "$2" 1 100000000; people=$2 ;;
            --seed) need_value "$1" $#; need_number "$1" "$2" 0 999999999; seed=$2 ;;
            --rate) need_value "$1" $#; need_number "$1" "$2" 1 100000; rate=$2 ;;
            --duration) need_value "$1" $#; need_number "$1" "$2" 1 86400; duration=$2 ;;
            --connections) need_value "$1" $#; need_number "$1" "$2" 1 64; connections=$2 ;;
            --shards) need_value "$1" $#; need_number "$1" "$2" 1 64; shards=$2 ;;
            --base-port) need_value "$1" $#; need_number "$1" "$2" 1 65000; port=$2 ;;
            --dir) need_value "$1" $#; dir=$2 ;;
            -h | --help) printf '%s\n\n%s\n' "$HELP" "$OPTIONS"; exit 0 ;;
            *) usage_error "no option '$1'; see $PROGRAM --help" ;;
        esac
        shift 2
    done
}

# start: a cluster that holds the population; sets tessera, url, D.
start() {
    local held=0
    tessera=$(tessera_binary) || exit 1
    work=$(mktemp -d) || exit 1
    use_directory "${dir:-$work/cluster}"
    [ -f "$D/coordinator-1.yaml" ] && held=1
    trap finish EXIT
    trap 'exit 130' INT TERM
    if [ "$held" -eq 1 ]; then
        url=$("$TESSERA_ROOT/cluster/up" --dir "$D" --timeout 600) || exit 1
    else
        url=$("$TESSERA_ROOT/cluster/up" --dir "$D" --shards "$shards" --base-port "$port") || exit 1
    fi
    url=${url#ready }
    describe
    [ "$held" -eq 1 ] || load
}

# finish: stops the cluster; a temporary one goes with its data.
finish() {
    "$TESSERA_ROOT/cluster/down" --dir "$D" >/dev/null 2>&1
    rm -rf "$work"
}

# describe: figures mean nothing without what they were measured on.
describe() {
    local model memory
    model=$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1)
    memory=$(awk '/^MemTotal/ { print int($2 / 1024) }' /proc/meminfo)
    printf 'date        %s\n' "$(date -u +%Y-%m-%d)"
    printf 'machine     %s x %s, %s MiB\n' "$(nproc)" "$model" "$memory"
    printf 'load before %s\n' "$(cut -d ' ' -f 1-3 /proc/loadavg)"
    printf 'population  %s people, seed %s\n' "$people" "$seed"
}

# load: puts the population in and says what that took.
load() {
    local lanes=${connections:-4}
    "$tessera" bench generate --people "$people" --seed "$seed" --output "$work/population.csv" \
        >"$work/words" 2>&1 || fail "no population was made: $(tail -n 1 "$work/words")"
    printf '\nload of %s records over %s connections\n' "$(($(wc -l <"$work/population.csv") - 1))" "$lanes"
    processes_before
    timed "$tessera" load "$work/population.csv" --to "$url" --connections "$lanes" --rejects "$work/rejects.csv" ||
        fail "the population was not loaded"
    processes_after
    rm -f "$work/population.csv"
}

# request KIND RATE: one scenario of `tessera bench`, with what it cost.
request() {
    printf '\n%s at %s a second for %s s over %s connections\n' "$1" "${rate:-$2}" "$duration" "${connections:-8}"
    processes_before
    timed "$tessera" bench "$1" --to "$url" --rate "${rate:-$2}" --duration "$duration" \
        --connections "${connections:-8}" --people "$people" --seed "$seed" || fail "tessera bench $1 failed"
    processes_after
    printf 'load after  %s\n' "$(cut -d ' ' -f 1-3 /proc/loadavg)"
}

# timed COMMAND: runs it; leaves its CPU seconds in client.
timed() {
    local status TIMEFORMAT='%U %S'
    { time "$@" 2>"$work/words" >&3; } 3>&1 2>"$work/time"
    status=$?
    [ "$status" -eq 0 ] || cat "$work/words" >&2
    client=$(awk '{ printf "%.2f", $1 + $2 }' "$work/time")
    return "$status"
}

# ticks PID: user and system time in clock ticks; the name before them may hold spaces.
ticks() { sed 's/^.*) //' "/proc/$1/stat" | awk '{ print $12 + $13 }'; }

declare -A before
processes_before() {
    local name
    for name in $(member_names); do before[$name]=$(ticks "$(pid_of "$name")"); done
}

# processes_after: CPU seconds since processes_before and memory, one line a process.
processes_after() {
    local name pid
    {
        for name in $(member_names); do
            pid=$(pid_of "$name") || { printf '%s ended ended\n' "$name"; continue; }
            printf '%s %s %s\n' "$name" $(($(ticks "$pid") - before[$name])) \
                "$(awk '/^RssAnon/ { print $2 }' "/proc/$pid/status")"
        done
    } | awk -v hertz="$(getconf CLK_TCK)" -v client="$client" '
        BEGIN { printf "  %-16s %10s %14s\n", "process", "CPU s", "RssAnon MiB" }
        { printf "  %-16s %10.2f %14.1f\n", $1, $2 / hertz, $3 / 1024; cpu += $2 / hertz; memory += $3 / 1024 }
        END {
            printf "  %-16s %10.2f\n", "client", client
            printf "  %-16s %10.2f %14.1f\n", "together", cpu + client, memory
        }'
}
