-- name:    is_empty
-- what:    Whether the store holds nothing and never did.
-- params:
-- returns: is_empty BOOLEAN
select
    (select count(*) from observation) = 0
    and (select count(*) from batch) = 0 as is_empty
