/* What a line of the audit log is about, in a few words. */
#pragma once

struct arena;

/* The codes, ids and references of the request in the details, or else the note. No free text. The details are
   JSON, as the daemon gives them. Never NULL; the arena's. */
const char *audit_summary (struct arena *arena, const char *details);
