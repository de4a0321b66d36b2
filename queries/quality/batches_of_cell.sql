-- name:    batches_of_cell
-- what:    The batches that the figures of one unit and indicator came from, as known at a moment, newest first.
-- params:  unit VARCHAR, indicator VARCHAR, known_at TIMESTAMP
-- returns: batch_id VARCHAR, recorded_at TIMESTAMP, source VARCHAR, figures BIGINT
select
    batch.batch_id,
    batch.recorded_at,
    batch.source,
    count(*) as figures
from observation
inner join batch on batch.batch_id = observation.batch_id
where observation.unit = $unit
    and observation.indicator = $indicator
    and observation.recorded_at <= $known_at
    and (observation.superseded_at is null or observation.superseded_at > $known_at)
group by batch.batch_id, batch.recorded_at, batch.source
order by batch.recorded_at desc, batch.batch_id desc
