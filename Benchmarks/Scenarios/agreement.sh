#!/usr/bin/env bash
# Sets what `tessera bench` measures beside what h2load measures of the same requests, turn by turn.
set -u
# shellcheck source=Benchmarks/Scenarios/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

HELP='usage: Benchmarks/Scenarios/agreement.sh [OPTION ...]

Starts a cluster on loopback, loads an invented population into it, and lets `tessera bench` and h2load (Debian package
nghttp2-client) send the same look-ups at the same rate over the same connections, five turns each, one after the
other. Prints what each turn measured, the medians, and how far they are apart.'

TURNS=5

read_options "$@"
command -v h2load >/dev/null 2>&1 || fail "h2load is not here: apt-get install nghttp2-client"
rate=${rate:-1000} lanes=${connections:-4} seconds=$duration
[ "$seconds" -eq 60 ] && seconds=10
[ $((rate % lanes)) -eq 0 ] || fail "h2load wants a rate that $lanes connections can share evenly"
start

scenario() {
    printf 'version: 1\nname: agreement\nseed: %s\npopulation: {people: %s, seed: %s}\nconnections: %s\nphases:\n' \
        "$1" "$people" "$seed" "$lanes"
    printf '  - {name: steady, seconds: %s, rate: %s, requests: {lookup: 1}}\n' "$seconds" "$rate"
}

# ours SEED: answers a second, median and 99th percentile in microseconds.
ours() {
    scenario "$1" >"$work/steady.yaml"
    "$tessera" bench run "$work/steady.yaml" --to "$url" --json >"$work/ours.json" 2>"$work/words" || return 1
    python3 - "$work/ours.json" <<'PY'
import json, sys
phase = json.load(open(sys.argv[1]))["phases"][0]
kind = phase["kinds"][0]
latency = kind["latency"]
print(round(kind["answered"] / phase["seconds"], 1), round(latency["p50"] * 1e3), round(latency["p99"] * 1e3))
PY
}

# theirs SEED: the same by h2load.
theirs() {
    scenario "$1" >"$work/steady.yaml"
    "$tessera" bench requests "$work/steady.yaml" --take $((rate * seconds)) --to "$url" |
        sed 's/^{"method":"GET","url":"\([^"]*\)".*/\1/' >"$work/urls"
    rm -f "$work/h2load.tsv"
    h2load --input-file="$work/urls" --clients="$lanes" --threads=1 --max-concurrent-streams=100 \
        --rps=$((rate / lanes)) --duration="$seconds" --header='accept: application/fhir+json' \
        --log-file="$work/h2load.tsv" >"$work/h2load.txt" 2>&1 || return 1
    python3 - "$work/h2load.tsv" "$seconds" <<'PY'
import sys
rows = [line.split() for line in open(sys.argv[1])]
times = sorted(int(row[2]) for row in rows if row[1] == "200")
assert times, "h2load had no answer"
place = lambda share: times[min(len(times) - 1, int(share * len(times)))]
print(round(len(times) / float(sys.argv[2]), 1), place(0.5), place(0.99))
PY
}

printf '\n%s look-ups a second over %s connections, %s s a turn\n' "$rate" "$lanes" "$seconds"
printf '%-6s %-14s %10s %9s %9s\n' turn by answers/s 'p50 us' 'p99 us'
ours 1 >/dev/null || fail "tessera bench failed: $(tail -n 1 "$work/words")"
for ((turn = 1; turn <= TURNS; turn++)); do
    for by in ours theirs; do
        line=$($by $((turn + 1))) || fail "$by: $(tail -n 2 "$work/words" "$work/h2load.txt" 2>/dev/null)"
        printf '%s %s\n' "$by" "$line" >>"$work/turns"
        # shellcheck disable=SC2086
        printf '%-6s %-14s %10s %9s %9s\n' "$turn" "$([ $by = ours ] && echo 'tessera bench' || echo h2load)" $line
    done
done
python3 - "$work/turns" <<'PY'
import statistics, sys
rows = {"ours": [], "theirs": []}
for line in open(sys.argv[1]):
    by, *values = line.split()
    rows[by].append([float(value) for value in values])
ours, theirs = ([statistics.median(column) for column in zip(*rows[by])] for by in ("ours", "theirs"))
for name, mine, other in zip(("answers/s", "p50", "p99"), ours, theirs):
    print(f"median {name}: tessera bench {mine:g}, h2load {other:g}: {100 * (mine / other - 1):+.1f} %")
PY
