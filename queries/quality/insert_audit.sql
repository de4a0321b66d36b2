-- name:    insert_audit
-- what:    Records what was found of every record that an audit drew.
-- params:  audit_id VARCHAR, indicator VARCHAR, period_start DATE, unit_drawn VARCHAR, seed VARCHAR, known_at TIMESTAMP,
--          population BIGINT, recorded_at TIMESTAMP, recorded_by VARCHAR, source VARCHAR, sha256 VARCHAR
-- returns: nothing
insert into audit
select
    $audit_id,
    $indicator,
    $period_start,
    $unit_drawn,
    $seed,
    $known_at,
    $population,
    unit::varchar,
    record::bigint,
    of_records::bigint,
    outcome::varchar,
    comment::varchar,
    $recorded_at,
    $recorded_by,
    $source,
    $sha256
from audited_record
