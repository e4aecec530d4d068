#!/usr/bin/env bash
# Measures look-ups by identifier (GET /fhir/Patient?identifier=) at 2,000 a second, p99 at most 5 ms.
set -u
# shellcheck source=Benchmarks/Scenarios/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

HELP='usage: Benchmarks/Scenarios/lookup.sh [OPTION ...]

Starts a cluster on loopback, loads an invented population into it, and measures
look-ups by identifier (GET /fhir/Patient?identifier=) at 2,000 a second, p99 at most 5 ms.
Prints rates and latencies, and for each process its CPU seconds and its resident memory without mapped files.'

read_options "$@"
start
request lookup 2000
