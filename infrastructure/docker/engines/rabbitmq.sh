#!/bin/sh
# Fills the passwords into the definitions, then does what it is asked to do. Each program's user may touch what it
# declares itself, and no more. The policy lifts RabbitMQ 4's limit of 20 deliveries, after which a dead letter that the
# ESB can't put away, because its database is down, would be thrown away.
set -eu
umask 077
eval "cat <<DEFINITIONS
$(cat /opt/engines/rabbitmq.json.template)
DEFINITIONS" > "${DEFINITIONS_FOLDER:-/tmp}/definitions.json"
# What the nodes of a cluster know each other by; one that is alone makes its own. Kubernetes may open it to the volume's
# group, and Erlang then refuses it.
cookie="$HOME/.erlang.cookie"
if [ -n "${BROKER_COOKIE:-}" ]; then
  rm -f "$cookie"
  printf %s "$BROKER_COOKIE" > "$cookie"
elif [ -f "$cookie" ]; then
  chmod 400 "$cookie"
fi
exec "$@"
