-- name:    problem_value
-- what:    Negative figures where the indicator forbids them, figures that are no finite number, ratios without
--          their parts.
-- params:
-- returns: line BIGINT, code VARCHAR, indicator VARCHAR, found VARCHAR
select
    stage.line,
    case
        when not isfinite(coalesce(stage.value, 0)) or not isfinite(coalesce(stage.numerator, 0))
            or not isfinite(coalesce(stage.denominator, 0)) then 'not-a-number'
        when known_indicator.is_ratio and (stage.numerator is null or stage.denominator is null) then 'ratio-without-parts'
        else 'negative-value'
    end as code,
    stage.indicator,
    concat_ws(', ', stage.value::varchar, stage.numerator::varchar, stage.denominator::varchar) as found
from stage
inner join known_indicator on known_indicator.indicator = stage.indicator
where (known_indicator.non_negative and (stage.value < 0 or stage.numerator < 0 or stage.denominator < 0))
    or not isfinite(coalesce(stage.value, 0))
    or not isfinite(coalesce(stage.numerator, 0))
    or not isfinite(coalesce(stage.denominator, 0))
    or (
        known_indicator.is_ratio
        and (stage.numerator is null or stage.denominator is null)
        and (stage.value is not null or stage.numerator is not null or stage.denominator is not null)
    )
order by all
