/* What time brings (V5, M5, C10): the end of each consent, the moment from which it has lapsed, the due date of
   each open obligation; and, due at once, that a correction brought a consent back. An entry makes nothing true:
   it says when to look. Beside the store's table the registry's state keeps the earliest moment at which a consent
   may have ended, so that a turn need not look for it. */
#pragma once
#include "rules/decide.h"
#include "turn.h"

enum agenda_kind { /* the numbers of DueKind in proto/check.proto */
                   AGENDA_ENDS = 1,
                   AGENDA_LAPSES,
                   AGENDA_OBLIGATION,
                   AGENDA_RETURNS, /* it was told that the consent had ended; not listed as due */
};

struct agenda_entry {
    enum agenda_kind kind;
    moment when;
    uint8_t id[16]; /* of the consent; of an obligation: see obligation.h */
    uint8_t subject[VAULT_ID_SIZE];
};

enum { AGENDA_KEY_SIZE = 1 + 8 + 16 };

/* Writes an entry, or the same again. Never: nothing is written. 0 or a failure. */
int agenda_put (struct turn *turn, const struct agenda_entry *entry);
/* Takes one out. 0, STORE_NOT_FOUND or a failure. */
int agenda_remove (struct turn *turn, const struct agenda_entry *entry);
/* The first entry at or behind this key; an empty one: of all. *entry is a copy. 0, STORE_NOT_FOUND,
   RECORD_DAMAGED or a failure. */
int agenda_seek (struct turn *turn, struct bytes from, struct agenda_entry *entry);
/* Where an entry stands: the order of the table. */
void agenda_key (const struct agenda_entry *entry, uint8_t key[AGENDA_KEY_SIZE]);

/* The moment at which a consent lapses; never where it does not, or only after its end. */
moment agenda_lapse_of (const struct statement *statement);
/* Enters the ends of a statement that was just recorded, and prepared. 0 or a failure. */
int agenda_enter (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], const struct statement *statement);
/* Enters those of its ends that are later than `since`, which may have been told under a clock that was ahead
   (C14). 0 or a failure. */
int agenda_enter_again (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], const struct statement *statement,
                        moment since);
/* Takes out those of its ends that are past: the parties know that it has ended. 0 or a failure. */
int agenda_pass_over (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], const struct statement *statement);
/* The subject's record changed, and with it, it may be, when a consent lapses, and what state it has now. */
struct agenda_change {
    const struct statement *before, *after;
    enum statement_state state_before, state_after; /* now */
};
/* Moves the lapse to its moment, and sees to it that what the parties do not know yet is told (V5): that it has
   lapsed, or that it stands again. 0 or a failure. */
int agenda_move (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], const struct agenda_change *change);
