/* Whose file was changed of late by what may take a permit away: a statement, a withdrawal, a restriction, a
   correction. What is decided in one turn and answered in a later one must know of it (C13). Memory only. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "vault.h"

struct changes;

/* Caller owns it. */
struct changes *changes_new (void);
void changes_destroy (struct changes **self_p);

/* A subject's file is changed. A turn that fails does not take it back: that some decision is made again harms
   nobody. */
void changes_note (struct changes *self, const uint8_t subject[VAULT_ID_SIZE]);
/* How many there were so far. */
uint64_t changes_count (const struct changes *self);
/* Whether this subject is among those that came after the first `count`; true also where that is forgotten. */
bool changes_since (const struct changes *self, const uint8_t subject[VAULT_ID_SIZE], uint64_t count);
