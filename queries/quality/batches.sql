-- name:    batches
-- what:    The batches known at a moment, newest first.
-- params:  known_at TIMESTAMP
-- returns: batch_id VARCHAR, recorded_at TIMESTAMP, source VARCHAR, sha256 VARCHAR, rows BIGINT, withdrawn BOOLEAN
select
    batch_id,
    recorded_at,
    source,
    sha256,
    rows,
    coalesce(withdrawn_at <= $known_at, false) as withdrawn
from batch
where recorded_at <= $known_at
order by recorded_at desc, batch_id desc
