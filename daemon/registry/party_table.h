/* The parties in the store: changed in a turn, with a line of the log for each, effective with its commit (A1,
   A2). The record of a party is kept from the number of its line on; the newest one is the party as it is. */
#pragma once
#include "audit/log.h"
#include "in_force.h"
#include "parties/parties.h"
#include "parties/party_file.h"
#include "turn.h"

enum { PARTY_TABLE_INVALID = 65 }; /* the error says which file, which line and why */

/* Reads the parties of the store into turn->parties. Where it never held any, takes up the files of the directory
   `parties` of the configuration, all or none, and says how many in *taken_up.
   0, PARTY_TABLE_INVALID, RECORD_DAMAGED or a failure. */
int party_table_open (struct turn *turn, size_t *taken_up, struct settings_error *error);

/* The party files of the configuration, read and judged. 0, or SETTINGS_INVALID with file and line. The arena's.
 */
int party_table_read_files (const struct parties_basis *basis, struct arena *arena, struct party_list *list,
                            struct settings_error *error);

/* Who changes parties. */
struct party_author {
    const char *party, *user; /* "": the daemon itself */
    enum audit_origin origin;
};

/* Changes these parties, or adds them; what is the same already is passed over. turn->parties is the new table at
   once. That they fit, and fit each other, the caller has seen to. 0 or a failure. */
int party_table_change (struct turn *turn, const struct party_author *author, const struct party_text *changed,
                        size_t count);
/* Brings in the operator of a party's file: the way in where no operator can sign in any more. 0,
   PARTY_TABLE_INVALID or a failure. */
int party_table_bring_operator (struct turn *turn, const char *path, struct settings_error *error);
/* Writes a line for each party that does not fit. 0 or a failure. */
int party_table_log_unfit (struct turn *turn);
