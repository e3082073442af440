#include "judged.h"
#include <string.h>
#include "arena.h"
#include "envelope.pb-c.h"

enum { BEHIND_MS = 60000 };

const char *judged_name (enum level level)
{
    static const char *const names[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};
    return names[level];
}

void judged_add (struct judged *self, enum level level, const char *what, const char *then)
{
    if (level > self->level)
        self->level = level;
    if (self->count == JUDGED)
        return;
    self->item[self->count].level = level;
    self->item[self->count].what = arena_strdup (self->arena, what);
    self->item[self->count++].then = then != NULL ? arena_strdup (self->arena, then) : NULL;
}

static void add_many (struct judged *self, size_t count, const char *what, const char *then)
{
    if (count > 0)
        judged_add (self, LEVEL_WARNING, arena_printf (self->arena, "%s: %zu", what, count), then);
}

/* What does not pass by itself, since the start. */
static void judge_alarms (struct judged *self, const Consentd__StatusReply *status)
{
    static const struct {
        const char *kind, *then;
    } grave[] = {
        {"store-damaged", "nothing is believed of what is damaged: operations.md, Damage"},
        {"log-forked", "the store was put back or changed: operations.md, Evidence for others"},
        {"archive-damaged", "put the file back from a copy: operations.md, Archive"},
    };
    for (size_t i = 0; i < sizeof grave / sizeof *grave; i++)
        for (size_t j = 0; j < status->n_alarms; j++)
            if (strcmp (status->alarms[j]->kind, grave[i].kind) == 0) {
                judged_add (self, LEVEL_CRITICAL, grave[i].kind, grave[i].then);
                break;
            }
}

static void judge_what_stands_still (struct judged *self, const Consentd__StatusReply *status)
{
    if (status->clock_stopped)
        judged_add (self, LEVEL_CRITICAL, "decisions are stopped: the clock jumped (consentctl clock)",
                    "look at the clock of the machine, and then: consentctl clock confirm");
    if (strcmp (status->store_state, "full") == 0)
        judged_add (self, LEVEL_CRITICAL, "the store is full: enlarge store/size and reload",
                    "until then only withdrawals, restrictions and what operators need are recorded");
    judge_alarms (self, status);
    if (status->n_archive_faults > 0)
        judged_add (
            self, LEVEL_CRITICAL,
            arena_printf (self->arena, "files of the archive that cannot be used: %zu", status->n_archive_faults),
            "put them back from a copy: operations.md, Archive");
}

void judged_status (struct judged *self, const Consentd__StatusReply *status)
{
    size_t behind = 0;
    judge_what_stands_still (self, status);
    if (strcmp (status->store_state, "full") != 0 && strcmp (status->store_state, "ample") != 0)
        judged_add (self, LEVEL_WARNING,
                    arena_printf (self->arena, "the store is more than %s full", status->store_state),
                    "enlarge store/size and reload");
    if (!status->clock_stopped && status->kept_time - status->wall_time > BEHIND_MS)
        judged_add (self, LEVEL_WARNING, "the clock of the machine is behind the registry's time",
                    "the registry's time stands still until the clock catches up: look at NTP");
    if (*status->last_reload && strcmp (status->last_reload, "ok") != 0)
        judged_add (self, LEVEL_WARNING, "the last reload changed nothing",
                    "mend what is named below, and reload");
    if (*status->metrics_fault)
        judged_add (self, LEVEL_WARNING, "the metrics cannot be written: monitoring sees figures of before",
                    "mend what is named below: it is tried again");
    for (size_t i = 0; i < status->n_copies; i++)
        behind += status->copies[i]->alarm || *status->copies[i]->fault;
    add_many (self, behind, "copies of the log that are behind", "see operations.md, A second place");
    add_many (self, status->n_unheard, "consumers that left a withdrawal unheard",
              "call these parties: they do not know yet what ended");
    add_many (self, status->n_events_waiting, "consumers with too many events waiting",
              "call these parties before the oldest events are dropped");
    add_many (self, status->n_unfit, "parties that are unfit",
              "they take part in nothing: consentctl party apply, or remove");
}
