-- name:    008_waiver
-- what:    One row a waiver given with a sign-off: the findings it is about (CODE[:UNIT[:INDICATOR]]), how many they
--          were, why, by whom, when. It stands and falls with the sign-off of that moment. Append-only.
-- params:
-- returns: nothing
create table waiver (
    cycle varchar not null,
    week_start date not null,
    finding varchar not null,
    findings bigint not null,
    reason varchar not null,
    waived_by varchar not null,
    waived_at timestamp not null
)
