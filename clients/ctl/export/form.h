/* The forms in which the registry's lines and events are exported: a record of JSON for each. */
#pragma once
#include <jansson.h>
#include "admin.pb-c.h"
#include "consent.h"

struct activities;
enum { EXPORT_ORIGIN_SIZE = 256, EXPORT_PARTY_SIZE = 33 };

/* Whose lines they are. */
struct export_log {
    char origin[EXPORT_ORIGIN_SIZE]; /* the name of the log, as in its checkpoints */
    char epoch[CONSENT_ID_SIZE];
    struct activities *activities; /* of ldv; else NULL */
};

/* A place in the log, or in a stream of events: how far an export is. */
struct export_mark {
    uint64_t number; /* 0: before the first */
    int64_t time;    /* of that line or event; 0: not known */
    char epoch[CONSENT_ID_SIZE];
    char party[EXPORT_PARTY_SIZE]; /* whose events they are; "" of a line */
};

struct export_form {
    const char *name; /* "ldv" */
    /* The record of a line; NULL: the form says nothing of such a line. Caller owns it. Of events NULL. */
    json_t *(*make) (const struct export_log *log, const Consentd__AuditEntry *entry);
    /* Which line or event a record is of. False: it is no record of this form. */
    bool (*read) (const json_t *record, struct export_mark *mark);
};
extern const struct export_form ldv_form, adl_form, cloudevent_form;

/* What was asked and answered in a line. NULL if it cannot be read: the subject was erased since. Caller owns it.
 */
json_t *export_details (const Consentd__AuditEntry *entry);

/* A trace and a span of OpenTelemetry for a line. They are made of the line's number and time and the log's name:
   so they are the same whenever the line is exported, and a line of another history of the log has others. */
enum { EXPORT_TRACE_SIZE = 33, EXPORT_SPAN_SIZE = 17 };
void export_ids (const struct export_log *log, const Consentd__AuditEntry *entry, char trace[EXPORT_TRACE_SIZE],
                 char span[EXPORT_SPAN_SIZE]);
