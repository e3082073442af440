/* What a view knows to be permitted, in memory: found by a hash, in a microsecond. Pure: no connection, no clock.
   What is not in it is not permitted. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { VIEW_SUBJECT = 16 /* bytes of the party's own pseudonym of a subject */ };

/* Between whom what may flow, and what for. `case_ref` "": whatever case a question names, or none. */
struct view_flow {
    const char *provider, *recipient, *purpose, *category, *case_ref;
};

/* It is permitted in [from, until), by the registry's clock. `until` 0: no end is known. */
struct view_permit {
    int64_t from, until;
};

enum view_found {
    VIEW_NOTHING,
    VIEW_PERMITTED,
    VIEW_SHUT, /* what is known of this subject may be out of date */
};

struct view_table;
/* Caller owns it. */
struct view_table *view_table_new (void);
void view_table_destroy (struct view_table **self_p);

/* In the place of what was known of it. What is longer than the protocol has it is not kept, and so not permitted.
 */
void view_table_put (struct view_table *self, const uint8_t subject[VIEW_SUBJECT], const struct view_flow *flow,
                     struct view_permit permit);
/* It is not permitted. */
void view_table_take (struct view_table *self, const uint8_t subject[VIEW_SUBJECT], const struct view_flow *flow);
/* Nothing is permitted about this subject: all of it is forgotten. */
void view_table_forget (struct view_table *self, const uint8_t subject[VIEW_SUBJECT]);
/* From now on nothing is permitted about this subject, whatever is put: until a new table is made. */
void view_table_shut (struct view_table *self, const uint8_t subject[VIEW_SUBJECT]);

/* At this moment, for a question with this case: by what is permitted for the case, or for any. */
enum view_found view_table_find (const struct view_table *self, const uint8_t subject[VIEW_SUBJECT],
                                 const struct view_flow *flow, int64_t now);
/* Permits in it, whether their time has come or gone. */
size_t view_table_count (const struct view_table *self);
