#include "event_json.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "escape.h"

/* RFC 3339, UTC, to the millisecond. */
static json_t *time_json (int64_t milliseconds)
{
    time_t seconds = (time_t)(milliseconds / 1000);
    struct tm parts;
    char text[64], all[80];
    if (!gmtime_r (&seconds, &parts) || !strftime (text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts))
        return json_null ();
    snprintf (all, sizeof all, "%s.%03dZ", text, (int)(milliseconds % 1000));
    return json_string (all);
}

static json_t *list_json (const char *const *list)
{
    json_t *array = json_array ();
    for (; *list; list++)
        json_array_append_new (array, json_string (*list));
    return array;
}

char *event_json (const struct consent_event *event)
{
    /* s: a text that must be there; o: takes over what it is given. */
    json_t *object =
        json_pack ("{s:I, s:s, s:o, s:s, s:s, s:o, s:o, s:o, s:s, s:b, s:I}", "number", (json_int_t)event->number,
                   "type", event->type, "time", time_json (event->time), "consent", event->consent_id, "subject",
                   event->subject_ref, "providers", list_json (event->providers), "recipients",
                   list_json (event->recipients), "categories", list_json (event->categories), "purpose",
                   event->purpose, "whole", (int)event->whole, "revision", (json_int_t)event->revision);
    if (object && event->answer[0])
        json_object_set_new (object, "answer", json_string (event->answer));
    if (object && event->obligation[0]) {
        json_object_set_new (object, "obligation", json_string (event->obligation));
        json_object_set_new (object, "decision", json_integer ((json_int_t)event->decision));
    }
    if (object && event->alarm[0]) {
        json_object_set_new (object, "alarm", json_string (event->alarm));
        json_object_set_new (object, "party", json_string (event->party));
        json_object_del (object, "subject");
    }
    if (object && !event->consent_id[0])
        json_object_del (object, "consent");
    char *text = object ? escape_json (json_dumps (object, JSON_COMPACT)) : NULL;
    char *line = NULL;
    if (!text || asprintf (&line, "%s\n", text) < 0)
        abort ();
    free (text);
    json_decref (object);
    return line;
}
