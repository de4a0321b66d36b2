-- name:    001_batch
-- what:    One row a load that was taken: what came, when it was recorded, by whom. Never deleted.
-- params:
-- returns: nothing
create table batch (
    batch_id varchar primary key,
    recorded_at timestamp not null,
    source varchar not null,
    sha256 varchar not null,
    rows bigint not null,
    loaded_by varchar not null,
    withdrawn_at timestamp
)
