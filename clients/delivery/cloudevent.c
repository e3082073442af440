#include "cloudevent.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include "codec/document.h"
#include "event_json.h"

/* The profile has a sequence of the type Integer wrap around beyond 32 bits: there our numbers, which never do,
   are of no type that it defines. */
static void add_sequence (json_t *record, uint64_t number)
{
    char sequence[24];
    snprintf (sequence, sizeof sequence, "%" PRIu64, number);
    json_object_set_new (record, "sequence", json_string (sequence));
    if (number <= INT32_MAX)
        json_object_set_new (record, "sequencetype", json_string ("Integer"));
}

json_t *cloudevent_of (const struct consent_event *event, const char *party, const char *source)
{
    /* Two parties have events of the same number, and so has a registry that was put back. */
    char *id;
    if (asprintf (&id, "%s-%s-%" PRIu64, event->epoch, party, event->number) < 0)
        abort ();
    json_t *record =
        json_pack ("{s:s, s:s, s:o, s:s, s:o}", "specversion", "1.0", "id", id, "source", document_string (source),
                   "type", event->type, "time", document_time (event->time));
    add_sequence (record, event->number);
    json_object_set_new (record, "datacontenttype", json_string ("application/json"));
    json_object_set_new (record, "data", event_document (event));
    free (id);
    return record;
}
