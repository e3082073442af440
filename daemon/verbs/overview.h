/* Access (R1): the parts of which the verb `overview` is made. */
#pragma once
#include "audit/log.h"
#include "hearings.h"
#include "verbs.h"

enum { OVERVIEW_LABELS = 400 };

/* A page that is filled. */
struct overview_page {
    struct turn *turn;
    const struct caller *caller;
    const struct subject_file *file;
    const char *reader; /* "subject", or the reference of a representative */
    struct overview_entry *entries;
    struct overview_label *labels;
    size_t limit, count, label_count;
    size_t size; /* bytes of the answer so far, rather too many than too few */
    bool is_full;
    uint64_t unreadable;
    uint64_t since; /* the line of the log that erased the subject; 0: never */
    struct hearings *hearings;
};

/* Adds an entry of about so many bytes. False: there is no room for it, and the next page begins with it. */
bool overview_add (struct overview_page *self, const struct overview_entry *entry, size_t size);

/* overview_reader.c: what of a record the reader may see (R6, M9). Each sets *left_out if something was left out.
 */

/* Whether it may be made for this reader, whom `field` of the request names. If not, the answer says why. */
bool overview_reader_is_right (struct turn *turn, const char *reader, const char *field,
                               struct handling *handling);
/* The texts are the arena's, or borrowed from the argument. */
struct subject *overview_see_subject (const struct overview_page *self, const struct subject *subject,
                                      bool *left_out);
struct statement *overview_see_statement (const struct overview_page *self, const struct statement *statement,
                                          bool *left_out);
struct rights_request overview_see_request (const struct overview_page *self, const struct rights_request *request,
                                            bool *left_out);
struct kept_duty overview_see_duty (const struct kept_duty *duty, bool *left_out);
/* What was asked, without texts and users. */
const struct request *overview_see_check (const struct overview_page *self, const struct request *asked,
                                          bool *left_out);

/* overview_labels.c: notes what the codes of an entry mean. */
void overview_label (struct overview_page *self, enum overview_label_kind kind, const char *code);
void overview_label_scope (struct overview_page *self, const struct scope *scope);
void overview_label_check (struct overview_page *self, const struct check_request *check);

/* overview_line.c: adds what a line of the log tells. False: as overview_add. *rc: 0 or a failure. */
bool overview_add_line (struct overview_page *self, const struct audit_record *record, int *rc);
