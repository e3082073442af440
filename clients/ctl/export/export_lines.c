/* The log, line by line, from where an earlier export came to. Lines go out first, and then the position is
   written: so a crash at any moment loses none, and what went out twice has the same number. */
#include <inttypes.h>
#include <string.h>
#include "audit/log_newest.h"
#include "audit/log_pages.h"
#include "export.h"
#include "position.h"
#include "delivery/stopping.h"

enum {
    PAGE = 100,
    LOOK = 1000, /* ms between two looks at a log in which nothing is new */
    AWAY_MOST = 60000,
    TOLD = 10,
    BEGIN_ANEW = -2, /* the listing cannot go on, or the registry has another epoch */
};

struct lines {
    const struct export_order *order;
    struct export_tally *tally;
    struct export_log log;
    struct export_mark settled; /* lines up to here are out */
    struct export_mark looked;  /* lines up to here are out, or in the batch */
    bool compares;              /* the next page begins with the line that is settled: it must be the same */
    uint64_t noted;             /* in the position file */
    uint64_t target;            /* the newest line of the first page; 0: not read yet */
    bool caught_up;
    json_t *batch;
};

/* --- Where to begin ------------------------------------------------------------------------------------ */

/* The name of the log, and the epoch in which it is. */
static int read_log (struct lines *self)
{
    struct log_trust trust = {.count = 0};
    struct log_newest newest;
    struct ctl *ctl = self->order->ctl;
    int error = log_newest_ask (ctl, &trust, &(struct checkpoint){.size = 0}, &newest);
    if (error)
        return error;
    snprintf (self->log.origin, sizeof self->log.origin, "%s", newest.checkpoint.origin);
    consent_revision (ctl->registry, self->log.epoch, NULL);
    return 0;
}

static int fail_of_another (const struct lines *self, const char *where, const char *what)
{
    return ctl_fail (EX_DATAERR, "%s is of another %s than %s of %s", where, what, self->order->form->name,
                     self->log.origin);
}

static int read_position (struct lines *self, struct export_mark *mark)
{
    struct export_position found;
    const char *file = self->order->position;
    int rc = file ? export_position_read (&found, file) : EXPORT_POSITION_NONE;
    *mark = (struct export_mark){.number = 0};
    if (rc == EXPORT_POSITION_NONE)
        return 0;
    if (rc != 0)
        return ctl_fail (rc < 0 ? EX_NOINPUT : EX_DATAERR, "%s: %s", file,
                         rc < 0 ? strerror (-rc) : "is not the position of an export");
    if (strcmp (found.form, self->order->form->name) != 0)
        return fail_of_another (self, file, "form");
    if (strcmp (found.origin, self->log.origin) != 0)
        return fail_of_another (self, file, "log");
    *mark = found.mark;
    self->noted = found.mark.number;
    return 0;
}

static int fail_put_back (const struct export_mark *mark)
{
    return ctl_fail (EX_PROTOCOL,
                     "line %" PRIu64
                     " was exported, and the registry has it not, or otherwise: it was put back to an "
                     "earlier state. Nothing is exported: look what became of it, and begin with "
                     "a new file or position",
                     mark->number);
}

static int find_beginning (struct lines *self)
{
    int error = read_position (self, &self->settled);
    if (!error && self->order->last.number > self->settled.number)
        self->settled = self->order->last;
    if (!error && self->settled.number == 0 && self->order->from > 0)
        self->settled.number = self->order->from - 1;
    return error;
}

/* --- Lines --------------------------------------------------------------------------------------------- */

/* The last line that went out must still be there, as it was. A line of another history of the log has another
   time. If that of one of them is not known, only the same epoch says that nothing was put back. */
static bool is_the_same (const struct lines *self, const Consentd__AuditEntry *entry)
{
    const struct export_mark *last = &self->settled;
    bool has_times = entry->time != 0 && last->time != 0;
    return entry->number == last->number &&
           (has_times ? entry->time == last->time : strcmp (last->epoch, self->log.epoch) == 0);
}

static int take_line (struct lines *self, const Consentd__AuditEntry *entry)
{
    if (self->looked.number > 0 && entry->number != self->looked.number + 1)
        return ctl_fail (EX_PROTOCOL, "the registry sent line %" PRIu64 " where %" PRIu64 " was due",
                         entry->number, self->looked.number + 1);
    if (entry->time == 0 && *entry->details != '\0')
        return ctl_fail (EX_UNAVAILABLE,
                         "line %" PRIu64
                         " is in a file of the log's archive that is missing or damaged: nothing behind "
                         "it is exported until that is put back (`status` names it)",
                         entry->number);
    json_t *record = entry->time != 0 ? self->order->form->make (&self->log, entry) : NULL;
    if (record)
        json_array_append_new (self->batch, record);
    if (entry->time == 0 && self->tally->unreadable++ < TOLD)
        ctl_fail (0, "line %" PRIu64 " is %s: nobody can tell what it was, and it is not exported", entry->number,
                  entry->result);
    self->looked = (struct export_mark){.number = entry->number, .time = entry->time};
    memcpy (self->looked.epoch, self->log.epoch, sizeof self->log.epoch);
    return 0;
}

static int take_page (struct lines *self, const Consentd__Reply *reply)
{
    const Consentd__AuditListReply *page = reply->audit_list;
    char epoch[CONSENT_ID_SIZE] = "";
    size_t i = 0;
    if (reply->epoch.len == (CONSENT_ID_SIZE - 1) / 2)
        consent_hex (reply->epoch.data, reply->epoch.len, epoch);
    if (strcmp (epoch, self->log.epoch) != 0)
        return BEGIN_ANEW;
    if (self->compares && (page->n_entries == 0 || !is_the_same (self, page->entries[i++])))
        return fail_put_back (&self->settled);
    self->compares = false;
    if (self->target == 0 || self->order->follow)
        self->target = page->newest;
    int error = 0;
    for (; i < page->n_entries && page->entries[i]->number <= self->target && !error; i++)
        error = take_line (self, page->entries[i]);
    self->caught_up = self->looked.number >= self->target || page->n_entries == 0;
    return error;
}

/* --- Out ----------------------------------------------------------------------------------------------- */

static int note_position (struct lines *self)
{
    const struct export_order *order = self->order;
    struct export_position position = {.mark = self->settled};
    if (!order->position || self->settled.number == self->noted || *self->settled.epoch == '\0')
        return 0; /* without an epoch no line was seen yet: --since may be of one that is still to come */
    snprintf (position.form, sizeof position.form, "%s", order->form->name);
    memcpy (position.origin, self->log.origin, sizeof position.origin);
    int rc = export_position_write (&position, order->position);
    if (rc != 0)
        return ctl_fail (EX_IOERR, "cannot write %s: %s", order->position, strerror (-rc));
    self->noted = self->settled.number;
    return 0;
}

static int settle (struct lines *self)
{
    size_t count = json_array_size (self->batch);
    int error = count > 0 ? self->order->sink->put (self->order->sink, self->batch) : 0;
    if (error)
        return error;
    json_array_clear (self->batch);
    self->settled = self->looked;
    self->tally->records += count;
    self->tally->until = self->looked.number;
    return note_position (self);
}

/* --- Pages --------------------------------------------------------------------------------------------- */

static int take_next (struct lines *self, struct pages *pages)
{
    Consentd__Reply *reply;
    struct arena_mark mark = arena_mark (self->order->ctl->arena);
    bool goes_on = pages->ticket_size > 0;
    int error = pages_next (pages, &reply);
    arena_release (self->order->ctl->arena, mark);
    if (error)
        return error == EX_DATAERR && goes_on ? BEGIN_ANEW : error;
    error = take_page (self, reply);
    consentd__reply__free_unpacked (reply, NULL);
    if (!error && (self->caught_up || json_array_size (self->batch) >= self->order->sink->most))
        error = settle (self);
    return error;
}

/* Reads on from the line that is settled: that one again, to be compared. One line of the log. */
static int read_lines (struct lines *self)
{
    Consentd__AuditListRequest body;
    consentd__audit_list_request__init (&body);
    Consentd__Request request = ASK_REQUEST (AUDIT_LIST, audit_list, &body);
    struct pages pages = pages_start (self->order->ctl, &request, &log_paging);
    self->looked = self->settled;
    self->compares = *self->settled.epoch != 0; /* else nothing went out before */
    json_array_clear (self->batch);
    body.limit = PAGE;
    body.follow = self->order->follow;
    body.after = self->settled.number - self->compares;
    body.since = self->settled.number == 0 ? self->order->since : 0;
    int error = 0;
    do {
        error = take_next (self, &pages);
        if (!error && self->caught_up && self->order->follow)
            stopping_pause (LOOK);
    } while (!error && !stopping_is_asked () && (!self->caught_up || self->order->follow));
    return error;
}

static int read_log_and_lines (struct lines *self)
{
    bool is_first = *self->log.origin == 0;
    int error = read_log (self);
    if (!error && is_first)
        error = find_beginning (self);
    return error ? error : read_lines (self);
}

/* The registry is away, or begins anew: who follows waits for it. */
static bool is_passing (const struct lines *self, int error)
{
    return error == BEGIN_ANEW || (self->order->follow && (error == EX_UNAVAILABLE || error == EX_TEMPFAIL));
}

int export_lines (const struct export_order *order, struct export_tally *tally)
{
    struct lines self = {.order = order, .tally = tally, .log = {.activities = order->activities}};
    long away = LOOK;
    self.batch = json_array ();
    int error = read_log_and_lines (&self);
    while (is_passing (&self, error) && !stopping_is_asked ()) {
        uint64_t before = self.settled.number;
        stopping_pause (away);
        error = read_log_and_lines (&self);
        away = self.settled.number > before ? LOOK : away * 2 < AWAY_MOST ? away * 2 : AWAY_MOST;
    }
    json_decref (self.batch);
    if (tally->until == 0)
        tally->until = self.settled.number;
    return error == SINK_STOPPED || (is_passing (&self, error) && stopping_is_asked ()) ? 0 : error;
}
