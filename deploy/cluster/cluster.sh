#!/usr/bin/env bash
# Two PostgreSQL under Patroni, etcd and HAProxy on loopback: a worked example, and a drill.
#
#   cluster.sh start FOLDER    start all, again where it was stopped; prints DATABASE_URL and
#                              DATABASE_READ_URL
#   cluster.sh kill FOLDER     kill (-9) the primary and its Patroni, as if its machine had died
#   cluster.sh revive FOLDER   start again what was killed; it comes back as the standby
#   cluster.sh status FOLDER   who is what
#   cluster.sh stop FOLDER     stop all
#
# As root the database runs as `postgres`. PORTS is the first of eight free ports (default 15430).
set -euo pipefail
act=${1:?start, kill, revive, status or stop}
folder=$(realpath -m "${2:?a folder of its own}")
here=$(dirname "$(realpath "$0")")
PATH=$PATH:/usr/sbin
programs=${PG_PROGRAMS:-$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)}
first=${PORTS:-15430}
[ ! -e "$folder/made" ] || first=$(cat "$folder/made")
etcd=$first peer=$((first + 1)) writes=$((first + 2)) reads=$((first + 3))
ports=($((first + 4)) $((first + 5)))
rests=($((first + 6)) $((first + 7)))
names=(one two)

need() {
  local missing=()
  command -v etcd >/dev/null || missing+=(etcd-server)
  command -v patroni >/dev/null || missing+=(patroni)
  command -v haproxy >/dev/null || missing+=(haproxy)
  command -v curl >/dev/null || missing+=(curl)
  [ -n "$programs" ] || missing+=(postgresql)
  [ ${#missing[@]} = 0 ] && return
  if [ "$(id -u)" != 0 ] || [ -n "${NO_INSTALL-}" ]; then
    echo "The cluster needs: sudo apt-get install ${missing[*]}" >&2
    exit 3
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  programs=${programs:-$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)}
}

# run NAME COMMAND …: in the background, on its own, with its number and what it says in the folder
run() {
  local name=$1 as=()
  shift
  [ "$(id -u)" = 0 ] && as=(setpriv --reuid=postgres --regid=postgres --clear-groups)
  setsid "${as[@]}" "$@" >>"$folder/$name.log" 2>&1 </dev/null &
  echo $! >"$folder/$name.pid"
}

either() { is "${rests[0]}" "$1" || is "${rests[1]}" "$1"; }

is() { curl -fsS -o /dev/null -m 2 -X OPTIONS "http://127.0.0.1:$1/$2" 2>/dev/null; }

until_true() {
  for _ in $(seq 240); do
    "$@" && return
    sleep 0.25
  done
  echo "not within a minute: $*; see $folder/*.log" >&2
  exit 1
}

patroni_of() { run "patroni-${names[$1]}" patroni "$folder/${names[$1]}/patroni.yml"; }

fill() {
  sed -e "s|@NAME@|${names[$1]}|; s|@FOLDER@|$folder/${names[$1]}|; s|@PROGRAMS@|$programs|" \
    -e "s|@REST@|${rests[$1]}|; s|@PORT@|${ports[$1]}|; s|@ETCD@|$etcd|; s|@PASSWORD@|$password|"
}

make() {
  password=$(od -An -N18 -tx1 /dev/urandom | tr -d ' \n')
  (umask 077 && echo "$password" >"$folder/password")
  for n in 0 1; do
    mkdir -m 0700 "$folder/${names[$n]}"
    (umask 077 && fill $n <"$here/patroni.yml" >"$folder/${names[$n]}/patroni.yml")
  done
  sed -e "s|@WRITES@|$writes|; s|@READS@|$reads|; s|@PORT1@|${ports[0]}|; s|@PORT2@|${ports[1]}|" \
    -e "s|@REST1@|${rests[0]}|; s|@REST2@|${rests[1]}|" "$here/haproxy.cfg" >"$folder/haproxy.cfg"
  echo "$first" >"$folder/made"
  [ "$(id -u)" != 0 ] || { chown -R postgres:postgres "$folder" && chmod 0755 "$folder"; }
}

start() {
  local is_new=
  need
  [ ! -e "$folder/running" ] || { echo "$folder is in use: stop it first" >&2; exit 1; }
  mkdir -p "$folder"
  [ -e "$folder/made" ] || is_new=1
  [ -z "$is_new" ] || [ -z "$(ls -A "$folder")" ] || { echo "$folder is not empty" >&2; exit 1; }
  [ -z "$is_new" ] || make
  password=$(cat "$folder/password")
  touch "$folder/running"
  run etcd etcd --name one --data-dir "$folder/etcd" --logger zap --log-level warn \
    --listen-client-urls "http://127.0.0.1:$etcd" --advertise-client-urls "http://127.0.0.1:$etcd" \
    --listen-peer-urls "http://127.0.0.1:$peer" --initial-advertise-peer-urls "http://127.0.0.1:$peer" \
    --initial-cluster "one=http://127.0.0.1:$peer"
  until_true curl -fsS -o /dev/null "http://127.0.0.1:$etcd/health" 2>/dev/null
  patroni_of 0
  [ -z "$is_new" ] || until_true is "${rests[0]}" primary  # the other one is its copy
  patroni_of 1
  until_true either synchronous
  run haproxy haproxy -db -f "$folder/haproxy.cfg"
  until_true through "$writes" f
  until_true through "$reads" t
  echo "DATABASE_URL=postgresql://postgres:$password@127.0.0.1:$writes/postgres"
  echo "DATABASE_READ_URL=postgresql://postgres:$password@127.0.0.1:$reads/postgres"
}

# through PORT t|f: whoever answers there follows (t), or takes changes (f)
through() {
  [ "$(PGPASSWORD=$(cat "$folder/password") PGCONNECT_TIMEOUT=2 \
    psql -qtA -h 127.0.0.1 -p "$1" -U postgres -c 'SELECT pg_is_in_recovery()' 2>/dev/null)" = "$2" ]
}

primary() {
  for n in 0 1; do is "${rests[$n]}" primary && echo $n && return; done
  echo "there is no primary" >&2
  exit 1
}

kill_primary() {
  local n main
  n=$(primary)
  main=$(head -n 1 "$folder/${names[$n]}/data/postmaster.pid")
  # shellcheck disable=SC2046
  kill -9 "$(cat "$folder/patroni-${names[$n]}.pid")" "$main" $(cat "/proc/$main/task/$main/children")
  echo "$n" >"$folder/killed"
  echo "killed: ${names[$n]}"
}

revive() {
  local n
  n=$(cat "$folder/killed")
  patroni_of "$n"
  until_true is "${rests[$n]}" replica
  echo "${names[$n]} follows"
}

ended() { ! kill -0 "$1" 2>/dev/null; }

stop() {
  for name in haproxy patroni-two patroni-one etcd; do
    [ -e "$folder/$name.pid" ] || continue
    pid=$(cat "$folder/$name.pid")
    kill "$pid" 2>/dev/null || continue
    until_true ended "$pid"
  done
  rm -f "$folder/running"
}

case $act in
  start) start ;;
  kill) kill_primary ;;
  revive) revive ;;
  status) patronictl -c "$folder/one/patroni.yml" list ;;
  stop) stop ;;
  *) echo "start, kill, revive, status or stop" >&2; exit 2 ;;
esac
