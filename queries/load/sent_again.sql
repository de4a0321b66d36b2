-- name:    sent_again
-- what:    The first cell of which the store holds something else than a file that was loaded before says, how many
--          there are, and the batch that changed it (null: nothing does any more). Cells that a file named beside it
--          has changed are not among them, nor empty cells but those with which the batch took a figure back.
-- params:  of_batch VARCHAR
-- returns: line BIGINT, unit VARCHAR, indicator VARCHAR, period_start DATE, value DOUBLE, numerator DOUBLE,
--          denominator DOUBLE, held DOUBLE, held_of DOUBLE, batch_id VARCHAR, cells BIGINT
with last_emptied as (
    select
        unit,
        indicator,
        period_start,
        max_by(batch_id, recorded_at) as batch_id
    from emptied
    group by unit, indicator, period_start
)
select
    changed.line,
    changed.unit,
    changed.indicator,
    changed.period_start,
    changed.value,
    changed.numerator,
    changed.denominator,
    held.value as held,
    held.denominator as held_of,
    batch.batch_id,
    count(*) over () as cells
from changed
left join observation as held
    on held.unit = changed.unit
    and held.indicator = changed.indicator
    and held.period_start = changed.period_start
    and held.superseded_at is null
left join last_emptied
    on last_emptied.unit = changed.unit
    and last_emptied.indicator = changed.indicator
    and last_emptied.period_start = changed.period_start
left join batch on batch.batch_id = coalesce(held.batch_id, last_emptied.batch_id)
left join emptied
    on emptied.unit = changed.unit
    and emptied.indicator = changed.indicator
    and emptied.period_start = changed.period_start
    and emptied.batch_id = $of_batch
where (batch.sha256 is null or batch.sha256 not in (select sha256 from named_file))
    and (changed.value is not null or changed.denominator is not null or emptied.unit is not null)
order by changed.line, changed.unit, changed.indicator, changed.period_start
limit 1
