/* R4, AVG 19: who received data of a subject is told that they were corrected or erased, and has to do the same at
   its own side. */
#pragma once
#include "rules/obligations.h"
#include "subject_file.h"

/* The parties that received one of these categories. NULL: or anything. Memory is the arena's. */
struct text_set recipients_find (struct turn *turn, const struct subject_file *file,
                                 const struct text_set *categories);

/* The categories as which these facts of a subject (record.h) may have been passed on. False: the pack does not
   say that of one of them, and whoever received anything may have it. Memory is the arena's. */
bool recipients_categories (struct turn *turn, unsigned facts, struct text_set *categories);

/* Tells each of them: an event, and an obligation to report it done (C10), which is named by the line of the log
   that is written next. `kind` is OBLIGATION_RECTIFY_DATA, which names the categories that the party received, or
   OBLIGATION_ERASE_DATA, with no categories, which the erasure of the subject leaves behind. To be called at most
   once a line with one kind. `told`, which may be NULL, is set to the parties. 0 or a failure. */
int recipients_tell (struct turn *turn, const struct subject_file *file, enum obligation kind,
                     const struct text_set *categories, struct text_set *told);
/* The same of what each of these parties received that is to be corrected. */
int recipients_tell_each (struct turn *turn, const struct subject_file *file, const struct received *each,
                          size_t count);
