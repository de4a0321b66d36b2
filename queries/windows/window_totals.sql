-- name:    window_totals
-- what:    One row a unit and indicator: what was returned in each window, as known at a moment. For a ratio `amount`
--          and `volume` are the sums of numerator and denominator, else of value and of 1. Totals are of what is
--          present; a window that lacks a return is for the reader of `present` to withhold. `span` holds the
--          windows' days, one row a cadence; `scope` the units and indicators wanted.
-- params:  known_at TIMESTAMP, first DATE, last DATE
-- returns: unit VARCHAR, indicator VARCHAR,
--          week_amount DOUBLE, week_volume DOUBLE, week_present BIGINT, week_year_ago_amount DOUBLE,
--          week_year_ago_volume DOUBLE, week_year_ago_present BIGINT, four_weeks_amount DOUBLE,
--          four_weeks_volume DOUBLE, four_weeks_present BIGINT, four_weeks_year_ago_amount DOUBLE,
--          four_weeks_year_ago_volume DOUBLE, four_weeks_year_ago_present BIGINT, year_to_date_amount DOUBLE,
--          year_to_date_volume DOUBLE, year_to_date_present BIGINT, year_to_date_year_ago_amount DOUBLE,
--          year_to_date_year_ago_volume DOUBLE, year_to_date_year_ago_present BIGINT, rolling_year_amount
--          DOUBLE, rolling_year_volume DOUBLE, rolling_year_present BIGINT, rolling_year_year_ago_amount
--          DOUBLE, rolling_year_year_ago_volume DOUBLE, rolling_year_year_ago_present BIGINT
with figure as (
    select
        observation.unit,
        observation.indicator,
        observation.period_start,
        scope.cadence,
        case when scope.is_ratio then observation.numerator else observation.value end as amount,
        case when scope.is_ratio then observation.denominator else 1.0 end as volume
    from observation
    inner join scope on scope.unit = observation.unit and scope.indicator = observation.indicator
    where observation.recorded_at <= $known_at
        and (observation.superseded_at is null or observation.superseded_at > $known_at)
        and observation.period_start between $first and $last
)
select
    figure.unit,
    figure.indicator,
    sum(case when figure.period_start between span.week_first and span.week_last then figure.amount end) as week_amount,
    sum(case when figure.period_start between span.week_first and span.week_last then figure.volume end) as week_volume,
    count(case when figure.period_start between span.week_first and span.week_last then 1 end) as week_present,
    sum(case when figure.period_start between span.week_year_ago_first and span.week_year_ago_last then figure.amount end) as week_year_ago_amount,
    sum(case when figure.period_start between span.week_year_ago_first and span.week_year_ago_last then figure.volume end) as week_year_ago_volume,
    count(case when figure.period_start between span.week_year_ago_first and span.week_year_ago_last then 1 end) as week_year_ago_present,
    sum(case when figure.period_start between span.four_weeks_first and span.four_weeks_last then figure.amount end) as four_weeks_amount,
    sum(case when figure.period_start between span.four_weeks_first and span.four_weeks_last then figure.volume end) as four_weeks_volume,
    count(case when figure.period_start between span.four_weeks_first and span.four_weeks_last then 1 end) as four_weeks_present,
    sum(case when figure.period_start between span.four_weeks_year_ago_first and span.four_weeks_year_ago_last then figure.amount end) as four_weeks_year_ago_amount,
    sum(case when figure.period_start between span.four_weeks_year_ago_first and span.four_weeks_year_ago_last then figure.volume end) as four_weeks_year_ago_volume,
    count(case when figure.period_start between span.four_weeks_year_ago_first and span.four_weeks_year_ago_last then 1 end) as four_weeks_year_ago_present,
    sum(case when figure.period_start between span.year_to_date_first and span.year_to_date_last then figure.amount end) as year_to_date_amount,
    sum(case when figure.period_start between span.year_to_date_first and span.year_to_date_last then figure.volume end) as year_to_date_volume,
    count(case when figure.period_start between span.year_to_date_first and span.year_to_date_last then 1 end) as year_to_date_present,
    sum(case when figure.period_start between span.year_to_date_year_ago_first and span.year_to_date_year_ago_last then figure.amount end) as year_to_date_year_ago_amount,
    sum(case when figure.period_start between span.year_to_date_year_ago_first and span.year_to_date_year_ago_last then figure.volume end) as year_to_date_year_ago_volume,
    count(case when figure.period_start between span.year_to_date_year_ago_first and span.year_to_date_year_ago_last then 1 end) as year_to_date_year_ago_present,
    sum(case when figure.period_start between span.rolling_year_first and span.rolling_year_last then figure.amount end) as rolling_year_amount,
    sum(case when figure.period_start between span.rolling_year_first and span.rolling_year_last then figure.volume end) as rolling_year_volume,
    count(case when figure.period_start between span.rolling_year_first and span.rolling_year_last then 1 end) as rolling_year_present,
    sum(case when figure.period_start between span.rolling_year_year_ago_first and span.rolling_year_year_ago_last then figure.amount end) as rolling_year_year_ago_amount,
    sum(case when figure.period_start between span.rolling_year_year_ago_first and span.rolling_year_year_ago_last then figure.volume end) as rolling_year_year_ago_volume,
    count(case when figure.period_start between span.rolling_year_year_ago_first and span.rolling_year_year_ago_last then 1 end) as rolling_year_year_ago_present
from figure
inner join span on span.cadence = figure.cadence
group by figure.unit, figure.indicator
order by figure.unit, figure.indicator
