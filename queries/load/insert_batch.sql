-- name:    insert_batch
-- what:    Records that a load was taken.
-- params:  batch_id VARCHAR, recorded_at TIMESTAMP, source VARCHAR, sha256 VARCHAR, rows BIGINT, loaded_by VARCHAR,
--          set_aside BIGINT
-- returns: nothing
insert into batch (batch_id, recorded_at, source, sha256, rows, loaded_by, set_aside)
values ($batch_id, $recorded_at, $source, $sha256, $rows, $loaded_by, $set_aside)
