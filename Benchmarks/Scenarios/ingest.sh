#!/usr/bin/env bash
# Measures single new records (POST /fhir/Patient) at 300 a second, p99 at most 25 ms.
set -u
# shellcheck source=Benchmarks/Scenarios/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

HELP='usage: Benchmarks/Scenarios/ingest.sh [OPTION ...]

Starts a cluster on loopback, loads an invented population into it, and measures
single new records (POST /fhir/Patient) at 300 a second, p99 at most 25 ms.
Prints rates and latencies, and for each process its CPU seconds and its resident memory without mapped files.'

read_options "$@"
start
request ingest 300
