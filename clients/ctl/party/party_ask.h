/* Parties between the registry and the commands that show and change them. */
#pragma once
#include "ask.h"
#include "parties/party_text.h"

/* All parties, as one reply: every page, of one and the same table. 0 with *all_p, which the caller must free with
   consentd__reply__free_unpacked; or an exit code with its line printed. */
int party_ask_all (struct ctl *ctl, Consentd__Reply **all_p);
/* One party, in the same way. */
int party_ask_one (struct ctl *ctl, const char *id, Consentd__Reply **reply_p);

/* As in its file; texts are borrowed, lists the arena's. */
struct party_text party_from_wire (const Consentd__Party *wire, struct arena *arena);
Consentd__Party *party_to_wire (const struct party_text *party, struct arena *arena);

/* Parties that are to become so, and what was looked at. */
struct party_plan {
    const struct party_text *parties;
    size_t count;
    const ProtobufCBinaryData *table;
};
/* Asks for all of them at once, or what would become of them. 0 with *reply_p as above; or an exit code with its
   line printed. */
int party_ask_apply (struct ctl *ctl, const struct party_plan *plan, bool trial, Consentd__Reply **reply_p);

/* "cak: changed: role partner -> loket": a line for each. */
void party_print_changes (struct ctl *ctl, const Consentd__PartyApplyReply *changes);
