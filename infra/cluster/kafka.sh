#!/bin/sh
# Run one broker. Its configuration and keys come as files from the step `keys`; its storage is formatted once.
set -eu
configuration=/run/kafka/server.properties
if [ "${1:-run}" = healthy ]; then
    exec python3 -c 'import socket; socket.create_connection(("127.0.0.1", 9094), 2).close()'
fi
until [ -s "$configuration" ]; do sleep 1; done
quiet="-Djava.awt.headless=true -XX:+ExitOnOutOfMemoryError -XX:-CreateCoredumpOnCrash
    -Djava.io.tmpdir=/tmp -Dorg.slf4j.simpleLogger.showDateTime=true
    -Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX
    -Dorg.slf4j.simpleLogger.defaultLogLevel=warn
    -Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info
    -Dorg.slf4j.simpleLogger.log.kafka.authorizer.logger=info"
if [ ! -s /var/lib/kafka/data/meta.properties ]; then
    java $quiet -Xmx256m -cp "/opt/kafka/*" kafka.tools.StorageTool format --ignore-formatted \
        --cluster-id "$(cat /run/kafka/cluster.id)" --config "$configuration" >/dev/null
fi
# With the first compiler alone a broker starts for a fraction of the processor time, which others need just then.
exec java $quiet -XX:TieredStopAtLevel=1 "-Xmx${ATIPS_HEAP:-768m}" -cp "/opt/kafka/*" kafka.Kafka "$configuration"
