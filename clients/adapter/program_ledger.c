/* The ledger of a single run: what went before, by the runs and the spool that share it. */
#include "program_parts.h"
#include "connection.h"
#include "spool/went.h"
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

int program_ledger_open (struct run *self)
{
    char error[PASSAGE_ERROR];
    if (!self->ledger_directory)
        return 0;
    const struct ledger_place place = {.directory = self->ledger_directory,
                                       .secret_key = self->connection->key.secret_key};
    if (ledger_open (&self->ledger, &place, error, sizeof error) == 0)
        return 0;
    return program_complain (self, EX_CONFIG, "", error);
}

void program_ledger_tell (const struct run *self, struct passage *passage, const struct passage_need *need)
{
    char bsn[WENT_BSN] = "";
    bool known = false;
    if (need->kind == PASSAGE_RETURNED) {
        passage_tell_known (passage, self->ledger && went_knows (self->ledger, passage, need));
        return;
    }
    if (self->ledger)
        known = went_subject (self->ledger, passage, need->identifications, bsn);
    passage_tell_subject (passage, known ? bsn : NULL);
    explicit_bzero (bsn, sizeof bsn);
}

int program_ledger_keep (const struct run *self, struct passage *passage)
{
    if (!self->ledger)
        return 0;
    ledger_begin (self->ledger);
    went_put (self->ledger, passage, self->output ? self->output : "-");
    return ledger_commit (self->ledger);
}
