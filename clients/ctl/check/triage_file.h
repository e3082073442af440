/* The triage decision as a JSON file: an object with the fields of Triage in proto/check.proto, such as

       {"necessity": "...", "serious_situation": true, "inform": "after", "inform_by": "2026-12-05", ...}

   A field that is left out is missing, and the registry says so. A day in inform_by is included. */
#pragma once
#include "envelope.pb-c.h"

struct ctl;

/* Reads the file into `triage`, which the caller has initialised. Texts are the arena's. 0, or an exit code with
   its line printed: the line names a field, and never its content. */
int triage_file_read (struct ctl *ctl, const char *path, Consentd__Triage *triage);
