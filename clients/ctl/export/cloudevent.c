#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "form.h"
#include "moments.h"
#include "report/tally.h"

static bool read_record (const json_t *record, struct export_mark *mark)
{
    const char *id = tally_text (record, "id");
    snprintf (mark->epoch, sizeof mark->epoch, "%s", id);
    mark->number = strtoull (tally_text (record, "sequence"), NULL, 10);
    return mark->number > 0 && strspn (id, "0123456789abcdef") == CONSENT_ID_SIZE - 1 &&
           id[CONSENT_ID_SIZE - 1] == '-' && moment_parse (tally_text (record, "time"), &mark->time);
}

/* What is written is delivery/cloudevent.h's. */
const struct export_form cloudevent_form = {"cloudevents", NULL, read_record};
