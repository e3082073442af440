/* The ledger of a single run: what went before, by the runs and the spool that share it. */
#include "program_parts.h"
#include "connection.h"
#include "key_file.h"
#include "spool/went.h"
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

/* 0, or an exit code with its line printed. To be wiped. */
static int read_former (const struct run *self, struct key_file *former)
{
    char error[PASSAGE_ERROR];
    *former = (struct key_file){.party = ""};
    if (!self->former_key || key_file_read (former, self->former_key, error, sizeof error) == 0)
        return 0;
    return program_complain (self, EX_CONFIG, "", error);
}

int program_former_key (struct run *self)
{
    struct key_file former;
    int r = read_former (self, &former);
    if (r == 0 && self->former_key) {
        passage_secret_of (former.secret_key, self->former_secret);
        self->order.former_secret = self->former_secret;
    }
    explicit_bzero (&former, sizeof former);
    return r;
}

int program_ledger_open (struct run *self)
{
    char error[PASSAGE_ERROR];
    struct key_file former;
    if (!self->ledger_directory)
        return 0;
    int r = read_former (self, &former);
    const struct ledger_place place = {.directory = self->ledger_directory,
                                       .secret_key = self->connection->key.secret_key,
                                       .former = self->former_key ? former.secret_key : NULL};
    if (r == 0 && ledger_open (&self->ledger, &place, error, sizeof error) != 0)
        r = program_complain (self, EX_CONFIG, "", error);
    explicit_bzero (&former, sizeof former);
    return r;
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
