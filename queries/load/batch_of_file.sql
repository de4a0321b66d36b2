-- name:    batch_of_file
-- what:    The batch that took a file with this content, if one did and was not withdrawn.
-- params:  sha256 VARCHAR
-- returns: batch_id VARCHAR, recorded_at TIMESTAMP
select batch_id, recorded_at
from batch
where sha256 = $sha256 and withdrawn_at is null
order by recorded_at desc
