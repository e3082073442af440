/* Tells every party concerned what happened to some data, in the transaction of the change (V4, V5). */
#pragma once
#include "outbox.h"

/* Items of a consent: one flag for each provider, recipient and category of its own lists, nested in this
   order. */
struct tell_items {
    const struct statement *consent;
    bool *flags;
    size_t count; /* of the flags that are set */
};

/* Finds the items of the consent that `part` names (NULL: all) and that are not withdrawn yet. Between a party and
   itself there is no item (G3). Memory is the arena's. */
void tell_find_items (struct turn *turn, const struct statement *consent, const struct withdrawal *part,
                      struct tell_items *items);

/* Tells each party that is provider or recipient of one of the items. Parties that received data under the consent
   are among these. Each hears only its own part (V6). The event's `whole` says that nothing of the consent is left
   for the party: true when the consent ended, false when it was recorded or came back; for a withdrawal it depends
   on what is left. `informed`, which may be NULL, is set to these parties. 0 or a failure. */
int tell_consent (struct turn *turn, struct about about, enum event_kind kind,
                  const struct tell_items *items, struct text_set *informed);

/* Tells each active party that has all of these permissions (permission.h) what `event` says, which is about
   nobody in particular. Fills in the event's time and revision. 0 or a failure. */
int tell_all_with (struct turn *turn, uint32_t permissions, const struct event *event);
/* Tells one party what `event` says about the subject. Fills in the event's time, revision and subject_ref. 0 or a
   failure. */
int tell_party (struct turn *turn, struct about about, const char *party, struct event *event);
/* The same, so that the party can read it when the subject's key is gone: nothing about the subject may be in it
   (R4, R7). */
int tell_party_lastingly (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], const char *party,
                          struct event *event);
