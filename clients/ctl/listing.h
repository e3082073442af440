/* A command that lists. It reads every page, and prints a table for people or one document for programs. */
#pragma once
#include "pages.h"
#include "table.h"

struct listing {
    struct paging paging;
    const char *const *headings;
    size_t columns;
    const char *nothing; /* the line for people if the list is empty */
    /* Adds the row of one item. `now` is when the registry answered. */
    void (*add_row) (struct ctl *ctl, struct table *table, const void *item, int64_t now);
    /* As for qsort, over pointers to items: the order for people. NULL: the order in which they come. */
    int (*order) (const void *, const void *);
};

/* Prints a list of which all pages were read (pages_all). */
void listing_show (struct ctl *ctl, const Consentd__Reply *all, const struct listing *listing);
/* Sends the request, and prints the list. Returns the exit code. */
int listing_run (struct ctl *ctl, Consentd__Request *request, const struct listing *listing);
