-- name:    mark_withdrawn
-- what:    Records that a batch was taken back.
-- params:  batch_id VARCHAR, withdrawn_at TIMESTAMP
-- returns: nothing
update batch
set withdrawn_at = $withdrawn_at
where batch_id = $batch_id
