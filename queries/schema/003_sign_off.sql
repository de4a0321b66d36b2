-- name:    003_sign_off
-- what:    One row a sign-off of a week's data: who found them fit, when, and the newest figures they had seen.
-- params:
-- returns: nothing
create table sign_off (
    cycle varchar not null,
    week_start date not null,
    signed_by varchar not null,
    signed_at timestamp not null,
    known_at timestamp not null,
    note varchar not null
)
