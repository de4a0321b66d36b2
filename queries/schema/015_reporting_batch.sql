-- name:    015_reporting_batch
-- what:    Every load that was taken, withdrawn ones included.
-- params:
-- returns: nothing
create view reporting.batch as
select
    batch_id,
    recorded_at,
    source,
    sha256,
    rows,
    set_aside,
    loaded_by,
    withdrawn_at
from main.batch
