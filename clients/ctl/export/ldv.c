/* Logboek Dataverwerkingen: a record for each line of the log that is about a subject. What it must have and may
   not have is in docs/exports.md. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "activity.h"
#include "call.h"
#include "codec/document.h"
#include "form.h"
#include "report/tally.h"

/* A denial, and whatever else the registry answered as it must, is well handled. */
static const char *status_of (const Consentd__AuditEntry *entry)
{
    return strcmp (entry->result, "unavailable") == 0 ? "Error" : "Ok";
}

static json_t *activity_of (const struct export_log *log, const Consentd__AuditEntry *entry)
{
    char *uri = activities_uri (log->activities, entry);
    json_t *text = document_string (uri);
    free (uri);
    return text;
}

static json_t *attributes_of (const struct export_log *log, const Consentd__AuditEntry *entry)
{
    char subject[CONSENT_ID_SIZE];
    consent_hex (entry->subject_ref.data, entry->subject_ref.len, subject);
    json_t *attributes = json_object ();
    json_object_set_new (attributes, "dpl.core.processing_activity_id", activity_of (log, entry));
    json_object_set_new (attributes, "dpl.core.data_subject_id", json_string (subject));
    json_object_set_new (attributes, "dpl.core.data_subject_id_type", json_string ("pseudoniem"));
    if (*entry->party)
        json_object_set_new (attributes, "dpl.core.foreign_operation.processor", document_string (entry->party));
    json_object_set_new (attributes, "nl.toestemmingen.logregel", json_integer ((json_int_t)entry->number));
    json_object_set_new (attributes, "nl.toestemmingen.uitkomst", document_string (entry->result));
    if (!*entry->details) /* the subject was erased since, or the line is damaged: only its head can be read */
        json_object_set_new (attributes, "nl.toestemmingen.inhoud", json_string ("onleesbaar"));
    return attributes;
}

static json_t *make (const struct export_log *log, const Consentd__AuditEntry *entry)
{
    char trace[EXPORT_TRACE_SIZE], span[EXPORT_SPAN_SIZE];
    if (entry->subject_ref.len != (CONSENT_ID_SIZE - 1) / 2)
        return NULL;
    export_ids (log, entry, trace, span);
    return json_pack ("{s:s, s:s, s:o, s:s, s:I, s:I, s:{s:o, s:s}, s:o}", "trace_id", trace, "span_id", span,
                      "name", document_string (entry->action), "status", status_of (entry), "start_time",
                      (json_int_t)entry->time, "end_time", (json_int_t)entry->time, "resource", "service.name",
                      document_string (log->origin), "service.instance.id", log->epoch, "attributes",
                      attributes_of (log, entry));
}

static bool read_record (const json_t *record, struct export_mark *mark)
{
    const json_t *attributes = json_object_get (record, "attributes");
    const char *epoch = tally_text (json_object_get (record, "resource"), "service.instance.id");
    mark->number = (uint64_t)tally_number (attributes, "nl.toestemmingen.logregel");
    mark->time = tally_number (record, "start_time");
    snprintf (mark->epoch, sizeof mark->epoch, "%s", epoch);
    return mark->number > 0 && mark->time > 0 && strlen (epoch) == CONSENT_ID_SIZE - 1 &&
           *tally_text (attributes, "dpl.core.data_subject_id");
}

const struct export_form ldv_form = {"ldv", make, read_record};
