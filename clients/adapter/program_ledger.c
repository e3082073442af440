/* The ledger of a single run: what went before, by the runs and the spool that share it. */
#include "program_parts.h"
#include "connection.h"
#include "key_file.h"
#include "spool/products.h"
#include "spool/spool_parts.h"
#include "spool/went.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

static const int64_t DAY = 86400000;

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
    if (need->kind == PASSAGE_PRODUCTS) {
        products_tell (&(struct products_of){.ledger = self->ledger, .passage = passage, .came = INT64_MAX});
        return;
    }
    if (need->kind == PASSAGE_RETURNED) {
        passage_tell_known (passage, self->ledger && went_knows (self->ledger, passage, need));
        return;
    }
    if (self->ledger)
        known = went_subject (self->ledger, passage, need, bsn);
    passage_tell_subject (passage, known ? bsn : NULL);
    explicit_bzero (bsn, sizeof bsn);
}

/* A spool forgets what went when it has heard what is owed of it. */
static bool is_of_spool (const struct run *self)
{
    char *position;
    if (asprintf (&position, "%s/position", self->ledger_directory) < 0)
        abort ();
    bool is_there = access (position, F_OK) == 0;
    free (position);
    return is_there;
}

/* When the registry decided it, by its clock; 0: it did not. Ours alone may be wrong by years. */
static int64_t decided_at (const struct passage *passage)
{
    const struct passage_client *clients = passage_result (passage)->clients;
    return clients && clients->decision ? clients->decision->evaluated_at : 0;
}

/* 0 or -errno. */
static int forget (const struct run *self, const struct passage *passage)
{
    int64_t now = spool_now (), decided = decided_at (passage);
    int64_t moment = (decided < now ? decided : now) - self->days * DAY;
    int r = is_of_spool (self) ? 0 : WENT_MORE;
    while (r == WENT_MORE)
        r = went_forget_before (self->ledger, moment);
    return r;
}

int program_ledger_keep (const struct run *self, struct passage *passage, bool goes)
{
    const struct products_of products = {.ledger = self->ledger, .passage = passage, .came = INT64_MAX};
    if (!self->ledger)
        return 0;
    ledger_begin (self->ledger);
    products_take_back (&products, goes);
    if (goes)
        went_put (self->ledger, passage, self->output ? self->output : "-");
    int r = ledger_commit (self->ledger);
    return r < 0 || !goes ? r : forget (self, passage);
}
