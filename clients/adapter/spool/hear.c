/* What is heard of the registry afterwards: notices of what concerns what went, and what held messages waited for.

   A notice is durable before its event is acknowledged, and so is what the ledger then forgets. An event that
   comes again after a crash finds both, by its number. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include "codec/document.h"
#include "delivery/event_json.h"
#include "delivery/stopping.h"
#include "held.h"
#include "spool_parts.h"
#include "taken_back.h"
#include "went.h"

enum { EVENTS_AT_ONCE = 64, TYPE_MAX = 64, EXIT_CONTRADICTED = 79 /* as of consent-watch */ };

static const char PREFIX[] = "nl.toestemmingen.";

/* What an event is to us. */
enum {
    ENDS_CONSENT = 1,  /* under this consent nothing more may be used that went under it alone */
    CONCERNS_DATA = 2, /* what went about this subject is to be seen to */
    ERASES = 4,        /* and forgotten here as well */
    MAY_LET_GO = 8,    /* a held message about this subject may go now, or for another reason not */
};

static int meaning_of (const char *type)
{
    static const struct {
        const char *type;
        int meaning;
    } meanings[] = {
        {"toestemming-ingetrokken", ENDS_CONSENT | MAY_LET_GO},
        {"toestemming-verlopen", ENDS_CONSENT | MAY_LET_GO},
        {"toestemming-vervallen", ENDS_CONSENT | MAY_LET_GO},
        {"toestemming-verbeterd", ENDS_CONSENT | MAY_LET_GO},
        {"toestemming-hersteld", MAY_LET_GO},
        {"toestemming-gegeven", MAY_LET_GO},
        {"toestemming-geweigerd", MAY_LET_GO},
        {"verzoek-beantwoord", MAY_LET_GO},
        {"gegevens-afgeschermd", CONCERNS_DATA | MAY_LET_GO},
        {"afscherming-opgeheven", MAY_LET_GO},
        {"gegevens-verbeterd", CONCERNS_DATA | MAY_LET_GO},
        {"betrokkene-verwijderd", CONCERNS_DATA | ERASES},
        {"gegevens-te-verwijderen", CONCERNS_DATA | ERASES},
    };
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
        if (strcmp (meanings[i].type, type) == 0)
            return meanings[i].meaning;
    }
    return 0;
}

static const char *type_of (const struct consent_event *event)
{
    size_t length = sizeof PREFIX - 1;
    return strncmp (event->type, PREFIX, length) == 0 ? event->type + length : event->type;
}

/* ------------------------------------------------------------------------------------- what was heard */

static void heard_key (const struct spool *self, uint8_t key[LEDGER_KEY])
{
    ledger_key_of (self->ledger, "about", "heard", key);
}

/* The event was handled by a run before, which was stopped before it acknowledged it. */
static bool was_heard (struct spool *self, const struct consent_event *event)
{
    uint8_t key[LEDGER_KEY];
    json_t *record;
    heard_key (self, key);
    bool is_heard = ledger_get (self->ledger, LEDGER_ABOUT, key, &record) == 0;
    const char *epoch = json_string_value (json_object_get (record, "epoch"));
    is_heard = is_heard && epoch && strcmp (epoch, event->epoch) == 0 &&
               (uint64_t)json_integer_value (json_object_get (record, "number")) >= event->number;
    json_decref (record);
    return is_heard;
}

/* Within a change. */
static void note_heard (struct spool *self, const struct consent_event *event)
{
    const struct ledger_mark marks[] = {{NULL, NULL}};
    uint8_t key[LEDGER_KEY];
    json_t *record = json_pack ("{s:s, s:I}", "epoch", event->epoch, "number", (json_int_t)event->number);
    heard_key (self, key);
    ledger_put (self->ledger, LEDGER_ABOUT, key, record, marks);
    json_decref (record);
}

/* ------------------------------------------------------------------------------------------- notices */

/* A registry that was put back numbers anew: then it is under a name like it. */
int spool_write_notice (struct spool *self, const char *base, json_t *notice)
{
    enum { INDENT = 2 };
    char name[FOLDERS_NAME + 32];
    char *text = document_text (notice, INDENT);
    int r = folders_write (&self->folders, FOLDER_WORK, "notice", (struct bytes){text, strlen (text)});
    free (text);
    if (r == 0)
        r = folders_sync (&self->folders);
    for (unsigned i = 1, again = 1; r == 0 && again; i++) {
        snprintf (name, sizeof name, i > 1 ? "%s~%u.json" : "%s.json", base, i);
        const struct folders_move move = {FOLDER_WORK, "notice", FOLDER_NOTICES, name};
        r = folders_move (&self->folders, &move);
        again = r == -EEXIST;
        r = again ? 0 : r;
    }
    if (r == 0)
        r = folders_sync (&self->folders);
    if (r == 0 && !self->order->quiet)
        spool_say (self, 0, "notice %s", name);
    return r;
}

/* Under the number of its event. */
static int write_notice (struct spool *self, const struct consent_event *event, json_t *notice)
{
    char base[FOLDERS_NAME];
    snprintf (base, sizeof base, "%" PRIu64 "-%.*s", event->number, TYPE_MAX, type_of (event));
    return spool_write_notice (self, base, notice);
}

/* A notice, if anything went that it is about. */
static int notify (struct spool *self, const struct consent_event *event, int meaning)
{
    const struct ledger_mark mark = {meaning & ENDS_CONSENT ? "consent" : "subject",
                                     meaning & ENDS_CONSENT ? event->consent_id : event->subject_ref};
    json_t *messages;
    if (!(meaning & (ENDS_CONSENT | CONCERNS_DATA)) || !*mark.text)
        return 0;
    int r = went_list (self->ledger, &mark, &messages);
    if (r != 0 || json_array_size (messages) == 0) {
        json_decref (messages);
        return r;
    }
    json_t *notice = json_pack ("{s:o, s:s, s:o}", "event", event_document (event), "epoch", event->epoch,
                                "messages", messages);
    return write_notice (self, event, notice);
}

/* --------------------------------------------------------------------------------------------- events */

static int handle (struct spool *self, const struct consent_event *event)
{
    int meaning = meaning_of (type_of (event));
    int r = notify (self, event, meaning);
    if (r == 0 && *event->answer)
        r = held_answered (self, event->consent_id, event->answer);
    if (r == 0 && *event->answer && strcmp (event->answer, "deferred") != 0)
        r = held_asked_no_more (self, event->consent_id);
    if (r == 0 && meaning & MAY_LET_GO && *event->subject_ref)
        r = held_wake (self, event->subject_ref);
    if (r == 0 && meaning & ERASES)
        r = held_erase (self, event->subject_ref);
    if (r != 0 || !meaning)
        return r;
    ledger_begin (self->ledger);
    if (meaning & ERASES)
        r = went_forget (self->ledger, event->subject_ref);
    if (r == 0 && meaning & ERASES)
        r = taken_back_forget (self->ledger, event->subject_ref);
    note_heard (self, event);
    int committed = ledger_commit (self->ledger);
    return r == 0 ? committed : r;
}

static int hear_one (struct spool *self, const struct consent_event *event)
{
    int r = was_heard (self, event) ? 0 : handle (self, event);
    if (r != 0)
        return spool_say_unwritable (self, "notices", r);
    if (consent_acknowledge (self->events, event->number) != CONSENT_OK)
        return spool_say (self, EX_IOERR, "%s", consent_last_error (self->events));
    return 0;
}

/* The registry dropped events, and has all that came after: what went is to be looked through (gap.c). */
static bool is_only_missed (struct spool *self)
{
    if (!consent_was_dropped (self->events, &self->goes_on_with))
        return false;
    snprintf (self->missed, sizeof self->missed, "%s", consent_last_error (self->events));
    spool_say (self, 0, "%s. What went is looked through by what stands now", self->missed);
    return true;
}

/* Events may have been missed. What is held is decided anew at each start; of what went nobody can say. */
static int end_of (struct spool *self, int status)
{
    switch (status) {
    case CONSENT_NO_EVENT:
    case CONSENT_INTERRUPTED:
        return 0;
    case CONSENT_ENDED:
        return spool_say (self, EX_TEMPFAIL, "%s", consent_last_error (self->events));
    case CONSENT_FORBIDDEN:
    case CONSENT_KEY_REFUSED:
        return spool_say (self, EX_NOPERM, "%s", consent_last_error (self->events));
    case CONSENT_CONTRADICTED:
        return spool_say (self, EXIT_CONTRADICTED, "%s", consent_last_error (self->events));
    case CONSENT_GAP:
        if (is_only_missed (self))
            return 0;
        return spool_say (self, EX_PROTOCOL,
                          "%s. See to what went before you begin anew with --from-event (docs/spool.md)",
                          consent_last_error (self->events));
    default:
        return spool_say (self, status < 0 ? EX_IOERR : EX_PROTOCOL, "%s", consent_last_error (self->events));
    }
}

int spool_hear (struct spool *self, int wait)
{
    if (*self->missed)
        return spool_begin_anew (self);
    for (int i = 0; i < EVENTS_AT_ONCE; i++) {
        struct consent_event *event;
        int status = consent_next_event (self->events, i == 0 ? wait : 0, &event);
        if (status != CONSENT_OK)
            return end_of (self, status);
        int r = hear_one (self, event);
        consent_event_destroy (&event);
        if (r != 0)
            return r;
    }
    return 0;
}

/* The registry said where the events are, and that its log is the one that was seen before. */
static bool has_begun (const struct spool *self)
{
    struct consent_stream_state state;
    struct consent_checkpoint seen;
    if (consent_stream_state (self->events, &state) != CONSENT_OK || (!state.live && !*state.why))
        return false;
    return !state.live || consent_checkpoint (self->events, &seen) != CONSENT_OK || seen.unanswered_since == 0;
}

int spool_hear_first (struct spool *self)
{
    enum { SLICE = 100, SLICES = 30 };
    int r = 0;
    for (int i = 0; r == 0 && i < SLICES && !has_begun (self) && !stopping_is_asked (); i++)
        r = spool_hear (self, SLICE);
    return r;
}

int spool_subscribe (struct spool *self, uint64_t from)
{
    char *position;
    if (asprintf (&position, "%s/ledger/position", self->order->directory) < 0)
        abort ();
    int r = consent_subscribe (self->events, position, from);
    free (position);
    return r == CONSENT_OK ? 0 : spool_say (self, EX_CONFIG, "%s", consent_last_error (self->events));
}

int spool_listen (struct spool *self)
{
    if (consent_set_consumer (self->events, self->order->consumer) != CONSENT_OK)
        return spool_say (self, EX_CONFIG, "%s", consent_last_error (self->events));
    return spool_subscribe (self, self->order->from);
}
