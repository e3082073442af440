/* How long it is known what went. Each record has its day as a mark, so that what is past its time is found
   without going through all. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "call.h"
#include "spool_parts.h"
#include "went.h"

enum { AT_ONCE = 256 /* records of one change */ };

static const int64_t DAY = 86400000;

int64_t went_moment (const struct passage *passage)
{
    const struct passage_result *result = passage_result (passage);
    int64_t moment = spool_now ();
    for (size_t i = 0; result->clients && i < result->elements->client_count; i++) {
        const struct consent_answer *decision = result->clients[i].decision;
        if (decision && decision->evaluated_at > moment)
            moment = decision->evaluated_at;
    }
    return moment;
}

const char *went_day (int64_t at, char day[WENT_DAY])
{
    snprintf (day, WENT_DAY, "%lld", (long long)(at / DAY));
    return day;
}

/* ---------------------------------------------------------------------------------------- the first day */

static void key_of_first (const struct ledger *ledger, uint8_t key[LEDGER_KEY])
{
    ledger_key_of (ledger, "about", "first day", key);
}

static int note_oldest (void *context, const uint8_t key[LEDGER_KEY], json_t *record)
{
    (void)key;
    int64_t *oldest = context, at = json_integer_value (json_object_get (record, "at"));
    if (at < *oldest)
        *oldest = at;
    return 0;
}

/* The first day of which something may be known; all are looked through for it where it was never noted. 0,
   LEDGER_NONE: it was not; or -errno. */
static int first_day (struct ledger *ledger, int64_t *day)
{
    uint8_t key[LEDGER_KEY];
    json_t *record;
    int64_t oldest = INT64_MAX;
    key_of_first (ledger, key);
    int r = ledger_get (ledger, LEDGER_ABOUT, key, &record);
    *day = json_integer_value (json_object_get (record, "day"));
    json_decref (record);
    if (r != LEDGER_NONE)
        return r;
    r = ledger_each (ledger, LEDGER_WENT, note_oldest, &oldest);
    if (r == 0)
        r = ledger_each (ledger, LEDGER_TAKEN_BACK, note_oldest, &oldest);
    *day = oldest / DAY;
    return r == 0 ? LEDGER_NONE : r;
}

/* Within a change. */
static void put_first_day (struct ledger *ledger, int64_t day)
{
    const struct ledger_mark marks[] = {{NULL, NULL}};
    uint8_t key[LEDGER_KEY];
    json_t *record = json_pack ("{s:I}", "day", (json_int_t)day);
    key_of_first (ledger, key);
    ledger_put (ledger, LEDGER_ABOUT, key, record, marks);
    json_decref (record);
}

/* --------------------------------------------------------------------------------------------- forgetting */

struct batch {
    uint8_t keys[AT_ONCE][LEDGER_KEY];
    size_t count;
};

static int note_key (void *context, const uint8_t key[LEDGER_KEY], json_t *record)
{
    (void)record;
    struct batch *self = context;
    memcpy (self->keys[self->count++], key, LEDGER_KEY);
    return self->count == AT_ONCE;
}

/* Forgets what there is of a day, or a part of it. The number, or -errno. */
static int forget_some_of (struct ledger *ledger, enum ledger_table table, int64_t day)
{
    struct batch batch = {.count = 0};
    char text[WENT_DAY];
    const struct ledger_mark mark = {WENT_DAY_MARK, went_day (day * DAY, text)};
    int r = ledger_find (ledger, table, &mark, note_key, &batch);
    if (r < 0 || batch.count == 0)
        return r;
    ledger_begin (ledger);
    for (size_t i = 0; i < batch.count; i++)
        ledger_delete (ledger, table, batch.keys[i]);
    r = ledger_commit (ledger);
    return r < 0 ? r : (int)batch.count;
}

/* Of what went, then of what was taken back. */
static int forget_some (struct ledger *ledger, int64_t day)
{
    int r = forget_some_of (ledger, LEDGER_WENT, day);
    return r == 0 ? forget_some_of (ledger, LEDGER_TAKEN_BACK, day) : r;
}

/* What comes from now on is of a later moment: so where nothing is older, that is noted at once, and not looked
   for again at each start. */
int went_forget_before (struct ledger *ledger, int64_t moment)
{
    int64_t first = 0, end = moment / DAY;
    int r = first_day (ledger, &first);
    if (r < 0 || (r == 0 && first >= end))
        return r;
    int64_t day = first = first < end ? first : end;
    r = 0;
    while (day < end && (r = forget_some (ledger, day)) == 0)
        day++;
    if (r < 0 || (r > 0 && day == first))
        return r < 0 ? r : WENT_MORE;
    ledger_begin (ledger);
    put_first_day (ledger, day);
    int committed = ledger_commit (ledger);
    return committed < 0 ? committed : r > 0 ? WENT_MORE : 0;
}
