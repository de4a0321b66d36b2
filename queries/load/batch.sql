-- name:    batch
-- what:    One batch.
-- params:  batch_id VARCHAR
-- returns: batch_id VARCHAR, recorded_at TIMESTAMP, source VARCHAR, rows BIGINT, withdrawn_at TIMESTAMP
select batch_id, recorded_at, source, rows, withdrawn_at
from batch
where batch_id = $batch_id
