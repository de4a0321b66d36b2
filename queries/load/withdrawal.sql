-- name:    withdrawal
-- what:    What taking a batch back does: each cell on which it has the last word, and what the newest other batch that
--          stands says of it (no figure: none does, or that one took it back).
-- params:  batch_id VARCHAR
-- returns: nothing
create or replace temp table changed as
with touched as (
    select unit, indicator, period_start
    from observation
    where batch_id = $batch_id
    union
    select unit, indicator, period_start
    from emptied
    where batch_id = $batch_id
),
said as (
    select unit, indicator, period_start, recorded_at, superseded_at, value, numerator, denominator, batch_id
    from observation
    semi join touched using (unit, indicator, period_start)
    union all
    select unit, indicator, period_start, recorded_at, null, null, null, null, batch_id
    from emptied
    semi join touched using (unit, indicator, period_start)
),
moments as (
    select
        unit,
        indicator,
        period_start,
        max(greatest(recorded_at, superseded_at)) as last_moment,
        count(*) filter (where batch_id = $batch_id and superseded_at is null and (value is not null or denominator is not null)) > 0
            as restates
    from said
    group by unit, indicator, period_start
),
standing as (
    select
        said.*,
        row_number() over (
            partition by said.unit, said.indicator, said.period_start
            order by said.recorded_at desc
        ) as place
    from said
    inner join batch on batch.batch_id = said.batch_id
    where batch.withdrawn_at is null
),
before as (
    select *
    from standing
    where batch_id <> $batch_id
    qualify row_number() over (partition by unit, indicator, period_start order by recorded_at desc) = 1
)
select
    null::bigint as line,  -- of no file
    last_word.unit,
    last_word.indicator,
    last_word.period_start,
    before.value,
    before.numerator,
    before.denominator,
    before.batch_id as from_batch,
    moments.restates,
    moments.last_moment
from standing as last_word
inner join moments using (unit, indicator, period_start)
left join before using (unit, indicator, period_start)
where last_word.place = 1
    and last_word.batch_id = $batch_id
    and (moments.restates or before.value is not null or before.denominator is not null)
