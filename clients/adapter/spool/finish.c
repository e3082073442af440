/* Where a message ends: its name, its report, and what the ledger is to keep. What is decided is in the ledger
   before anything moves (moves.c). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>
#include "call.h"
#include "held.h"
#include "products.h"
#include "report.h"
#include "spool_parts.h"
#include "went.h"

/* A conflict: the same message was run before, and decided otherwise. That is asked about then. */
static enum item_end end_of_status (const struct item *item, int status)
{
    bool is_its_own =
        status == CONSENT_INVALID || status == CONSENT_NOT_FOUND || (status == CONSENT_CONFLICT && item->recalled);
    return is_its_own ? END_FAILED : END_WAITS;
}

enum item_end spool_end_of (const struct item *item)
{
    const struct passage_result *result = passage_result (item->passage);
    if (result->outcome <= PASSAGE_THINNED)
        return END_SENT;
    if (result->outcome == PASSAGE_HELD)
        return result->code == PASSAGE_TAKEN_BACK ? END_FAILED : END_HELD;
    return result->outcome == PASSAGE_NO_ANSWER ? end_of_status (item, result->status) : END_FAILED;
}

/* ---------------------------------------------------------------------------------------------- names */

/* In held/ a name stands for a message also in the ledger: not one that was there until just now. */
static bool is_settling (const struct spool *self, const struct item *item)
{
    char id[ID_TEXT];
    uint8_t key[LEDGER_KEY];
    if (item->end != END_HELD)
        return false;
    ledger_key_of (self->ledger, "held", item->as, key);
    consent_hex (key, sizeof key, id);
    return json_object_get (self->settled, id);
}

static bool is_free (const struct spool *self, const struct item *item, const char *place)
{
    return !json_object_get (self->now->chosen, place) && !json_object_get (self->next->chosen, place) &&
           !is_settling (self, item) && folders_is_free (&self->folders, spool_place_of (item->end), item->as);
}

static void choose_name (const struct spool *self, json_t *chosen, struct item *item)
{
    if (item->from == FOLDER_HELD && item->end == END_HELD) {
        strcpy (item->as, item->name);
        return;
    }
    const char *name = item->from == FOLDER_CLAIMED ? item->name + CLAIM_LENGTH : item->name;
    char place[FOLDERS_NAME + sizeof "failed/"];
    unsigned number = 0;
    do {
        folders_like (name, ++number, item->as);
        snprintf (place, sizeof place, "%s/%s", folders_name (spool_place_of (item->end)), item->as);
    } while (!is_free (self, item, place));
    json_object_set_new_nocheck (chosen, place, json_true ());
}

/* -------------------------------------------------------------------------------------------- reports */

static void write_subjects (struct document_writer *to, const struct item *item)
{
    const struct passage_result *result = passage_result (item->passage);
    document_open_list (to, "subjects");
    for (size_t i = 0; result->clients && i < result->elements->client_count; i++) {
        const struct consent_answer *answer = passage_answer (item->passage, i);
        if (answer)
            document_put_text (to, NULL, answer->subject_ref);
    }
    document_close_list (to);
}

/* The report of the message, with what the spool knows of it. Of what went hardly any is ever read: that is on one
   line. */
static char *report_of (const struct item *item)
{
    enum { INDENT = 2 };
    struct document_writer writer;
    document_begin (&writer, item->end == END_SENT ? 0 : INDENT);
    document_open_object (&writer, NULL);
    report_write (&writer, item->passage, item->doubtful ? "IN_DOUBT" : NULL);
    document_put_text (&writer, "file", item->as);
    document_put_time (&writer, "reported_at", spool_now ());
    write_subjects (&writer, item);
    if (item->end == END_HELD)
        held_describe (item, &writer);
    document_close_object (&writer);
    return document_end (&writer);
}

static void seal_decided (const struct spool *self, struct item *item)
{
    const struct ledger_mark marks[] = {{NULL, NULL}};
    item->decided = json_pack ("{s:o, s:b, s:o, s:i}", "name", name_json (item->name), "held",
                               item->from == FOLDER_HELD, "as", name_json (item->as), "end", (int)item->end);
    item->sealed = ledger_seal (self->ledger, LEDGER_UNDER_WAY, item->id, item->decided, marks);
}

void spool_report (const struct spool *self, struct item *item)
{
    char name[ID_TEXT + sizeof ".report"];
    char *text = report_of (item);
    snprintf (name, sizeof name, "%s.report", item->id_text);
    item->written = folders_write (&self->folders, FOLDER_WORK, name, (struct bytes){text, strlen (text)});
    free (text);
    seal_decided (self, item);
    if (item->end == END_SENT)
        item->went = went_seal (self->ledger, item->passage, item->as);
}

static void report_one (void *context, size_t number)
{
    const struct spool *self = context;
    struct item *item = &self->now->items[number];
    if (item->end != END_WAITS && !item->decided)
        spool_report (self, item);
}

/* ------------------------------------------------------------------------------------------- deciding */

/* Unless it has its place since before. */
static void give_place (const struct spool *self, const struct group *group, struct item *item, enum item_end end)
{
    if (item->end == end)
        return;
    item->end = end;
    if (end != END_WAITS)
        choose_name (self, group->chosen, item);
}

void spool_name (const struct spool *self, const struct group *group, struct item *item)
{
    give_place (self, group, item, END_SENT);
}

/* Also what is held itself takes back what is held: nobody gets what was taken back. */
void spool_take_back (struct spool *self, const struct item *item)
{
    const struct products_of of = {.ledger = self->ledger,
                                   .passage = item->passage,
                                   .held_as = item->from == FOLDER_HELD ? item->name : NULL,
                                   .came = item->came,
                                   .woken = self->woken};
    if (item->end != END_FAILED || passage_result (item->passage)->code == PASSAGE_TAKEN_BACK)
        products_take_back (&of, item->end == END_SENT);
}

static void put_decided (struct spool *self, struct item *item)
{
    ledger_put_sealed (self->ledger, item->sealed);
    if (item->from == FOLDER_HELD)
        held_forget (self, item->name);
    spool_take_back (self, item);
    if (item->end == END_SENT)
        ledger_put_sealed (self->ledger, item->went);
    if (item->end == END_HELD)
        held_put (self, item);
}

/* What went of the group before is forgotten, and what comes next may be disclosed, with the same commit. */
static int put_all (struct spool *self)
{
    ledger_begin (self->ledger);
    spool_forget_settled (self);
    for (size_t i = 0; i < self->now->count; i++) {
        if (self->now->items[i].end != END_WAITS)
            put_decided (self, &self->now->items[i]);
    }
    spool_put_intents (self, self->next);
    int r = ledger_commit (self->ledger);
    if (r < 0)
        return r;
    spool_was_forgotten (self);
    spool_begin_disclosing (self, self->next);
    return 0;
}

static int decide (struct spool *self)
{
    for (size_t i = 0; i < self->now->count; i++) {
        struct item *item = &self->now->items[i];
        give_place (self, self->now, item, spool_end_of (item));
        if (item->end == END_HELD)
            held_begin (self, item);
    }
    workers_share (self->workers, self->now->count, report_one, self);
    int r = spool_written (self->now);
    if (r == 0)
        r = spool_store_all (self, self->next);
    if (r == 0)
        r = spool_sync (self);
    return r == 0 ? put_all (self) : r;
}

/* ---------------------------------------------------------------------------------------------- ends */

/* One item, of which the decision is in the ledger. */
static int end_item (struct spool *self, struct item *item)
{
    if (item->need.kind == PASSAGE_GO)
        passage_tell_done (item->passage, NULL);
    if (item->end == END_SENT && item->from == FOLDER_CLAIMED) {
        spool_leave (self, item);
        return 0;
    }
    int r = spool_let_go (self, item->id_text, item->decided);
    if (r < 0)
        return spool_say_unwritable (self, folders_name (spool_place_of (item->end)), r);
    if (r == SPOOL_STUCK)
        return 0;
    spool_say_end (self, item);
    return 0;
}

/* What waits is taken again. */
static void take_again (struct spool *self, const struct item *item)
{
    json_t *digits = name_json (item->name);
    if (item->from == FOLDER_CLAIMED)
        self->is_left = true;
    else
        json_object_set_new (self->woken, json_string_value (digits), json_true ());
    json_decref (digits);
}

int spool_finish (struct spool *self)
{
    int r = spool_await (self);
    if (r != 0)
        return r;
    for (size_t i = 0; i < self->now->count; i++) {
        const struct passage_result *result = passage_result (self->now->items[i].passage);
        if (result->outcome == PASSAGE_BAD_SCHEMA)
            return spool_say (self, EX_CONFIG, "%s", result->error);
    }
    r = decide (self);
    if (r < 0)
        return spool_say_unwritable (self, "work", r);
    for (size_t i = 0; r == 0 && i < self->now->count; i++) {
        struct item *item = &self->now->items[i];
        if (item->end != END_WAITS) {
            r = end_item (self, item);
            continue;
        }
        take_again (self, item);
        spool_say_end (self, item);
    }
    return r == 0 && self->order->request ? held_request (self) : r;
}
