/* Obligations that must be reported done (C10). They are kept with the subject whom they are about, and are on the
   agenda as long as they are open. */
#pragma once
#include "subject_file.h"

enum { OBLIGATION_KEY_SIZE = VAULT_ID_SIZE + 8 + 1 };

/* Records a new obligation. 0 or a failure. */
int obligation_add (struct turn *turn, const struct subject_file *file, const struct kept_duty *duty);
/* Writes an obligation in its new state; `before` is its old state. 0 or a failure. */
int obligation_rewrite (struct turn *turn, const struct subject_file *file, const struct kept_duty *before,
                        const struct kept_duty *now);
/* Puts the obligation with this key of STORE_OBLIGATION on the agenda again, if it is open. 0, RECORD_DAMAGED or a
   failure. */
int obligation_enter_again (struct turn *turn, const struct subject_file *file,
                            const uint8_t key[OBLIGATION_KEY_SIZE]);
/* Reads one obligation of the subject. Borrows from the arena. 0, OBLIGATION_NOT_FOUND, RECORD_DAMAGED or a
   failure. */
int obligation_read (struct turn *turn, const struct subject_file *file, uint64_t decision, enum obligation kind,
                     struct kept_duty *duty);
/* Reads the subject's first obligation behind this one (decision 0: the first of all), ordered by decision and
   kind. Returns as obligation_read does. */
int obligation_next (struct turn *turn, const struct subject_file *file, uint64_t decision, enum obligation kind,
                     struct kept_duty *duty);

/* Deletes all obligations of the subject (R7). 0, RECORD_DAMAGED or a failure. */
int obligation_take_out (struct turn *turn, const struct subject_file *file);

/* The obligation with this id on the agenda. */
void obligation_of_agenda_id (const uint8_t id[16], uint64_t *decision, enum obligation *kind);
