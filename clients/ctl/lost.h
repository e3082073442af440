/* An answer that did not come: whether it was recorded is then not known, and a person is told how to find out. */
#pragma once
#include "ctl.h"
#include "envelope.pb-c.h"

/* The request records something, whose answer is given again for its key. */
bool lost_is_recording (const Consentd__Request *request);
/* Prints what to do: the key with which the command may be given again, and where to look. */
void lost_explain (struct ctl *ctl, const Consentd__Request *request, bool is_known);
/* The key that was given again is that of another request, and so that one was recorded: says where to look. */
void lost_explain_conflict (const Consentd__Request *request);
