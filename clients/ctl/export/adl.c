/* Authorization Decision Log: a record for each check that was decided, as an evaluation of AuthZEN. A check about
   several items is one request of several evaluations, each with its own decision, in their order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "call.h"
#include "codec/document.h"
#include "form.h"
#include "moments.h"
#include "report/report_check.h"
#include "report/tally.h"

#define ACTION "verstrekken"

/* Who asks: the party of the key; and who acted there, a reference of its own. */
static json_t *subject_of (const Consentd__AuditEntry *entry)
{
    json_t *subject = json_pack ("{s:s, s:o}", "type", "partij", "id", document_string (entry->party));
    if (*entry->user)
        json_object_set_new (subject, "properties",
                             json_pack ("{s:o}", "gebruiker", document_string (entry->user)));
    return subject;
}

/* Data about somebody: of which sort, where that is known. */
static json_t *resource_of (const Consentd__AuditEntry *entry, const json_t *item)
{
    char ref[CONSENT_ID_SIZE];
    consent_hex (entry->subject_ref.data, entry->subject_ref.len, ref);
    json_t *resource = json_pack ("{s:s, s:s}", "type", "persoonsgegevens", "id", ref);
    if (item)
        json_object_set_new (resource, "properties",
                             json_pack ("{s:s, s:s}", "gegevenssoort", tally_text (item, "category"), "herkomst",
                                        tally_text (item, "origin")));
    return resource;
}

/* --- The request --------------------------------------------------------------------------------------- */

static void add_text (json_t *object, const char *name, const char *text)
{
    if (*text)
        json_object_set_new (object, name, json_string (text));
}

/* What else the decision depends on. */
static json_t *context_of (const Consentd__AuditEntry *entry, const json_t *asked)
{
    json_t *context = json_pack ("{s:o}", "tijdstip", document_time (entry->time));
    add_text (context, "verstrekker", tally_text (asked, "provider"));
    add_text (context, "ontvanger", tally_text (asked, "recipient"));
    add_text (context, "doel", tally_text (asked, "purpose"));
    add_text (context, "zaak", tally_text (asked, "case_ref"));
    if (json_is_true (json_object_get (asked, "all_or_nothing")))
        json_object_set_new (context, "alles_of_niets", json_true ());
    if (json_is_true (json_object_get (asked, "under_secrecy")))
        json_object_set_new (context, "onder_beroepsgeheim", json_true ());
    if (json_object_get (asked, "written_request"))
        json_object_set_new (context, "beroep_op", json_string ("schriftelijk-verzoek"));
    if (json_object_get (asked, "urgent_reasons"))
        json_object_set_new (context, "beroep_op", json_string ("dringende-redenen"));
    return context;
}

static json_t *request_of (const Consentd__AuditEntry *entry, const json_t *asked, json_t *items)
{
    json_t *evaluations = json_array (), *item;
    size_t index;
    json_array_foreach (items, index, item)
        json_array_append_new (evaluations, json_pack ("{s:o}", "resource", resource_of (entry, item)));
    return json_pack ("{s:o, s:{s:s, s:{s:s}}, s:o, s:o}", "subject", subject_of (entry), "action", "name", ACTION,
                      "properties", "wijze", tally_text (asked, "mode"), "context", context_of (entry, asked),
                      "evaluations", evaluations);
}

/* --- The response -------------------------------------------------------------------------------------- */

static json_t *reasons_of (json_t *reasons)
{
    json_t *list = json_array (), *reason;
    size_t index;
    json_array_foreach (reasons, index, reason) json_array_append_new (
        list, json_pack ("{s:s, s:s}", "code", tally_text (reason, "code"), "regel", tally_text (reason, "rule")));
    return list;
}

static json_t *evaluation_of (json_t *item)
{
    json_t *context = json_object ();
    add_text (context, "grondslag", tally_text (item, "ground"));
    add_text (context, "toestemming", tally_text (item, "consent_id"));
    add_text (context, "wettelijke_grondslag", tally_text (item, "statute"));
    add_text (context, "dringende_reden", tally_text (item, "urgent_reason"));
    if (json_is_true (json_object_get (item, "against_will")))
        json_object_set_new (context, "tegen_de_wil", json_true ());
    if (json_object_get (item, "reasons"))
        json_object_set_new (context, "redenen", reasons_of (json_object_get (item, "reasons")));
    return json_pack ("{s:b, s:o}", "decision", report_item_is_permitted (item), "context", context);
}

static json_t *response_of (json_t *items)
{
    json_t *evaluations = json_array (), *item;
    size_t index;
    json_array_foreach (items, index, item) json_array_append_new (evaluations, evaluation_of (item));
    return json_pack ("{s:o}", "evaluations", evaluations);
}

/* --- The record ---------------------------------------------------------------------------------------- */

/* "kaag-en-braassem-2015/2": a name and a version. */
static json_t *policies_of (json_t *details)
{
    const char *policy = tally_text (json_object_get (json_object_get (details, "reply"), "check"), "policy");
    size_t size = strcspn (policy, "/");
    return json_pack ("[{s:s%, s:s}]", "id", policy, size, "version", policy[size] ? policy + size + 1 : "");
}

/* Of whom was erased since, or where the line is too long to be shown: who asked about whom, and whether all of it
   was permitted. What it was about is not known. */
static void add_unreadable (json_t *record, const Consentd__AuditEntry *entry)
{
    json_object_set_new (record, "type", json_string ("evaluation"));
    json_object_set_new (record, "request",
                         json_pack ("{s:o, s:{s:s}, s:o, s:{s:o}}", "subject", subject_of (entry), "action",
                                    "name", ACTION, "resource", resource_of (entry, NULL), "context", "tijdstip",
                                    document_time (entry->time)));
    json_object_set_new (record, "response",
                         json_pack ("{s:b, s:{s:s, s:b}}", "decision", strcmp (entry->result, "permit") == 0,
                                    "context", "uitkomst", entry->result, "leesbaar", 0));
}

static void add_readable (json_t *record, const Consentd__AuditEntry *entry, json_t *details, json_t *items)
{
    const json_t *asked = json_object_get (json_object_get (details, "request"), "check");
    json_t *all_reasons = json_object_get (details, "all_reasons");
    json_object_set_new (record, "type", json_string ("evaluations"));
    json_object_set_new (record, "request", request_of (entry, asked, items));
    json_object_set_new (record, "response", response_of (items));
    json_object_set_new (record, "policies", policies_of (details));
    if (all_reasons)
        json_object_set_new (record, "information", json_pack ("{s:O}", "alle_redenen", all_reasons));
}

static json_t *make (const struct export_log *log, const Consentd__AuditEntry *entry)
{
    struct report_check check;
    char trace[EXPORT_TRACE_SIZE], span[EXPORT_SPAN_SIZE];
    if (!report_check_is (entry) || entry->subject_ref.len != (CONSENT_ID_SIZE - 1) / 2)
        return NULL;
    export_ids (log, entry, trace, span);
    json_t *record = json_pack ("{s:s, s:s, s:o}", "trace_id", trace, "span_id", span, "timestamp",
                                document_time (entry->time));
    json_t *details = export_details (entry);
    if (report_check_read (details, &check))
        add_readable (record, entry, details, check.items);
    else
        add_unreadable (record, entry);
    json_decref (details);
    json_object_set_new (record, "configuration",
                         json_pack ("{s:o, s:I, s:s}", "log", document_string (log->origin), "regel",
                                    (json_int_t)entry->number, "epoch", log->epoch));
    return record;
}

static bool read_record (const json_t *record, struct export_mark *mark)
{
    const json_t *configuration = json_object_get (record, "configuration");
    const char *epoch = tally_text (configuration, "epoch");
    mark->number = (uint64_t)tally_number (configuration, "regel");
    snprintf (mark->epoch, sizeof mark->epoch, "%s", epoch);
    return mark->number > 0 && moment_parse (tally_text (record, "timestamp"), &mark->time) &&
           strlen (epoch) == CONSENT_ID_SIZE - 1;
}

const struct export_form adl_form = {"adl", make, read_record};
