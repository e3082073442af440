/* The triage decision as a JSON file: an object with the fields of Triage in proto/check.proto, such as

       {"necessity": "...", "serious_situation": true, "inform": "after", "inform_by": "2026-12-05", ...}

   What is left out is missing; the registry says so. A day in inform_by counts itself. */
#pragma once
#include "envelope.pb-c.h"

struct ctl;

/* Reads it into `triage`, which was initialised; texts are the arena's. 0, or an exit code with its line printed:
   it names a field, and nothing that stands there. */
int triage_file_read (struct ctl *ctl, const char *path, Consentd__Triage *triage);
