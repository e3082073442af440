/* Lists that the registry gives in pages, read page by page. All pages of one listing are one line of the log
   (A1). */
#pragma once
#include "ask.h"

struct pages;

/* How one listing is read. */
struct paging {
    Consentd__Reply__BodyCase body; /* of each page; it has `more`, and one list */
    /* Makes the request ask for the page after this one. False: there is none. NULL: the page's `next` becomes the
       request's `after`. */
    bool (*go_on) (struct pages *self, const Consentd__Reply *page);
    /* The page lists the same state as the first page. NULL: the state may change meanwhile. */
    bool (*is_same) (const Consentd__Reply *first, const Consentd__Reply *page);
};

struct pages {
    struct ctl *ctl;
    Consentd__Request *request; /* borrowed; each page moves it on */
    const struct paging *paging;
    bool more;          /* there is another page; the caller sets it to false to stop */
    uint8_t ticket[64]; /* the `listing` of the page before */
    size_t ticket_size;
};

/* Starts before the first page. */
struct pages pages_start (struct ctl *ctl, Consentd__Request *request, const struct paging *paging);
/* Reads the next page. 0 with *page_p, which the caller must free with consentd__reply__free_unpacked; or an exit
   code with its line printed. */
int pages_next (struct pages *self, Consentd__Reply **page_p);

enum { PAGES_CHANGED = -1 };
/* Reads all pages into one reply. It has the items of all pages; its other fields are those of the first and the
   last page. 0 with *all_p as above; PAGES_CHANGED if the state changed meanwhile; or an exit code with its line
   printed. */
int pages_all (struct ctl *ctl, Consentd__Request *request, const struct paging *paging, Consentd__Reply **all_p);

/* The list in the body of a reply. Borrowed from the reply; `items` are messages of one kind. */
struct pages_list {
    void ***items;
    size_t *count;
};
struct pages_list pages_list_of (const Consentd__Reply *reply);
