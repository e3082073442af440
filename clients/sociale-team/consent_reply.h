/* Tells whoever gave a form what the registry said of it: in Dutch, by the labels of the form. */
#pragma once
#include "ctl.h"
#include "envelope.pb-c.h"

/* Prints why it was not recorded, or what the rules warn of. 0 with *id_p, the arena's, if it was recorded; or an
   exit code. */
int consent_reply_tell (struct ctl *ctl, const Consentd__Request *request, const Consentd__Reply *reply,
                        const char **id_p);
/* Tells the key of a request to which no answer came (`is_known` false), or which can be asked again later: with
   the same key nothing is done twice. */
void consent_reply_tell_key (const Consentd__Request *request, bool is_known);
