/* An answer that did not come. Nobody then knows whether the request was recorded; a person is told how to find
   out. */
#pragma once
#include "ctl.h"
#include "envelope.pb-c.h"

/* The request records something, and its answer is given again for its key. */
bool lost_is_recording (const Consentd__Request *request);
/* Prints what to do: the key with which the command may be repeated, and where to look. */
void lost_explain (struct ctl *ctl, const Consentd__Request *request, bool is_known);
/* The key that was given belongs to another request, so that request was recorded. Prints where to look. */
void lost_explain_conflict (const Consentd__Request *request);
