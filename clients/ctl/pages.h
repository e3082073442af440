/* What the registry tells in pages, asked page by page. The pages of one listing are one line of the log (A1). */
#pragma once
#include "ask.h"

struct pages;

/* How one listing is asked. */
struct paging {
    Consentd__Reply__BodyCase body; /* of each page; it has `more`, and one list */
    /* Makes the request go on behind this page; false: it cannot, and the page was the last. NULL: the request's
       `after` becomes the page's `next`. */
    bool (*go_on) (struct pages *self, const Consentd__Reply *page);
    /* Whether what is listed is still what the first page listed; NULL: that may change meanwhile. */
    bool (*is_same) (const Consentd__Reply *first, const Consentd__Reply *page);
};

struct pages {
    struct ctl *ctl;
    Consentd__Request *request; /* borrowed; what it asks for moves on with each page */
    const struct paging *paging;
    bool more;          /* there is another page to ask for; whoever has seen enough sets it to false */
    uint8_t ticket[64]; /* `listing` of the page before */
    size_t ticket_size;
};

/* At the first page. */
struct pages pages_start (struct ctl *ctl, Consentd__Request *request, const struct paging *paging);
/* Asks for the next page. 0 with *page_p, which caller must free with consentd__reply__free_unpacked; or an exit
   code with its line printed. */
int pages_next (struct pages *self, Consentd__Reply **page_p);

enum { PAGES_CHANGED = -1 };
/* All pages as one reply, which has the list of each of them, and else what the first page and the last say. 0
 *with all_p as above; PAGES_CHANGED where it is not the same any more; or an exit code with its line printed. */
int pages_all (struct ctl *ctl, Consentd__Request *request, const struct paging *paging, Consentd__Reply **all_p);

/* The list in the body of a reply. Borrowed from it; `items` are messages of one kind. */
struct pages_list {
    void ***items;
    size_t *count;
};
struct pages_list pages_list_of (const Consentd__Reply *reply);
