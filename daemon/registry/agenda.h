/* What time brings (V5, M5, C10, R2): the end of each consent, the moment from which it has lapsed, and the due
   date of each open obligation, and of each open request of a subject. An entry that is due at once says that a
   correction brought a consent back. An entry makes nothing true: it says when to look. The registry's state also
   keeps the earliest moment at which something may have to be made known, so that a turn need not search the table
   for it. */
#pragma once
#include "rules/decide.h"
#include "turn.h"

enum agenda_kind { /* the numbers of DueKind in proto/check.proto */
                   AGENDA_ENDS = 1,
                   AGENDA_LAPSES,
                   AGENDA_OBLIGATION,
                   AGENDA_RETURNS, /* the parties were told that the consent had ended, and it has not; not listed
                                      as due */
                   AGENDA_RIGHTS,  /* a request of the subject is to be decided (R2) */
                   AGENDA_VIEW,    /* the view of another is to come (KB 13.3) */
                   AGENDA_OVERDUE, /* and this is to be told of a request; not listed as due */
};

struct agenda_entry {
    enum agenda_kind kind;
    moment when;
    uint8_t id[16]; /* of the consent; for an obligation see obligation.h, for a request rights_request.h */
    uint8_t subject[VAULT_ID_SIZE];
};

enum { AGENDA_KEY_SIZE = 1 + 8 + 16 };

/* Writes an entry; the same entry may be written twice. Nothing is written if its moment is MOMENT_NEVER. 0 or a
   failure. */
int agenda_put (struct turn *turn, const struct agenda_entry *entry);
/* Removes an entry. 0, STORE_NOT_FOUND or a failure. */
int agenda_remove (struct turn *turn, const struct agenda_entry *entry);
/* Finds the first entry at or behind this key. An empty key finds the first of all. *entry is a copy. 0,
   STORE_NOT_FOUND, RECORD_DAMAGED or a failure. */
int agenda_seek (struct turn *turn, struct bytes from, struct agenda_entry *entry);
/* Writes the key of an entry. The table is ordered by it. */
void agenda_key (const struct agenda_entry *entry, uint8_t key[AGENDA_KEY_SIZE]);
/* Moves a key to the next possible one. */
void agenda_step (uint8_t key[AGENDA_KEY_SIZE]);

/* The moment at which a consent lapses. MOMENT_NEVER where it does not lapse, or lapses only after its end. */
moment agenda_lapse_of (const struct statement *statement);
/* Enters the ends of a statement that was just recorded. The statement is prepared. 0 or a failure. */
int agenda_enter (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], const struct statement *statement);
/* Enters the ends of a statement that are later than `since`. They may have been told already, while the clock was
   ahead (C14). 0 or a failure. */
int agenda_enter_again (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], const struct statement *statement,
                        moment since);
/* Removes the ends of a statement that are past: the parties know that it has ended. 0 or a failure. */
int agenda_pass_over (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], const struct statement *statement);
/* Removes all entries of a statement. 0 or a failure. */
int agenda_take_out (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], const struct statement *statement);
/* The subject's record changed. With it may change when a consent lapses, and what state it has now. */
struct agenda_change {
    const struct statement *before, *after;
    enum statement_state state_before, state_after; /* at this moment */
};
/* Moves the entry of the lapse to its new moment. Also has the parties told what they do not know yet (V5): that
   the consent has lapsed, or that it stands again. 0 or a failure. */
int agenda_move (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], const struct agenda_change *change);
