/* What a simulation shows of consents that are asked for (G1). */
#pragma once
#include "simulation_verbs.h"

/* A request for the waiting list behind that page of it, NULL: from its begin; `bsn` "": of every subject. */
Consentd__Request *simulation_waiting_list (struct simulation *self, const char *bsn,
                                            const Consentd__WaitingListReply *before, unsigned limit);
/* That page as kernteam sees it, which must be shown. */
const Consentd__WaitingListReply *simulation_waiting_page (struct simulation *self, const char *bsn,
                                                           const Consentd__WaitingListReply *before,
                                                           unsigned limit);
/* How many wait, by pages of 32. */
size_t simulation_waiting (struct simulation *self, const char *bsn);

/* The consent, which must be shown to the party; or what the party hears instead. */
const Consentd__Consent *simulation_shown (struct simulation *self, const char *party, const uint8_t *consent);
const char *simulation_unseen (struct simulation *self, const char *party, const uint8_t *consent);
