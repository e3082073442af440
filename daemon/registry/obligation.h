/* Obligations that must be reported done (C10, R4). They are kept with the subject whom they are about, and are on
   the agenda as long as they are open.

   Those to erase outlive the subject's record and key: they tell only what must be erased, by its holder's own
   pseudonym of the subject, are sealed under the registry's key, and are deleted when they are done. */
#pragma once
#include "agenda.h"
#include "subject_file.h"

enum {
    OBLIGATION_KEY_SIZE = VAULT_ID_SIZE + 8 + 1,       /* of one that a disclosure brought */
    OBLIGATION_NTH_KEY_SIZE = OBLIGATION_KEY_SIZE + 2, /* of one that several may hold */
};

struct duty_name obligation_name (const struct kept_duty *duty);
/* A key of STORE_OBLIGATION may have this size. */
bool obligation_is_key_size (size_t size);

/* Records a new obligation. 0 or a failure. */
int obligation_add (struct turn *turn, const struct subject_file *file, const struct kept_duty *duty);
/* Writes an obligation in its new state; `before` is its old state. 0 or a failure. */
int obligation_rewrite (struct turn *turn, const struct subject_file *file, const struct kept_duty *before,
                        const struct kept_duty *now);
/* Puts the obligation with this key of STORE_OBLIGATION on the agenda again, if it is open. 0,
   SUBJECT_FILE_NOT_FOUND, RECORD_DAMAGED or a failure. */
int obligation_enter_again (struct turn *turn, const uint8_t *key, size_t key_size);
/* Reads one obligation of the subject. Borrows from the arena. 0, OBLIGATION_NOT_FOUND, RECORD_DAMAGED or a
   failure. */
int obligation_read (struct turn *turn, const struct subject_file *file, struct duty_name name,
                     struct kept_duty *duty);
/* The same for an entry of the agenda, which names subject and obligation. Also SUBJECT_FILE_NOT_FOUND. */
int obligation_read_by_entry (struct turn *turn, const struct agenda_entry *entry, struct kept_duty *duty);
/* Reads the subject's first obligation behind this one (decision 0: the first of all), ordered by name. Returns as
   obligation_read does. */
int obligation_next (struct turn *turn, const struct subject_file *file, struct duty_name after,
                     struct kept_duty *duty);

/* An entry of STORE_OBLIGATION or STORE_AGENDA with this key is of one to erase. */
bool obligation_outlives_subject (enum store_table table, struct bytes key);
/* Deletes all obligations of the subject but those to erase (R7). 0, RECORD_DAMAGED or a failure. */
int obligation_take_out (struct turn *turn, const struct subject_file *file);
