#!/usr/bin/env bash
# Measures what encryption at rest costs: the same load and look-ups with and without keys, turn by turn.
set -u
# shellcheck source=Benchmarks/Scenarios/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

HELP='usage: Benchmarks/Scenarios/encryption.sh [OPTION ...]

Starts a cluster on loopback without keys, loads an invented population into it and asks for records at 1,000 a second;
then the same with keys, and both again in the other order. Prints the processor time of all members of each turn, the
bytes below their data directories, and the ratios. 75,000 people (100,000 records) and 10 s where nothing is said.'

TURNS='clear keys keys clear'

read_options --people 75000 --duration 10 "$@"
[ -z "$dir" ] || usage_error "every turn has a cluster of its own: leave --dir out"
tessera=$(tessera_binary) || exit 1
work=$(mktemp -d) || exit 1
trap finish EXIT
trap 'exit 130' INT TERM
describe
(umask 077; printf '1 %s\n' "$(openssl rand -hex 32)" >"$work/keys")
"$tessera" bench generate --people "$people" --seed "$seed" --output "$work/population.csv" >"$work/words" 2>&1 ||
    fail "no population was made: $(tail -n 1 "$work/words")"

# spent: CPU seconds of all members since processes_before.
spent() {
    local name sum=0
    for name in $(member_names); do sum=$((sum + $(ticks "$(pid_of "$name")") - before[$name])); done
    awk -v ticks="$sum" -v hertz="$(getconf CLK_TCK)" 'BEGIN { printf "%.2f", ticks / hertz }'
}

printf '\nrecords %s, look-ups %s a second for %s s\n' "$(($(wc -l <"$work/population.csv") - 1))" "${rate:-1000}" "$duration"
printf '%-6s %12s %14s %10s\n' turn 'load CPU s' 'look-up CPU s' MiB
for turn in $TURNS; do
    use_directory "$work/cluster"
    keys=()
    [ "$turn" = clear ] || keys=(--keys "$work/keys")
    url=$("$TESSERA_ROOT/cluster/up" --dir "$D" --shards "$shards" --base-port "$port" ${keys[@]+"${keys[@]}"}) || exit 1
    url=${url#ready }
    processes_before
    "$tessera" load "$work/population.csv" --to "$url" --rejects "$work/rejects.csv" >"$work/words" 2>&1 ||
        fail "the population was not loaded: $(tail -n 1 "$work/words")"
    loaded=$(spent)
    processes_before
    "$tessera" bench lookup --to "$url" --rate "${rate:-1000}" --duration "$duration" --people "$people" \
        --seed "$seed" >"$work/words" 2>&1 || fail "tessera bench lookup failed: $(tail -n 1 "$work/words")"
    asked=$(spent)
    "$TESSERA_ROOT/cluster/down" --dir "$D" >/dev/null 2>&1
    size=$(du -sm "$D" | cut -f 1)
    rm -rf "$D"
    printf '%-6s %12s %14s %10s\n' "$turn" "$loaded" "$asked" "$size" | tee -a "$work/turns"
done
awk '{ load[$1] += $2; look[$1] += $3; size[$1] += $4 }
    END {
        printf "keys / clear: load %.3f, look-ups %.3f, disk %.3f\n",
            load["keys"] / load["clear"], look["keys"] / look["clear"], size["keys"] / size["clear"]
    }' "$work/turns"
printf 'load after  %s\n' "$(cut -d ' ' -f 1-3 /proc/loadavg)"
