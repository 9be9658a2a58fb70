#!/usr/bin/env bash
# Grants a service's user what acls.txt says, by Kafka's own kafka-acls.
set -euo pipefail

usage() {
  cat >&2 <<'TEXT'
usage: acls.sh [--print] [--remove] [--principal NAME] watcher|compiler|agent [NODE] [-- OPTION...]

  NODE             the agent's node, as its topics have it
  --principal      the user, as the brokers' authorizer names it, without "User:";
                   portcullis-watcher, portcullis-compiler and portcullis-agent-NODE unless given
  --remove         takes the grants away again
  --print          says the commands and does nothing
  OPTION...        for kafka-acls: --bootstrap-server HOST:PORT --command-config FILE
  KAFKA_ACLS       the program, kafka-acls.sh unless set
TEXT
  exit 2
}

action=--add principal='' print=no
while [[ ${1:-} == --* ]]; do
  case $1 in
    --print) print=yes ;;
    --remove) action=--remove ;;
    --principal) principal=${2:?"--principal: no name"}; shift ;;
    *) usage ;;
  esac
  shift
done
service=${1:-} node=''
case $service in
  watcher | compiler) shift ;;
  agent) node=${2:-}; [ -n "$node" ] && [ "$node" != -- ] || usage; shift 2 ;;
  *) usage ;;
esac
[ $# -eq 0 ] || { [ "$1" = -- ] || usage; shift; }
principal=${principal:-portcullis-$service${node:+-$node}}
list=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/acls.txt

while read -r of resource pattern name operations; do
  [ "$of" = "$service" ] || continue
  command=("${KAFKA_ACLS:-kafka-acls.sh}" "$@" "$action" --allow-principal "User:$principal"
    "--$resource" "${name/NODE/$node}" --resource-pattern-type "$pattern")
  [ "$action" = --add ] || command+=(--force)
  for operation in $operations; do command+=(--operation "$operation"); done
  if [ "$print" = yes ]; then
    printf '%q ' "${command[@]}"
    echo
  else
    "${command[@]}" </dev/null
  fi
done <"$list"
