/* Obligations that are to be reported done (C10), kept with the subject whom they are about, and on the agenda as
   long as they are open. */
#pragma once
#include "subject_file.h"

enum { OBLIGATION_NOT_FOUND = 48, OBLIGATION_KEY_SIZE = VAULT_ID_SIZE + 8 + 1 };

/* Records a new one. 0 or a failure. */
int obligation_add (struct turn *turn, const struct subject_file *file, const struct kept_duty *duty);
/* Writes one as it now is; `before` is as it was. 0 or a failure. */
int obligation_rewrite (struct turn *turn, const struct subject_file *file, const struct kept_duty *before,
                        const struct kept_duty *now);
/* Reads one of the subject by its name. Borrows from the arena. 0, OBLIGATION_NOT_FOUND, RECORD_DAMAGED or a
 * failure. */
int obligation_read (struct turn *turn, const struct subject_file *file, uint64_t decision, enum obligation kind,
                     struct kept_duty *duty);
/* The subject's first one behind this name (0: of all), by decision and kind. As obligation_read. */
int obligation_next (struct turn *turn, const struct subject_file *file, uint64_t decision, enum obligation kind,
                     struct kept_duty *duty);

/* On the agenda an obligation is named so. */
void obligation_agenda_id (uint64_t decision, enum obligation kind, uint8_t id[16]);
void obligation_of_agenda_id (const uint8_t id[16], uint64_t *decision, enum obligation *kind);
