-- name:    002_observation
-- what:    One row a figure as it was known from recorded_at until superseded_at (null: still). Append-only: an
--          old figure is closed, never changed. No primary key: duplicates are refused before they come here.
-- params:
-- returns: nothing
create table observation (
    unit varchar not null,
    indicator varchar not null,
    period_start date not null,
    value double,
    numerator double,
    denominator double,
    batch_id varchar not null,
    recorded_at timestamp not null,
    superseded_at timestamp
)
