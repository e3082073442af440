#include "listing.h"

#include <stdlib.h>

static void print_table (struct ctl *ctl, const Consentd__Reply *all, const struct listing *listing)
{
    struct pages_list list = pages_list_of (all);
    if (*list.count == 0) {
        puts (listing->nothing);
        return;
    }
    if (listing->order)
        qsort (*list.items, *list.count, sizeof **list.items, listing->order);
    struct table table = table_start (ctl->arena, listing->headings, listing->columns);
    for (size_t i = 0; i < *list.count; i++)
        listing->add_row (ctl, &table, (*list.items)[i], all->time);
    table_print (&table, stdout);
}

void listing_show (struct ctl *ctl, const Consentd__Reply *all, const struct listing *listing)
{
    if (ctl->json)
        ask_print_json (all);
    else
        print_table (ctl, all, listing);
}

int listing_run (struct ctl *ctl, Consentd__Request *request, const struct listing *listing)
{
    Consentd__Reply *all;
    int error = pages_all (ctl, request, &listing->paging, &all);
    if (error)
        return error;
    listing_show (ctl, all, listing);
    consentd__reply__free_unpacked (all, NULL);
    return 0;
}
