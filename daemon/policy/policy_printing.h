/* What the parts of policy_print share. */
#pragma once
#include <stdbool.h>
#include <stdio.h>
#include "policy_paragraph.h"

/* A pack that is being printed. */
struct policy_printing {
    const struct policy *policy;
    FILE *out;
    bool dutch; /* else in English; codes are the pack's own in both */
};

/* The text in the language of the print. Both are formats with the same arguments, or neither is one. */
static inline const char *__attribute__ ((format_arg (2), format_arg (3)))
policy_say (const struct policy_printing *self, const char *english, const char *dutch)
{
    return self->dutch ? dutch : english;
}

/* Codes of one sort: `list` holds entries of `stride` bytes; each begins with its struct policy_entry. */
struct policy_names {
    const void *list;
    size_t count, stride;
};

#define POLICY_NAMES(list, count) ((struct policy_names){(list), (count), sizeof *(list)})

/* The first line of an entry: its code, its label, and a remark; "": none. */
void policy_print_entry (const struct policy_printing *self, const struct policy_entry *entry, const char *remark);
/* Writes the codes of a set, separated by commas; `end` follows the last. */
void policy_write_set (struct policy_paragraph *paragraph, struct policy_names names, const code_set *set,
                       const char *end);
/* A labelled line with the codes of a set. */
void policy_print_set (const struct policy_printing *self, const char *label, struct policy_names names,
                       const code_set *set);

/* policy_print_terms.c: statutes, urgent reasons, who signs, how long, and the settings. */
void policy_print_terms (const struct policy_printing *self);
