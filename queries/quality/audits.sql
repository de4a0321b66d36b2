-- name:    audits
-- what:    The audits recorded by a moment with their counts, newest first; of one drawn alike and recorded again the
--          newest only.
-- params:  as_of TIMESTAMP
-- returns: audit VARCHAR, indicator VARCHAR, period_start DATE, unit VARCHAR, seed VARCHAR, known_at TIMESTAMP,
--          population BIGINT, drawn BIGINT, looked_at BIGINT, wrong BIGINT, not_found BIGINT, recorded_at TIMESTAMP,
--          recorded_by VARCHAR, source VARCHAR
with counted as (
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
    where recorded_at <= $as_of
    group by all
)
select
    audit,
    indicator,
    period_start,
    unit,
    seed,
    known_at,
    population,
    drawn,
    looked_at,
    wrong,
    not_found,
    recorded_at,
    recorded_by,
    source
from counted
qualify row_number() over (
    partition by indicator, period_start, unit, seed, known_at, drawn
    order by recorded_at desc, audit desc
) = 1
order by recorded_at desc, audit desc
