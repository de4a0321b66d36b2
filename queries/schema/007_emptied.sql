-- name:    007_emptied
-- what:    One row a figure that a load took back without giving another: withdrawing that load puts it back.
-- params:
-- returns: nothing
create table emptied (
    unit varchar not null,
    indicator varchar not null,
    period_start date not null,
    batch_id varchar not null,
    recorded_at timestamp not null
)
