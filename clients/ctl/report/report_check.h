/* A check as a line of the log tells it. Pure. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include "admin.pb-c.h"

/* Texts are borrowed from the details; never NULL. */
struct report_check {
    const char *provider, *recipient, *purpose, *case_ref;
    const char *subject_ref; /* by which whoever asked knows the subject */
    bool discloses;          /* DISCLOSE; else it only asked */
    json_t *items;           /* of the answer, each with what was decided */
};

/* The line is a check that was decided, and not a decision that was given again (G11). */
bool report_check_is (const Consentd__AuditEntry *entry);
/* The same, and something of it is permitted. */
bool report_check_permits (const Consentd__AuditEntry *entry);
/* Reads it. False: the details cannot be read. */
bool report_check_read (json_t *details, struct report_check *self);

bool report_item_is_permitted (const json_t *item);
/* Why it was permitted: "consent", "statute wmo-2015", "written request", "urgent reasons vitaal-belang". Caller
   must free it. */
char *report_item_ground (const json_t *item);
