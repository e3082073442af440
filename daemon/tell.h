/* What befell some data, told to every party that it concerns, in the transaction that makes it so (V4, V5). */
#pragma once
#include "outbox.h"

/* Items of a consent: one flag a provider, recipient and category of its own lists, in this order of nesting. */
struct tell_items {
    const struct statement *consent;
    bool *flags;
    size_t count; /* of the flags that are set */
};

/* Those of the consent that `part` names and that are not withdrawn yet; NULL: of all of it. Between a party and
   itself there is none (G3). Memory is the arena's. */
void tell_find_items (struct turn *turn, const struct statement *consent, const struct withdrawal *part,
                      struct tell_items *items);

/* Tells each party that is provider or recipient of one of the items, who received data under the consent among
   them, and each only its part (V6). What ends a consent leaves nothing of it for them, a withdrawal may, and what is
   recorded anew, or comes back, does. `informed`
   is then those parties; it may be NULL. 0 or a failure. */
int tell_consent (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], enum event_kind kind,
                  const struct tell_items *items, struct text_set *informed);

/* Tells one party what `event` says of the subject; its time, revision and subject_ref are filled in here. 0 or a
   failure. */
int tell_party (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], const char *party, struct event *event);
