/* The files of a pack, one function for each. They are called in this order, because later files name codes of
   earlier ones. Each tells all that is wrong in its file (policy_value.h), and leaves a policy that can be
   destroyed. */
#pragma once
#include "policy_value.h"

void policy_read_origins (struct policy_reading *self, const struct policy_document *document);
void policy_read_parties (struct policy_reading *self, const struct policy_document *document);
void policy_read_categories (struct policy_reading *self, const struct policy_document *document);
void policy_read_purposes (struct policy_reading *self, const struct policy_document *document);
void policy_read_statutes (struct policy_reading *self, const struct policy_document *document);
void policy_read_urgent_reasons (struct policy_reading *self, const struct policy_document *document);
void policy_read_representatives (struct policy_reading *self, const struct policy_document *document);
void policy_read_flows (struct policy_reading *self, const struct policy_document *document);
void policy_read_ages (struct policy_reading *self, const struct policy_document *document);
void policy_read_notices (struct policy_reading *self, const struct policy_document *document);
void policy_read_retention (struct policy_reading *self, const struct policy_document *document);
void policy_read_settings (struct policy_reading *self, const struct policy_document *document);
void policy_read_cases (struct policy_reading *self, const struct policy_document *document);

/* What the functions share. */

/* Fails on each heading whose sort is not in `sorts`. One that is like one of them counts as that from then on;
   else the file is `unsure`. Also fails if the file has no heading of the first sort, unless `may_be_empty`. */
void policy_check_headings (struct policy_reading *self, const struct policy_document *document,
                            const char *const *sorts, size_t count, bool may_be_empty);
/* The number of headings of this sort. Fails if there are more than CODE_LIMIT. */
size_t policy_count_headings (struct policy_reading *self, const struct policy_document *document,
                              const char *sort);

/* A sort of stanza that declares a code. */
struct policy_sort {
    const char *name;
    size_t size; /* bytes of an entry; it begins with struct policy_entry */
    const struct policy_key *keys;
    size_t key_count;
    void (*read) (struct policy_reading *self, const struct policy_stanza *stanza, void *entry);
};

/* Reads every stanza of the sort: first all codes are declared in `vocabulary`, then each stanza is read. Returns
   the list of vocabulary->count entries, never NULL. Caller owns the list, and what `read` put in it. */
void *policy_read_list (struct policy_reading *self, const struct policy_document *document,
                        const struct policy_sort *sort, struct policy_vocabulary *vocabulary);
/* Reads the labels and the source: keys "nl", "en" and "source". */
void policy_read_entry (struct policy_reading *self, const struct policy_stanza *stanza,
                        struct policy_entry *entry);
