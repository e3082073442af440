/* The counts that a privacy officer publishes (A5). Pure: it knows neither files nor the registry.

   Counted are the lines of a period. A request that was decided in it counts as decided, whenever it came. */
#pragma once
#include "report_check.h"

struct arena;

enum { FIGURES_MODES = 2, FIGURES_VERDICTS = 3, FIGURES_RIGHTS = 8 };

/* Lengths of time, all of one unit. */
struct figures_times {
    int64_t *item;
    size_t count, room;
};

/* Requests under the rights of one kind (R2). */
struct figures_rights {
    uint64_t received, decided, granted, in_part, refused, withdrawn;
    uint64_t late;             /* decided after the due date */
    struct figures_times days; /* from receipt to the announced decision, but of those that were withdrawn */
};

struct figures {
    uint64_t checks[FIGURES_MODES][FIGURES_VERDICTS]; /* DISCLOSE, ADVISE; permitted, partly, denied */
    json_t *reasons;                                  /* tally of the checks in which each was a reason, by code */
    uint64_t asked, consents, refusals, withdrawals, restrictions;
    struct figures_times heard; /* ms from a withdrawal until the last party that was told had acknowledged it */
    uint64_t not_heard;         /* withdrawals that a party has not yet acknowledged */
    uint64_t heard_unknown;     /* withdrawals of which that was not kept */
    struct figures_rights rights[FIGURES_RIGHTS]; /* by Consentd__RightsKind */
    json_t *granted;                              /* numbers of requests that were granted whole */
    uint64_t unreadable;                          /* lines that cannot be read, and may belong here */
};

void figures_start (struct figures *self);
void figures_end (struct figures *self);
/* Takes a line of the log. A report_take, of which `report` is the figures. */
void figures_take (void *report, const Consentd__AuditEntry *entry, json_t *details);

void figures_times_add (struct figures_times *self, int64_t time);
/* The median; of an even number the lower of the two in the middle. -1: there are none. Sorts them. */
int64_t figures_median (struct figures_times *self);

/* The report as one document, whose keys docs/json.md tells. Caller owns it. */
json_t *figures_document (struct figures *self);

/* One figure as it is read, in Dutch. */
struct figures_row {
    const char *section, *label; /* "Adviezen", "toegestaan" */
    const char *unit;            /* of the section: "aantal toetsen" */
    int64_t number;              /* -1: it is not known */
    const char *text;            /* the number in words: "3 minuten"; NULL: it is a count */
};
/* All of them, in order. The list and its texts are the arena's. */
struct figures_row *figures_rows (struct figures *self, struct arena *arena, size_t *count);
