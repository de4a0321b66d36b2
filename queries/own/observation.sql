-- name:    observation
-- what:    The figures as known at the week's moment, one row a unit, indicator and period.
-- params:
-- returns: nothing
create table reporting.observation as
select
    cell_text.unit::varchar as unit,
    cell_text.indicator::varchar as indicator,
    figure_in.period_start::date as period_start,
    figure_in.value,
    figure_in.numerator,
    figure_in.denominator,
    figure_in.recorded_at::timestamp as recorded_at
from figure_in
inner join cell_text on cell_text.cell = figure_in.cell
