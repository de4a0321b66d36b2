-- name:    withdrawal
-- what:    What taking a batch back does: each cell on which it has the last word, and what the newest other batch that
--          stands says of it (no figure: none does, or that one took it back).
-- params:  batch_id VARCHAR
-- returns: nothing
create or replace temp table changed as
with last_word as (
    select
        unit,
        indicator,
        period_start,
        recorded_at as last_moment,
        true as restates
    from observation
    where batch_id = $batch_id and superseded_at is null
    union all
    select
        emptied.unit,
        emptied.indicator,
        emptied.period_start,
        emptied.recorded_at,
        false
    from emptied
    anti join observation as later
        on later.unit = emptied.unit
        and later.indicator = emptied.indicator
        and later.period_start = emptied.period_start
        and later.recorded_at > emptied.recorded_at
    where emptied.batch_id = $batch_id
),
said as (
    select unit, indicator, period_start, recorded_at, value, numerator, denominator, batch_id
    from observation
    union all
    select unit, indicator, period_start, recorded_at, null, null, null, batch_id
    from emptied
),
before as (
    select said.*
    from said
    semi join last_word
        on last_word.unit = said.unit
        and last_word.indicator = said.indicator
        and last_word.period_start = said.period_start
    inner join batch on batch.batch_id = said.batch_id
    where batch.withdrawn_at is null and batch.batch_id <> $batch_id
    qualify row_number() over (
        partition by said.unit, said.indicator, said.period_start
        order by said.recorded_at desc
    ) = 1
)
select
    last_word.unit,
    last_word.indicator,
    last_word.period_start,
    before.value,
    before.numerator,
    before.denominator,
    before.batch_id as from_batch,
    last_word.restates,
    last_word.last_moment
from last_word
left join before
    on before.unit = last_word.unit
    and before.indicator = last_word.indicator
    and before.period_start = last_word.period_start
where last_word.restates or before.value is not null or before.denominator is not null
