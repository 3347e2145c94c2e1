#!/bin/sh
# Kill the primary under saves, promote the standby, look for every acknowledged save:
#   drill.sh [pair|patroni] [PEOPLE]
# pair: two PostgreSQL on loopback, synchronous; patroni: the cluster of this folder. Ends with 1 when
# anything is lost.
set -eu
cd "$(dirname "$0")/../.."
exec .venv/bin/python -m bench.failover "$@"
