#!/bin/sh
# Writes the key by which the members know each other, which must be a file that nobody else can read, and starts mongod.
set -eu
umask 077
# Anew, since Kubernetes may have opened the one that is there to the volume's group.
rm -f /tmp/key
printf %s "$MEMBERS_KEY" > /tmp/key
exec docker-entrypoint.sh mongod --replSet rs0 --keyFile /tmp/key --bind_ip_all --wiredTigerCacheSizeGB 0.5
