/* Policy packs on this machine. */
#pragma once

struct policy;

/* Reads a pack. 0, or an exit code with "file:line: message" printed. Caller owns *policy_p. */
int pack_read (const char *directory, struct policy **policy_p);
/* The same, but the pack's cases are not judged. For looking at a pack that is being written. */
int pack_read_untried (const char *directory, struct policy **policy_p);
