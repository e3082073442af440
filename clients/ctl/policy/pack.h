/* Policy packs on this machine. */
#pragma once

struct policy;

/* Reads a pack. 0, or an exit code with "file:line: message" printed. Caller owns *policy_p. */
int pack_read (const char *directory, struct policy **policy_p);
/* The same of a pack whose cases may come out otherwise than they say: for looking at what is being written. */
int pack_read_untried (const char *directory, struct policy **policy_p);
