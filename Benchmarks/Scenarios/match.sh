#!/usr/bin/env bash
# Measures $match (POST /fhir/Patient/$match) at 500 a second, p99 at most 15 ms.
set -u
# shellcheck source=Benchmarks/Scenarios/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

HELP='usage: Benchmarks/Scenarios/match.sh [OPTION ...]

Starts a cluster on loopback, loads an invented population into it, and measures
$match (POST /fhir/Patient/$match) at 500 a second, p99 at most 15 ms.
Prints rates and latencies, and for each process its CPU seconds and its resident memory without mapped files.'

read_options "$@"
start
request match 500
