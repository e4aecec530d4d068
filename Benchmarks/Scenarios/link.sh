#!/usr/bin/env bash
# Measures `tessera link --train` on a generated population, and another program on the same file right after it.
set -u
PROGRAM=${0##*/}

HELP='usage: Benchmarks/Scenarios/link.sh [--people N] [--file CSV] [--peer COMMAND]

Reads, learns, links and writes an invented population (default: 750000 people, about a million records) with one
command, and prints wall seconds, processor seconds, peak memory and F1.

  --people N      people of the population (default 750000)
  --file CSV      a file with the column entity_id in place of an invented population
  --peer COMMAND  runs `COMMAND FILE` too, measured the same way; what it prints is printed. For Splink:
                  --peer "python3 splink_bench.py --profile scale --names sep --hh --em-pairs 2e6 --no-sweep --json"

TESSERA_BIN names the program; without it, it is .build/release/tessera.'

fail() { printf '%s: %s\n' "$PROGRAM" "$1" >&2; exit 64; }

people=750000 file='' peer=''
while [ $# -gt 0 ]; do
    case $1 in
        --people | --file | --peer)
            [ $# -ge 2 ] || fail "$1 needs a value"
            case $1 in --people) people=$2 ;; --file) file=$2 ;; --peer) peer=$2 ;; esac
            shift 2 ;;
        -h | --help) printf '%s\n' "$HELP"; exit 0 ;;
        *) fail "no option '$1'; see $PROGRAM --help" ;;
    esac
done

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
tessera=${TESSERA_BIN:-$root/.build/release/tessera}
[ -x "$tessera" ] || fail "no program at $tessera; swift build -c release --product tessera"
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# measured NAME COMMAND ...: runs a command and tells what it cost, its children's share included.
measured() {
    local name=$1
    shift
    python3 - "$name" "$@" <<'PY'
import resource, subprocess, sys, time
name, command = sys.argv[1], sys.argv[2:]
began = time.monotonic()
done = subprocess.run(command)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"{name}: {time.monotonic() - began:.1f} s wall, {used.ru_utime + used.ru_stime:.1f} s of processor, "
      f"{used.ru_maxrss / 1024:.0f} MiB at most", flush=True)
sys.exit(done.returncode)
PY
}

if [ -z "$file" ]; then
    file=$work/people.csv
    "$tessera" bench generate --people "$people" --output "$file" || exit 1
fi
printf 'load average %s\n' "$(cut -d ' ' -f 1 /proc/loadavg)"
measured 'tessera link --train' \
    "$tessera" link "$file" --train --output "$work/links.csv" --rejects "$work/rejects.csv" || exit 1
"$tessera" evaluate --truth "$file" --links "$work/links.csv" || exit 1
if [ -n "$peer" ]; then
    # The command is several words on purpose.
    # shellcheck disable=SC2086
    measured "$peer" $peer "$file" || exit 1
fi
