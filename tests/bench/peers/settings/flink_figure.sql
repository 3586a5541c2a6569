-- Records of the log by type and month of the fact, kept in a table of PostgreSQL.
SET 'parallelism.default' = '2';
SET 'execution.checkpointing.interval' = '1 s';
SET 'restart-strategy.type' = 'none';
SET 'table.exec.mini-batch.enabled' = 'true';
SET 'table.exec.mini-batch.allow-latency' = '100 ms';
SET 'table.exec.mini-batch.size' = '5000';
SET 'table.optimizer.agg-phase-strategy' = 'TWO_PHASE';

CREATE TABLE log (`type` STRING, `time` STRING) WITH (
    'connector' = 'kafka',
    'topic' = '$topics',
    $kafka
    'scan.startup.mode' = 'earliest-offset',
    'format' = 'json'
);

CREATE TABLE figure (`type` STRING, `month` STRING, records BIGINT, PRIMARY KEY (`type`, `month`) NOT ENFORCED) WITH (
    'connector' = 'jdbc',
    'table-name' = 'figure',
    $postgres
    'sink.buffer-flush.max-rows' = '1000',
    'sink.buffer-flush.interval' = '100 ms'
);

INSERT INTO figure
SELECT `type`, SUBSTRING(`time`, 1, 7), COUNT(*) FROM log GROUP BY `type`, SUBSTRING(`time`, 1, 7);
