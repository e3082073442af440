/* What went to one party (A5): for the notification of a breach to the supervisory authority, within 72 hours (AVG
   33), and to the persons (AVG 34). Pure: it knows neither files nor the registry.

   A person is known by the registry's pseudonym alone, since the registry keeps no BSN in clear. Who asked knows
   the person by a pseudonym of its own, which came with its answer; that is told too. */
#pragma once
#include "report_check.h"
#include "rules/policy.h"

struct breach {
    const char *party;
    const struct policy *policy; /* says which categories are special, and how they are called */
    json_t *people;              /* by pseudonym; each has what breach_person tells */
    json_t *categories;          /* by code: {"people", "disclosures"} */
    json_t *grounds;             /* tally of the categories that were told on each */
    uint64_t disclosures;        /* checks by which something went to the party */
    uint64_t items;              /* categories in all of them together */
    uint64_t unreadable;         /* permitted checks that cannot be read: they may be about the party */
    int64_t first, last;         /* moments of disclosures; 0: there are none */
};

void breach_start (struct breach *self, const char *party, const struct policy *policy);
void breach_end (struct breach *self);
/* Takes a line of the log. A report_take, of which `report` is the breach. */
void breach_take (void *report, const Consentd__AuditEntry *entry, json_t *details);

/* How a category is called, and whether it is special: "NO", "HEALTH" or "OTHER" (KB 9.1); "UNKNOWN": the pack
   does not have it. In doubt it counts as special. */
const char *breach_label (const struct breach *self, const char *category);
const char *breach_special (const struct breach *self, const char *category);
/* A category of the person is special, or may be. */
bool breach_person_is_special (const struct breach *self, json_t *person);
uint64_t breach_special_people (const struct breach *self);

/* The report as one document, whose keys docs/json.md tells. Caller owns it. */
json_t *breach_document (struct breach *self);
