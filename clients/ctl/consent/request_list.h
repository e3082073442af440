/* The social team's list of requests for consent that wait for the subject's answer. */
#pragma once
#include "listing.h"

/* Prints the waiting requests. `bsn` "": of every subject. Returns the exit code. */
int request_list (struct ctl *ctl, char *bsn);
/* Finds the request with this subject and id. 0 with *reply_p, which lends *found_p and which the caller must
   free; or an exit code with its line printed. */
int request_find (struct ctl *ctl, char *bsn, const ProtobufCBinaryData *id, Consentd__Reply **reply_p,
                  const Consentd__Waiting **found_p);
