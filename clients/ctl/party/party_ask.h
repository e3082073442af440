/* Parties, between the registry and the commands that show and change them. */
#pragma once
#include "ask.h"
#include "parties/party_text.h"

/* Reads all parties into one reply; all pages are of the same table. 0 with *all_p, which the caller must free
   with consentd__reply__free_unpacked; or an exit code with its line printed. */
int party_ask_all (struct ctl *ctl, Consentd__Reply **all_p);
/* Reads one party, in the same way. */
int party_ask_one (struct ctl *ctl, const char *id, Consentd__Reply **reply_p);

/* Turn a party of the protocol into one as in its file, and back. All of it is the arena's. */
struct party_text party_from_wire (const Consentd__Party *wire, struct arena *arena);
Consentd__Party *party_to_wire (const struct party_text *party, struct arena *arena);

/* How parties must become, and the table that was looked at. */
struct party_plan {
    const struct party_text *parties;
    size_t count;
    const ProtobufCBinaryData *table;
};
/* Asks for all these changes at once, or, as a trial, what they would change. 0 with *reply_p as above, or an exit
   code with its line printed. */
int party_ask_apply (struct ctl *ctl, const struct party_plan *plan, bool trial, Consentd__Reply **reply_p);

/* Prints a line for each change: "cak: changed: role partner -> loket". */
void party_print_changes (struct ctl *ctl, const Consentd__Reply *reply);
