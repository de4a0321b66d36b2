-- name:    closed_since
-- what:    How many figures were replaced or taken back by batches that came after this one, or by itself with an empty
--          cell: where none was, the store holds what the batch's file says.
-- params:  batch_id VARCHAR
-- returns: rows BIGINT
select
    (select count(*) from emptied where batch_id = $batch_id)
    + (
        select count(*)
        from observation
        where superseded_at in (
            select recorded_at
            from batch
            where (length(batch_id), batch_id) > (length($batch_id), $batch_id)
        )
    ) as rows
