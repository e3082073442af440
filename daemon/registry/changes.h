/* The subjects whose file changed recently in a way that may take a permit away: a statement, a withdrawal, a
   restriction, a correction. A decision that is made in one turn and answered in a later one must know of such a
   change (C13). In memory only. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "vault.h"

struct changes;

/* Caller owns it. */
struct changes *changes_new (void);
void changes_destroy (struct changes **self_p);

/* Notes that a subject's file changed. This stands even if the turn fails: some decision is then made again, which
   does no harm. */
void changes_note (struct changes *self, const uint8_t subject[VAULT_ID_SIZE]);
/* How many changes were noted so far. */
uint64_t changes_count (const struct changes *self);
/* This subject is among the changes that came after the first `count`. Also true where those are forgotten. */
bool changes_since (const struct changes *self, const uint8_t subject[VAULT_ID_SIZE], uint64_t count);
