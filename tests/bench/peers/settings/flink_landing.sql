-- Every record of the log as it is, kept once in a table of PostgreSQL, whatever is read again after a crash.
SET 'parallelism.default' = '2';
SET 'execution.checkpointing.interval' = '1 s';
SET 'restart-strategy.type' = 'none';

CREATE TABLE log (
    topic STRING METADATA VIRTUAL,
    part INT METADATA FROM 'partition' VIRTUAL,
    off BIGINT METADATA FROM 'offset' VIRTUAL,
    payload BYTES
) WITH (
    'connector' = 'kafka',
    'topic' = '$topics',
    $kafka
    'scan.startup.mode' = 'earliest-offset',
    'format' = 'raw'
);

CREATE TABLE landed (
    __connect_topic STRING,
    __connect_partition INT,
    __connect_offset BIGINT,
    payload BYTES,
    PRIMARY KEY (__connect_topic, __connect_partition, __connect_offset) NOT ENFORCED
) WITH (
    'connector' = 'jdbc',
    'table-name' = 'landed',
    $postgres
    'sink.buffer-flush.max-rows' = '5000',
    'sink.buffer-flush.interval' = '1 s'
);

INSERT INTO landed SELECT topic, part, off, payload FROM log;
