/* Policy packs on this machine. */
#pragma once
#include <stdint.h>

struct ctl;
struct policy;
struct policy_error;
struct policy_faults;

enum { PACK_FAULTS = 100 }; /* the most that are told one by one */

/* Reads a pack. 0, or an exit code with a line printed for each thing that is wrong. Caller owns *policy_p. */
int pack_read (const char *directory, struct policy **policy_p);
/* The same, but the pack's cases are not judged. For looking at a pack that is being written. */
int pack_read_untried (const char *directory, struct policy **policy_p);
/* Prints "directory/file:line: stanza, field: message", and returns the exit code for this outcome of a reader. */
int pack_fail (const char *directory, int outcome, const struct policy_error *error);
/* The same of all that is wrong, and how much that is. */
int pack_fail_all (const char *directory, int outcome, const struct policy_faults *faults);
/* The same of its letters, in the folder of the pack that is for them. */
int pack_fail_letters (const char *directory, const struct policy_faults *faults);
/* Where the pack in force is, for an operator, who is on the same machine; the arena's. NULL for anyone else, and
   after a failure, with the exit code in *error and its line printed. */
const char *pack_in_force (struct ctl *ctl, int *error);

enum { PACK_HASH = 32, PACK_LIMIT = 16 << 20 /* bytes: more than a pack can have */ };

/* The pack with this hash, as the registry keeps it since it decided by it; it is verified. 0 with *policy_p,
   which the caller owns, or NULL: the registry does not keep it. Otherwise an exit code with its line printed. */
int pack_kept (struct ctl *ctl, const uint8_t hash[PACK_HASH], struct policy **policy_p);
