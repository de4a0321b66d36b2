-- name:    020_ladder_step
-- what:    One row a step of the ladder that a named person signed for a unit: which one, why, what was refused (for
--          removal), what the rule proposed then, who signed and who wrote it down, when. Append-only: the newest row
--          of a unit's ladder holds.
-- params:
-- returns: nothing
create table ladder_step (
    cycle varchar not null,
    ladder varchar not null,
    unit varchar not null,
    week_start date not null,
    step varchar not null,
    reason varchar not null,
    refused varchar not null,
    proposed varchar not null,
    signed_by varchar not null,
    entered_by varchar not null,
    signed_at timestamp not null
)
