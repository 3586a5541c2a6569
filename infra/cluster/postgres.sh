#!/bin/sh
# Run one database of a pair.
#   run      start as primary or standby, as the data folder says; at first node 1 makes the database, node 2 copies it
#   healthy  exit code 0 when the database answers
#   promote  make this standby the primary. The other one must be stopped. It then acknowledges alone (see protect).
#   protect  let each commit wait for both databases again, once the other one follows
#   role     print primary or standby
# ATIPS_NODE is 1 or 2.
set -eu
keys=/run/postgres
data=/var/lib/atips/data
me="postgres_$ATIPS_NODE"
other="postgres-$((3 - ATIPS_NODE))"
options="-c config_file=/etc/atips/postgresql.conf -c cluster_name=$me"

here() { PGPASSWORD="$(cat $keys/superuser.password)" psql -h /tmp -U postgres -d postgres -qAtX -v ON_ERROR_STOP=1 -c "$1"; }
there() {
    PGPASSWORD="$(cat $keys/superuser.password)" psql -qAtX -c "$1" \
        "host=$other user=postgres dbname=postgres sslmode=verify-full sslrootcert=/run/authority/ca.crt connect_timeout=3"
}
say() { echo "database $ATIPS_NODE: $*" >&2; }

# Make a new database, and the login with which the other one copies it.
begin() {
    say "making a new database"
    rm -rf "$data.new"
    initdb --pgdata="$data.new" --username=postgres --pwfile=$keys/superuser.password --auth=scram-sha-256 \
        --encoding=UTF8 --locale=C --data-checksums >/dev/null
    pg_ctl -D "$data.new" -w -o "$options -c listen_addresses='' -c synchronous_standby_names=''" -l /dev/null start >/dev/null
    here "CREATE ROLE replicator REPLICATION LOGIN PASSWORD '$(cat $keys/replicator.password)'"
    pg_ctl -D "$data.new" -w -m fast stop >/dev/null
    mv "$data.new" "$data"
}

# Copy the primary. The copy replaces the present data folder only when it is complete.
follow() {
    say "copying $other"
    rm -rf "$data.new"
    PGPASSWORD="$(cat $keys/replicator.password)" pg_basebackup --pgdata="$data.new" --checkpoint=fast --wal-method=stream \
        --dbname="host=$other user=replicator sslmode=verify-full sslrootcert=/run/authority/ca.crt"
    cat >>"$data.new/postgresql.auto.conf" <<END
primary_conninfo = 'host=$other user=replicator password=$(cat $keys/replicator.password) sslmode=verify-full sslrootcert=/run/authority/ca.crt application_name=$me connect_timeout=3'
END
    touch "$data.new/standby.signal"
    rm -rf "$data"
    mv "$data.new" "$data"
}

timeline() { pg_controldata "$1" | sed -n "s/^Latest checkpoint's TimeLineID: *//p"; }
identity() { pg_controldata "$1" | sed -n 's/^Database system identifier: *//p'; }

# Decide whether this database starts as primary or standby. A former primary follows another that was promoted.
settle() {
    if [ ! -s "$data/PG_VERSION" ]; then
        if [ "$(there 'SELECT pg_is_in_recovery()' 2>/dev/null || true)" = f ]; then
            follow
        elif [ "$ATIPS_NODE" = 1 ]; then
            begin
        else
            return 1
        fi
    elif [ ! -e "$data/standby.signal" ]; then
        found="$(there "SELECT pg_is_in_recovery(), system_identifier, timeline_id FROM pg_control_system(), pg_control_checkpoint()" 2>/dev/null || true)"
        case "$found" in
        f\|*)
            if [ "${found%|*}" = "f|$(identity "$data")" ] && [ "${found##*|}" -gt "$(timeline "$data")" ]; then
                follow
            else
                say "$other is a primary too, and not promoted from this one: look at both before either runs"
                exit 1
            fi
            ;;
        esac
    fi
}

case "${1:-run}" in
run)
    until [ -s $keys/server.key ]; do sleep 1; done
    until settle; do sleep 1; done
    exec postgres -D "$data" $options
    ;;
healthy) exec pg_isready -q -h 127.0.0.1 -t 2 ;;
role) [ "$(here 'SELECT pg_is_in_recovery()')" = t ] && echo standby || echo primary ;;
promote)
    here "ALTER SYSTEM SET synchronous_standby_names = ''"
    here "SELECT pg_reload_conf()" >/dev/null
    here "SELECT pg_promote(true, 60)" >/dev/null
    # So that a database that comes back sees at once which one was promoted.
    here "CHECKPOINT"
    ;;
protect)
    here "ALTER SYSTEM RESET synchronous_standby_names"
    here "SELECT pg_reload_conf()" >/dev/null
    ;;
*)
    say "run | healthy | role | promote | protect"
    exit 2
    ;;
esac
