#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "form.h"
#include "moments.h"
#include "report/tally.h"

/* EPOCH-PARTY-NUMBER; the name of a party may have a "-" too. */
static bool read_id (const char *id, struct export_mark *mark)
{
    if (strspn (id, "0123456789abcdef") != CONSENT_ID_SIZE - 1 || id[CONSENT_ID_SIZE - 1] != '-')
        return false;
    const char *party = id + CONSENT_ID_SIZE, *end = strrchr (id, '-');
    if (end <= party || end - party >= EXPORT_PARTY_SIZE)
        return false;
    snprintf (mark->epoch, sizeof mark->epoch, "%s", id);
    snprintf (mark->party, sizeof mark->party, "%.*s", (int)(end - party), party);
    return true;
}

static bool read_record (const json_t *record, struct export_mark *mark)
{
    mark->number = strtoull (tally_text (record, "sequence"), NULL, 10);
    return mark->number > 0 && read_id (tally_text (record, "id"), mark) &&
           moment_parse (tally_text (record, "time"), &mark->time);
}

/* What is written is delivery/cloudevent.h's. */
const struct export_form cloudevent_form = {"cloudevents", NULL, read_record};
