-- name:    batch
-- what:    One batch. Only the record of a withdrawal has no file and so no hash.
-- params:  batch_id VARCHAR
-- returns: source VARCHAR, recorded_at TIMESTAMP, withdrawn_at TIMESTAMP, of_file BOOLEAN
select
    source,
    recorded_at,
    withdrawn_at,
    sha256 <> '' as of_file
from batch
where batch_id = $batch_id
