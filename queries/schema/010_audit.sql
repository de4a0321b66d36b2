-- name:    010_audit
-- what:    One row a record that an audit drew, and what was found: right, wrong, not_found or not_looked_at. `unit_drawn`
--          is null where records of every unit were drawn. Append-only: an audit recorded again is a newer one.
-- params:
-- returns: nothing
create table audit (
    audit_id varchar not null,
    indicator varchar not null,
    period_start date not null,
    unit_drawn varchar,
    seed varchar not null,
    known_at timestamp not null,
    population bigint not null,
    unit varchar not null,
    record bigint not null,
    of_records bigint not null,
    outcome varchar not null,
    comment varchar not null,
    recorded_at timestamp not null,
    recorded_by varchar not null,
    source varchar not null,
    sha256 varchar not null
)
