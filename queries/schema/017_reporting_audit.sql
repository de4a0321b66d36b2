-- name:    017_reporting_audit
-- what:    Every record that an audit looked at, and what was found.
-- params:
-- returns: nothing
create view reporting.audit as
select
    audit_id,
    indicator,
    period_start,
    unit,
    record,
    of_records,
    outcome,
    comment,
    seed,
    known_at,
    population,
    recorded_at,
    recorded_by,
    source
from main.audit
