#include "cloudevent.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "codec/document.h"
#include "form.h"
#include "moments.h"
#include "report/tally.h"
#include "watch/event_json.h"

json_t *cloudevent_of (const struct consent_event *event, const char *party, const char *source)
{
    /* Two parties have events of the same number, and so has a registry that was put back. */
    char *id, sequence[24];
    if (asprintf (&id, "%s-%s-%" PRIu64, event->epoch, party, event->number) < 0)
        abort ();
    snprintf (sequence, sizeof sequence, "%" PRIu64, event->number);
    json_t *record = json_pack ("{s:s, s:s, s:o, s:s, s:o, s:s, s:s, s:s, s:o}", "specversion", "1.0", "id", id,
                                "source", document_string (source), "type", event->type, "time",
                                document_time (event->time), "sequence", sequence, "sequencetype", "Integer",
                                "datacontenttype", "application/json", "data", event_document (event));
    free (id);
    return record;
}

static bool read_record (const json_t *record, struct export_mark *mark)
{
    const char *id = tally_text (record, "id");
    snprintf (mark->epoch, sizeof mark->epoch, "%s", id);
    mark->number = strtoull (tally_text (record, "sequence"), NULL, 10);
    return mark->number > 0 && strspn (id, "0123456789abcdef") == CONSENT_ID_SIZE - 1 &&
           id[CONSENT_ID_SIZE - 1] == '-' && moment_parse (tally_text (record, "time"), &mark->time);
}

const struct export_form cloudevent_form = {"cloudevents", NULL, read_record};
