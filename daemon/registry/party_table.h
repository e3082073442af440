/* The parties in the store. A turn changes them, with a line of the log for each party, and the change counts from
   its commit (A1, A2). Each record of a party is kept, with the number of its line; the newest record is the party
   as it is. */
#pragma once
#include "audit/log.h"
#include "in_force.h"
#include "parties/parties.h"
#include "parties/party_file.h"
#include "turn.h"

/* Reads the parties of the store into turn->parties. If the store never held any, it takes up the files of the
   directory `parties` of the configuration, all or none, and sets *taken_up to their number. 0;
   PARTY_TABLE_INVALID, and `error` says which file, which line and why; or a failure. */
int party_table_open (struct turn *turn, size_t *taken_up, struct settings_error *error);

/* Reads and judges the party files of the configuration. The list is the arena's. 0, or SETTINGS_INVALID with file
   and line. */
int party_table_read_files (const struct parties_basis *basis, struct arena *arena, struct party_list *list,
                            struct settings_error *error);

/* Who changes parties. */
struct party_author {
    const char *party, *user; /* "": the daemon itself */
    enum audit_origin origin;
};

/* Changes these parties, or adds them. A party that does not differ is skipped. turn->parties is the new table at
   once. The caller has checked that the parties are valid, also together. 0 or a failure. */
int party_table_change (struct turn *turn, const struct party_author *author, const struct party_text *changed,
                        size_t count);
/* Adds or changes one party, from a file: the way back in, if no operator can sign in any more. 0,
   PARTY_TABLE_INVALID or a failure. */
int party_table_bring_operator (struct turn *turn, const char *path, struct settings_error *error);
/* Judges the parties against another configuration and pack. 0 with *judged_p, which the caller owns, or
   PARTY_TABLE_INVALID where parties do not fit, with their names in `error`. */
int party_table_judge (const struct parties *parties, const struct in_force *in_force, struct parties **judged_p,
                       struct settings_error *error);
/* Writes a line of the log for each party that does not fit. 0 or a failure. */
int party_table_log_unfit (struct turn *turn);
