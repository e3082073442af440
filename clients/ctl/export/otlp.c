#include "otlp.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "codec/document.h"
#include "report/tally.h"

enum { SPAN_KIND_INTERNAL = 1, STATUS_UNSET = 0, STATUS_OK = 1, STATUS_ERROR = 2 };

static json_t *value_of (const json_t *value)
{
    char number[24];
    if (!json_is_integer (value))
        return json_pack ("{s:s}", "stringValue", json_string_value (value));
    snprintf (number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value (value));
    return json_pack ("{s:s}", "intValue", number); /* 64 bits are a text in the JSON of protobuf */
}

static json_t *attributes_of (json_t *object)
{
    const char *key;
    json_t *list = json_array (), *value;
    json_object_foreach (object, key, value)
        json_array_append_new (list, json_pack ("{s:s, s:o}", "key", key, "value", value_of (value)));
    return list;
}

static int status_of (const json_t *record)
{
    const char *status = tally_text (record, "status");
    return strcmp (status, "Ok") == 0 ? STATUS_OK : strcmp (status, "Error") == 0 ? STATUS_ERROR : STATUS_UNSET;
}

static json_t *span_of (const json_t *record)
{
    char from[32], until[32];
    snprintf (from, sizeof from, "%" PRId64 "000000", tally_number (record, "start_time"));
    snprintf (until, sizeof until, "%" PRId64 "000000", tally_number (record, "end_time"));
    return json_pack ("{s:s, s:s, s:s, s:i, s:s, s:s, s:o, s:{s:i}}", "traceId", tally_text (record, "trace_id"),
                      "spanId", tally_text (record, "span_id"), "name", tally_text (record, "name"), "kind",
                      SPAN_KIND_INTERNAL, "startTimeUnixNano", from, "endTimeUnixNano", until, "attributes",
                      attributes_of (json_object_get (record, "attributes")), "status", "code",
                      status_of (record));
}

char *otlp_request (json_t *records)
{
    json_t *spans = json_array (), *record;
    size_t index;
    json_array_foreach (records, index, record) json_array_append_new (spans, span_of (record));
    json_t *resource = attributes_of (json_object_get (json_array_get (records, 0), "resource"));
    return document_text (json_pack ("{s:[{s:{s:o}, s:[{s:{s:s, s:s}, s:o}]}]}", "resourceSpans", "resource",
                                     "attributes", resource, "scopeSpans", "scope", "name", "consentctl",
                                     "version", CONSENTD_VERSION, "spans", spans),
                          0);
}

/* A number of 64 bits: as a text, or as some write it. */
static bool read_count (const json_t *value, uint64_t *count)
{
    const char *text = json_string_value (value);
    char *end = NULL;
    errno = 0;
    *count = text ? strtoull (text, &end, 10) : (uint64_t)json_integer_value (value);
    if (!value || json_is_integer (value))
        return json_integer_value (value) >= 0;
    return text && text[0] >= '0' && text[0] <= '9' && *end == 0 && errno == 0;
}

bool otlp_answer_read (const char *text, size_t size, struct otlp_answer *answer)
{
    json_t *document = json_loadb (text, size, JSON_REJECT_DUPLICATES, NULL);
    const json_t *partial = json_object_get (document, "partialSuccess");
    *answer = (struct otlp_answer){.rejected = 0};
    bool is_read = json_is_object (document) && (!partial || json_is_null (partial) || json_is_object (partial)) &&
                   read_count (json_object_get (partial, "rejectedSpans"), &answer->rejected);
    if (is_read)
        snprintf (answer->message, sizeof answer->message, "%s", tally_text (partial, "errorMessage"));
    json_decref (document);
    return is_read;
}
