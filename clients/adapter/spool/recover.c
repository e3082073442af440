/* What a run before left. What was decided is moved to its end; what may have been disclosed, and is not known to
   be, is asked about when its message is taken anew; and what is held is decided anew, since an event may have
   come between. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "call.h"
#include "held.h"

struct found {
    struct spool *spool;
    json_t *decided; /* id: record */
    json_t *known;   /* ids that the ledger has */
};

static int sort_one (void *context, const uint8_t key[LEDGER_KEY], json_t *record)
{
    struct found *self = context;
    char id[ID_TEXT];
    consent_hex (key, LEDGER_KEY, id);
    json_object_set_new (self->known, id, json_true ());
    if (json_object_get (record, "as"))
        json_object_set (self->decided, id, record);
    return 0;
}

typedef int folder_visit (void *context, const char *name);

/* Visits each name. 0 or -errno. */
static int visit (const struct spool *self, enum folder folder, folder_visit *each, void *context)
{
    int r = 0, copy = openat (self->folders.of[folder], ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = copy < 0 ? NULL : fdopendir (copy);
    for (struct dirent *entry; directory && r == 0 && (entry = readdir (directory));) {
        if (entry->d_name[0] != '.')
            r = each (context, entry->d_name);
    }
    if (directory)
        closedir (directory);
    return r;
}

/* What is in work/ for nothing that the ledger knows, is of a message that will be decided anew. */
static int clean_work (void *context, const char *name)
{
    struct found *self = context;
    char id[ID_TEXT];
    snprintf (id, sizeof id, "%.*s", ID_TEXT - 1, name);
    bool is_ours = strlen (name) > ID_TEXT - 1 && name[ID_TEXT - 1] == '.';
    if (is_ours && !json_object_get (self->known, id))
        return folders_remove (&self->spool->folders, FOLDER_WORK, name);
    return 0;
}

/* All that lies in held/ is decided anew. */
static int wake_one (void *context, const char *name)
{
    struct spool *self = context;
    json_t *digits = name_json (name);
    if (!folders_is_report (name))
        json_object_set_new (self->woken, json_string_value (digits), json_true ());
    json_decref (digits);
    return 0;
}

int spool_wake_all (struct spool *self)
{
    return visit (self, FOLDER_HELD, wake_one, self);
}

static int note_gone (void *context, const uint8_t key[LEDGER_KEY], json_t *record)
{
    (void)key;
    struct found *self = context;
    const char *digits = json_string_value (json_object_get (record, "name"));
    if (!json_object_get (self->spool->woken, digits))
        json_object_set_new (self->known, digits, json_true ());
    return 0;
}

/* What somebody took away from held/ is held no more. */
static int forget_gone (struct spool *self)
{
    struct found gone = {self, NULL, json_object ()};
    const char *digits;
    json_t *unused;
    char name[FOLDERS_NAME];
    int r = ledger_each (self->ledger, LEDGER_HELD, note_gone, &gone);
    ledger_begin (self->ledger);
    json_object_foreach (gone.known, digits, unused)
    {
        name_of_digits (digits, name);
        held_forget (self, name);
    }
    int committed = ledger_commit (self->ledger);
    json_decref (gone.known);
    return r == 0 ? committed : r;
}

static int let_go_all (struct spool *self, const json_t *decided)
{
    const char *id;
    json_t *record;
    int r = 0;
    json_object_foreach ((json_t *)(uintptr_t)decided, id, record)
    {
        if (r >= 0)
            r = spool_let_go (self, id, record);
    }
    return r < 0 ? r : 0;
}

int spool_recover (struct spool *self)
{
    struct found found = {self, json_object (), json_object ()};
    int r = ledger_each (self->ledger, LEDGER_UNDER_WAY, sort_one, &found);
    if (r == 0)
        r = let_go_all (self, found.decided);
    if (r == 0)
        r = visit (self, FOLDER_WORK, clean_work, &found);
    json_decref (found.decided);
    json_decref (found.known);
    if (r == 0)
        r = spool_wake_all (self);
    if (r == 0)
        r = forget_gone (self);
    return r == 0 ? spool_settle (self) : spool_say_unwritable (self, "work", r);
}
