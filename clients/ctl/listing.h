/* A command that lists: every page of it, for people as a table, for programs as one document. */
#pragma once
#include "pages.h"
#include "table.h"

struct listing {
    struct paging paging;
    const char *const *headings;
    size_t columns;
    const char *nothing; /* the line for people where the list is empty */
    /* Adds the row of one item of the list; `now` is when the registry answered. */
    void (*add_row) (struct ctl *ctl, struct table *table, const void *item, int64_t now);
    /* As for qsort, over pointers to items: how people see them; NULL: as they come. */
    int (*order) (const void *, const void *);
};

/* Asks, and prints. Returns the exit code. */
int listing_run (struct ctl *ctl, Consentd__Request *request, const struct listing *listing);
