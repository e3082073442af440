#include "taken_back.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "went.h"

static void key_of (const struct ledger *ledger, const struct taken_back *self, uint8_t key[LEDGER_KEY])
{
    char *text;
    if (asprintf (&text, "%s\n%s", self->recipient, self->product) < 0)
        abort ();
    ledger_key_of (ledger, "taken back", text, key);
    free (text);
}

/* What is known of it already. 0, LEDGER_NONE or -errno. Caller owns *record_p. */
static int find (struct ledger *ledger, const struct taken_back *self, json_t **record_p)
{
    uint8_t key[LEDGER_KEY];
    key_of (ledger, self, key);
    return ledger_get (ledger, LEDGER_TAKEN_BACK, key, record_p);
}

/* Several may take it back: what was written until the last of them is. */
void taken_back_put (struct ledger *ledger, const struct taken_back *self, const char *subject_ref, int64_t at)
{
    char day[WENT_DAY];
    uint8_t key[LEDGER_KEY];
    json_t *before;
    int r = find (ledger, self, &before);
    ledger_fail (ledger, r < 0 ? r : 0);
    json_int_t came = json_integer_value (json_object_get (before, "came"));
    const char *by = json_string_value (json_object_get (before, "by"));
    const char *subject = json_string_value (json_object_get (before, "subject"));
    bool is_last = !by || self->came >= came;
    subject = subject_ref ? subject_ref : subject;
    json_t *record = json_pack ("{s:I, s:s, s:s?, s:I}", "came", is_last ? (json_int_t)self->came : came, "by",
                                is_last ? self->by : by, "subject", subject, "at", (json_int_t)at);
    const struct ledger_mark marks[] = {
        {WENT_DAY_MARK, went_day (at, day)}, {subject ? "subject" : NULL, subject}, {NULL, NULL}};
    key_of (ledger, self, key);
    ledger_put (ledger, LEDGER_TAKEN_BACK, key, record, marks);
    json_decref (record);
    json_decref (before);
}

int taken_back_later (struct ledger *ledger, const struct taken_back *self)
{
    json_t *record;
    int r = find (ledger, self, &record);
    const char *by = json_string_value (json_object_get (record, "by"));
    bool is_later =
        by && strcmp (by, self->by) != 0 && json_integer_value (json_object_get (record, "came")) >= self->came;
    json_decref (record);
    return r < 0 ? r : is_later;
}

int taken_back_forget (struct ledger *ledger, const char *subject_ref)
{
    return ledger_forget (ledger, LEDGER_TAKEN_BACK, &(struct ledger_mark){"subject", subject_ref});
}
