/* Messages that are decided and cannot have their place, since somebody put another file there meanwhile. Each
   waits where it is until that is gone; all else goes on. */
#include <errno.h>
#include <stdio.h>
#include "call.h"
#include "spool_parts.h"

static void say_taken (struct spool *self, const char *id_text, const json_t *decided)
{
    char as[FOLDERS_NAME];
    name_of_json (json_object_get (decided, "as"), as);
    if (!json_object_get (self->stuck, id_text))
        spool_say (
            self, 0,
            "%s/%s: somebody put another file of this name, or a report of it, there since this message was "
            "decided. Move that away: the message then gets its place. All else goes on",
            folders_name (spool_folder_of (decided)), as);
    json_object_set_new (self->stuck, id_text, json_true ());
}

static void say_has_place (struct spool *self, const json_t *decided)
{
    char as[FOLDERS_NAME];
    name_of_json (json_object_get (decided, "as"), as);
    spool_say (self, 0, "%s/%s has its place", folders_name (spool_folder_of (decided)), as);
}

int spool_let_go (struct spool *self, const char *id_text, const json_t *decided)
{
    int r = spool_move (self, id_text, decided);
    if (r == -EEXIST) {
        say_taken (self, id_text, decided);
        return SPOOL_STUCK;
    }
    if (r != 0)
        return r;
    json_object_del (self->stuck, id_text);
    if (!json_object_get (self->settled, id_text)) /* else something of it is being removed */
        json_object_set_new (self->settled, id_text, json_true ());
    return 0;
}

int spool_stick (struct spool *self, const char *id_text)
{
    uint8_t id[LEDGER_KEY];
    json_t *decided;
    consent_unhex (id_text, id);
    int r = ledger_get (self->ledger, LEDGER_UNDER_WAY, id, &decided);
    if (r == 0)
        say_taken (self, id_text, decided);
    json_decref (decided);
    return r;
}

bool spool_is_stuck (const struct spool *self, const char *id_text)
{
    return json_object_get (self->stuck, id_text);
}

int spool_try_stuck (struct spool *self)
{
    const char *id_text;
    json_t *unused, *decided;
    void *next;
    uint8_t id[LEDGER_KEY];
    int r = 0;
    json_object_foreach_safe (self->stuck, next, id_text, unused)
    {
        consent_unhex (id_text, id);
        r = ledger_get (self->ledger, LEDGER_UNDER_WAY, id, &decided);
        if (r == 0)
            r = spool_let_go (self, id_text, decided);
        if (r == 0)
            say_has_place (self, decided);
        json_decref (decided);
        if (r < 0)
            return spool_say_unwritable (self, "work", r);
    }
    return 0;
}
