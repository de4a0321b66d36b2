-- name:    problem_value
-- what:    Figures that are no finite number or negative where the indicator forbids it; ratios without their parts
--          or with nothing to divide by, or with a value more than `most_off` away from what the parts give (`gives`); and parts
--          without a figure where the indicator is no ratio.
-- params:  most BIGINT, most_off DOUBLE
-- returns: line BIGINT, code VARCHAR, indicator VARCHAR, value DOUBLE, numerator DOUBLE, denominator DOUBLE,
--          gives DOUBLE
with judged as (
    select
        stage.line,
        stage.indicator,
        stage.value,
        stage.numerator,
        stage.denominator,
        stage.numerator / nullif(stage.denominator, 0) * known_indicator.scale as gives,
        case
            when not isfinite(coalesce(stage.value, 0))
                or not isfinite(coalesce(stage.numerator, 0))
                or not isfinite(coalesce(stage.denominator, 0)) then 'not-a-number'
            when stage.value is null and stage.numerator is null and stage.denominator is null then null
            when known_indicator.is_ratio and (stage.numerator is null or stage.denominator is null)
                then 'ratio-without-parts'
            when not known_indicator.is_ratio and stage.value is null then 'parts-without-value'
            when known_indicator.is_ratio and stage.denominator = 0
                and (stage.numerator <> 0 or stage.value is not null) then 'ratio-of-nothing'
            when known_indicator.non_negative and (stage.value < 0 or stage.numerator < 0) then 'negative-value'
            when (known_indicator.is_ratio or known_indicator.non_negative) and stage.denominator < 0
                then 'negative-value'
            when known_indicator.is_ratio and abs(stage.value - gives) > $most_off then 'value-unlike-parts'
        end as code
    from stage
    inner join known_indicator on known_indicator.indicator = stage.indicator
)
select line, code, indicator, value, numerator, denominator, gives
from judged
where code is not null
order by all
limit $most
