-- name:    batch_of_file
-- what:    The batch that took a file with this content as a whole, if one did and was not withdrawn.
-- params:  sha256 VARCHAR
-- returns: batch_id VARCHAR, recorded_at TIMESTAMP
select batch_id, recorded_at
from batch
where sha256 = $sha256
    and withdrawn_at is null
    and coalesce(set_aside, 0) = 0
order by recorded_at desc
limit 1
