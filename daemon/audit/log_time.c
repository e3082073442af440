/* Lines of the log, looked for by their time. Of a line in the archive the mark of its bundle says enough to come near
   it: so a search reads at most one file. */
#include "archive.h"
#include "log.h"

typedef int time_of (struct turn *turn, uint64_t number, moment *time);

static int time_of_line (struct turn *turn, uint64_t number, moment *time)
{
    struct audit_record record;
    struct arena_mark mark = arena_mark (turn->arena);
    int rc = audit_read (turn, number, &record);
    *time = record.head.time;
    arena_release (turn->arena, mark);
    return rc;
}

int audit_read_time (struct turn *turn, uint64_t number, moment *time)
{
    struct archive_mark mark;
    int rc = archive_find_mark (turn, number, &mark);
    *time = mark.time;
    return rc == STORE_NOT_FOUND ? time_of_line (turn, number, time) : rc;
}

/* The number before the first line after *low that is not earlier than `since`, at most `high`. */
static int bisect (struct turn *turn, moment since, time_of *read, uint64_t high, uint64_t *low)
{
    while (*low < high) { /* lines up to `low` are earlier; none after `high` is */
        uint64_t middle = *low + (high - *low) / 2;
        moment time;
        int rc = read (turn, middle + 1, &time);
        if (rc != 0 && !audit_is_unreadable (rc))
            return rc;
        /* A line that cannot be read may have any time, so it counts as not earlier. */
        if (rc == 0 && time < since)
            *low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

int audit_find_before_about (struct turn *turn, moment since, uint64_t *number)
{
    *number = 0;
    return bisect (turn, since, audit_read_time, turn->state.audit_number, number);
}

int audit_find_before (struct turn *turn, moment since, uint64_t *number)
{
    struct archive_mark unused;
    int rc = audit_find_before_about (turn, since, number);
    if (rc != 0 || archive_find_mark (turn, *number + 1, &unused) != 0)
        return rc;
    return bisect (turn, since, time_of_line, *number + MERKLE_TILE_WIDTH, number); /* in one bundle */
}
