"""SQL statements that read figures from the views that `officer` may select from."""

from typing import Final

STATUS: Final = "SELECT version, complete_to, withheld FROM reporting.figure_status"

EDITION_STATUS: Final = """
SELECT hash AS version, known_at AS complete_to, withheld FROM reporting.edition_status
WHERE hash = $1 AND known_at = $2
"""

# $1 to $9 have one element for each figure of each question: the question's index, the first and last day of its
# period, the figure's number, the dimensions that the breakdown needs (names, with commas), the dimension `over`, the
# reader. The last two are for a cohort: the dimensions of its cells, and those of them that are left out. All are
# arrays of text: for other types the driver first sends queries that the role `web` may not run. $10: the figures'
# numbers, with and without marks. $11: those of them whose cells have dimensions. The view adds up no other cells.
# $12: the numbers of cohorts; $13: those of their groups. $14, $15: the first and last day of all periods together.
# Cells that none of them uses are left out before any are added up. A mark after a figure's number is a kind of cells:
# "?" not counted by anybody, "~" possibly counted twice, "+" under way, "@" beginning of a group
# (`domain.cells.cells_from_items`).
# A filter is evaluated before its argument, so only values of `maximum` are cast to integers.
READ: Final = """
WITH asked AS (
    SELECT
        place::integer, first::date, last::date, number, string_to_array(names, ',') AS names, over, reader,
        string_to_array(kept, ',') AS kept, string_to_array(left_out, ',') AS left_out
    FROM unnest(
        $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[]
    ) AS each (place, first, last, number, names, over, reader, kept, left_out)
), wanted AS MATERIALIZED (
    SELECT asked.*, number || mark AS marked FROM asked, unnest(ARRAY['', '?', '~', '+']) AS mark
), of_cohorts AS (
    SELECT DISTINCT first, last, number, kept, left_out FROM asked WHERE reader = 'cohort'
), span AS (
    SELECT DISTINCT first, last, number AS cohort, kept FROM of_cohorts
), cohort_cell AS MATERIALIZED (
    -- Materialized: else the view's cells would be added up once for each cohort.
    SELECT
        *,
        figure = ANY($13::text[]) AS begins,
        rtrim(figure, '@') AS cohort,
        CASE
            WHEN figure = ANY($13::text[]) THEN dims ->> 'member' ELSE split_part(dims ->> 'member', '|', 1)
        END AS mark
    FROM reporting.figure_cell WHERE figure = ANY($12::text[] || $13::text[]) AND (
        on_from <= $15::text::date AND on_to >= $14::text::date
        OR on_from >= $14::text::date AND on_to <= $15::text::date
        OR on_from = 'infinity'
    )
), grouped AS MATERIALIZED (
    -- Cells of cohorts beside those of the beginnings of their groups. A window finds each group's beginnings whatever
    -- the planner knows of the table. Without statistics a join would compare every cell with every beginning.
    SELECT
        *,
        coalesce(
            sum(amount) FILTER (WHERE begins AND on_from >= first AND on_to <= last) OVER of_group, 0
        ) <> 0 AS contained,
        coalesce(
            sum(amount) FILTER (WHERE begins AND on_from = '-infinity' AND on_to = 'infinity') OVER of_group, 0
        ) <> 0 AS undated,
        coalesce(
            sum(amount) FILTER (
                WHERE begins AND on_from <= last AND on_to >= first AND NOT again
                    AND NOT (on_from >= first AND on_to <= last)
                    AND NOT (on_from = '-infinity' AND on_to = 'infinity')
            ) OVER of_group, 0
        ) <> 0 AS cut
    -- Code of another version may have kept cells with fewer dimensions.
    FROM span JOIN cohort_cell USING (cohort) WHERE dims ?& kept
    WINDOW of_group AS (PARTITION BY first, last, cohort, mark)
), placed AS (
    -- A cohort's cells as those of persons who count, are undated or are cut in the period (`cohort_reader`). There is
    -- one for each person in each group and combination of values of the breakdown.
    SELECT
        figure,
        on_from,
        on_to,
        false AS again,
        dims || jsonb_build_object('member', split_part(dims ->> 'member', '|', 2)) AS dims,
        1 AS amount,
        first,
        last
    FROM (
        SELECT
            figure,
            CASE
                WHEN belongs_undated OR NOT contained AND undated THEN 'infinity'
                WHEN contained THEN last
                ELSE '-infinity'
            END AS on_from,
            CASE WHEN belongs_undated OR NOT contained AND undated THEN 'infinity' ELSE last END AS on_to,
            dims - left_out AS dims,
            amount,
            first,
            last
        FROM (
            SELECT *, on_from = 'infinity' AND on_to = 'infinity' AS belongs_undated FROM grouped WHERE NOT begins
        ) AS member JOIN of_cohorts USING (first, last)
        WHERE figure = number AND (belongs_undated OR on_from <= last AND on_to >= last)
            AND (contained OR undated OR cut)
    ) AS member
    GROUP BY figure, on_from, on_to, dims, first, last HAVING sum(amount) <> 0
), of_period AS (
    -- Cells of the same dimensions are added up before breakdowns are told apart: a figure has many cells of each.
    SELECT
        figure,
        dims,
        first,
        last,
        coalesce(sum(amount) FILTER (WHERE contained), 0) AS contained,
        coalesce(sum(amount) FILTER (WHERE overlapping), 0) AS overlapping,
        coalesce(sum(amount) FILTER (WHERE in_force), 0) AS in_force,
        coalesce(sum(amount) FILTER (WHERE overlapping AND NOT contained AND NOT again), 0) AS cut,
        coalesce(sum(amount) FILTER (WHERE any_day AND NOT again), 0) AS any_day,
        coalesce(sum(amount) FILTER (WHERE any_day), 0) AS any_day_or_again,
        coalesce(sum(amount) FILTER (WHERE no_day AND NOT again), 0) AS no_day,
        min(on_from) FILTER (WHERE in_force AND amount <> 0) AS oldest,
        min(on_from) FILTER (WHERE in_force AND NOT any_day AND amount <> 0) AS oldest_dated
    FROM (
        SELECT
            *,
            on_from >= first AND on_to <= last AS contained,
            on_from <= last AND on_to >= first AS overlapping,
            on_from <= last AND on_to >= last AS in_force,
            on_from = '-infinity' AND on_to = 'infinity' AS any_day,
            on_from = 'infinity' AND on_to = 'infinity' AS no_day
        FROM (
            SELECT figure, on_from, on_to, again, dims, amount, first, last
            FROM (SELECT DISTINCT first, last FROM asked) AS period
                CROSS JOIN reporting.figure_cell WHERE figure = ANY($10::text[])
                AND (dims = '{}' OR figure = ANY($11::text[])) AND (
                    on_from <= $15::text::date AND on_to >= $14::text::date
                    OR on_from >= $14::text::date AND on_to <= $15::text::date
                    OR on_from = 'infinity'
                )
            UNION ALL
            SELECT figure, on_from, on_to, again, dims, amount, first, last FROM placed
        ) AS cell
    ) AS dated
    -- A cell that is neither contained nor overlapping nor undated adds nothing to any amount.
    WHERE contained OR overlapping OR no_day
    GROUP BY figure, dims, first, last
), related AS (
    SELECT
        place, number, reader,
        CASE WHEN over IS NULL THEN dims ELSE dims - over END AS shown,
        CASE WHEN over IS NULL THEN NULL ELSE (dims ->> over) COLLATE "C" END AS value,
        figure = number AS counted,
        right(figure, 1) = '~' AS twice,
        right(figure, 1) = '+' AS open,
        -- What may have happened on any day has no date, or, of what lasts, was in force on every day.
        reader IN ('sum', 'nonzero', 'largest', 'totals', 'quantile') AS happens,
        CASE
            WHEN reader IN ('running_sum', 'maximum', 'latest') THEN in_force
            WHEN reader = 'active' THEN overlapping
            ELSE contained
        END AS used,
        contained, overlapping, in_force, cut, any_day, any_day_or_again, no_day, oldest, oldest_dated
    FROM of_period JOIN wanted ON figure = marked
        AND of_period.first = wanted.first AND of_period.last = wanted.last
    WHERE dims ?& names AND dims - names = '{}'
), latest AS (
    -- The greatest value of all rows together: what came later replaces all rows of what was before.
    SELECT place, number, max(value) AS greatest
    FROM related WHERE reader = 'latest' AND in_force <> 0 AND NOT twice AND NOT open GROUP BY place, number
), summed AS (
    SELECT
        place, number, reader, shown, value,
        coalesce(sum(contained) FILTER (WHERE counted), 0) AS contained,
        coalesce(sum(overlapping) FILTER (WHERE counted), 0) AS overlapping,
        coalesce(sum(in_force) FILTER (WHERE counted AND (reader <> 'latest' OR value = greatest)), 0) AS in_force,
        coalesce(sum(CASE WHEN happens THEN any_day ELSE no_day END) FILTER (WHERE NOT twice), 0) AS undated,
        coalesce(
            sum(cut - CASE WHEN happens THEN any_day ELSE 0 END) FILTER (WHERE NOT twice AND NOT open), 0
        ) AS cut,
        coalesce(
            sum(used) FILTER (
                WHERE NOT counted AND NOT twice AND NOT open AND (reader <> 'latest' OR value = greatest)
            ), 0
        ) AS unknown,
        coalesce(sum(used) FILTER (WHERE twice AND (reader <> 'latest' OR value = greatest)), 0) AS twice,
        coalesce(
            sum(in_force - CASE WHEN happens THEN any_day_or_again ELSE 0 END) FILTER (WHERE open), 0
        ) AS under_way,
        min(CASE WHEN happens THEN oldest_dated ELSE oldest END) FILTER (WHERE open) AS oldest
    FROM related LEFT JOIN latest USING (place, number) GROUP BY place, number, reader, shown, value
)
SELECT
    place,
    number,
    shown,
    CASE reader
        WHEN 'sum' THEN sum(contained)
        WHEN 'running_sum' THEN sum(in_force)
        WHEN 'latest' THEN sum(in_force)
        WHEN 'active' THEN sum(overlapping)
        WHEN 'nonzero' THEN count(*) FILTER (WHERE contained <> 0)
        WHEN 'cohort' THEN count(*) FILTER (WHERE contained <> 0)
        WHEN 'largest' THEN coalesce(max(contained) FILTER (WHERE value <> 'absent'), 0)
        WHEN 'totals' THEN 0
        WHEN 'maximum' THEN coalesce(max(value::integer) FILTER (WHERE reader = 'maximum' AND in_force <> 0), 0)
        WHEN 'quantile' THEN 0
    END::bigint AS amount,
    sum(undated)::bigint AS undated,
    CASE
        WHEN reader IN ('sum', 'nonzero', 'cohort', 'largest', 'totals', 'quantile') THEN sum(cut) ELSE 0
    END::bigint AS cut,
    sum(unknown)::bigint AS unknown,
    sum(twice)::bigint AS twice,
    sum(under_way)::bigint AS under_way,
    min(oldest) AS oldest,
    jsonb_object_agg(value, contained) FILTER (WHERE reader IN ('quantile', 'totals') AND contained <> 0) AS by_value,
    jsonb_object_agg(value, twice) FILTER (WHERE reader = 'totals' AND twice <> 0) AS twice_by_value
FROM summed GROUP BY place, number, reader, shown
"""
READ_EDITION: Final = READ.replace(
    "reporting.figure_cell WHERE", "reporting.edition_cell WHERE hash = $16 AND known_at = $17 AND"
)

EDITION_CELLS: Final = """
SELECT on_from, on_to, again, dims, amount FROM reporting.edition_cell WHERE hash = $1 AND known_at = $2 AND figure = $3
"""
