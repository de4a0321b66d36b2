-- name:    audit
-- what:    One audit with its counts.
-- params:  audit VARCHAR
-- returns: audit VARCHAR, indicator VARCHAR, period_start DATE, unit VARCHAR, seed VARCHAR, known_at TIMESTAMP,
--          population BIGINT, drawn BIGINT, looked_at BIGINT, wrong BIGINT, not_found BIGINT, recorded_at TIMESTAMP,
--          recorded_by VARCHAR, source VARCHAR
select
    audit_id as audit,
    indicator,
    period_start,
    unit_drawn as unit,
    seed,
    known_at,
    population,
    count(*) as drawn,
    count(*) filter (where outcome <> 'not_looked_at') as looked_at,
    count(*) filter (where outcome = 'wrong') as wrong,
    count(*) filter (where outcome = 'not_found') as not_found,
    recorded_at,
    recorded_by,
    source
from audit
where audit_id = $audit
group by all
