/* The metrics: numbers about the registry, for a machine that watches it, in a file of the configuration
   (docs/monitoring.md). They name parties, which are organisations, and never a person. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "audit/archive.h"
#include "broker_parts.h"
#include "config/file_write.h"
#include "dispatch/verb_table.h"
#include "events/unheard.h"
#include "metrics_text.h"
#include "outcome.h"
#include "registry/alarm.h"
#include "registry/log_copies.h"
#include "rules/policy.h"
#include "say.h"

enum { HASH_SIZE = 32, UNHEARD_LISTED = 256 };

static void gauge (struct metrics *out, const char *name, const char *help, uint64_t value)
{
    metrics_family (out, name, "gauge", help);
    metrics_number (out, name, NULL, value);
}

static void counter (struct metrics *out, const char *name, const char *help, uint64_t value)
{
    char sample[80];
    snprintf (sample, sizeof sample, "%s_total", name);
    metrics_family (out, name, "counter", help);
    metrics_number (out, sample, NULL, value);
}

static double seconds (moment time)
{
    return (double)time / 1000;
}

static void write_identity (const struct broker *self, struct metrics *out)
{
    const struct policy *policy = self->in_force.policy;
    char hash[2 * HASH_SIZE + 1];
    for (unsigned i = 0; i < HASH_SIZE; i++)
        snprintf (hash + 2 * i, 3, "%02x", policy->hash[i]);
    metrics_family (out, "consentd_build_info", "gauge", "1, and the version of the program.");
    metrics_number (out, "consentd_build_info", (const char *[]){"version", CONSENTD_VERSION, NULL}, 1);
    metrics_family (out, "consentd_policy_info", "gauge", "1, and the policy pack in force with its hash.");
    metrics_number (out, "consentd_policy_info", (const char *[]){"policy", policy->id, "hash", hash, NULL}, 1);
    metrics_family (out, "consentd_start_time_seconds", "gauge",
                    "When it was started, by the clock of the machine.");
    metrics_real (out, "consentd_start_time_seconds", NULL, seconds (self->report.started_at));
    gauge (out, "consentd_reload_ok",
           "1: the files of the configuration are what is in force, as of the last reload.",
           strcmp (self->report.last_reload, "ok") == 0);
    gauge (out, "consentd_clock_stopped",
           "1: the clock jumped, and nothing is decided until an operator confirms it.",
           self->clock.stopped != CLOCK_GOES_ON);
    metrics_family (out, "consentd_time_ahead_seconds", "gauge",
                    "How far the registry's time is ahead of the clock of the machine.");
    metrics_real (out, "consentd_time_ahead_seconds", NULL, seconds (broker_now (self) - broker_wall ()));
}

static void write_requests (const struct broker *self, struct metrics *out)
{
    const struct meters *meters = &self->meters;
    metrics_family (out, "consentd_requests", "counter",
                    "Requests by verb and by what came of them; each check of a batch is one.");
    for (unsigned verb = 0; verb < VERBS; verb++)
        for (unsigned i = 0; i < METERS_RESULTS && meters->results[i] != NULL; i++)
            if (meters->requests[verb][i] > 0)
                metrics_number (
                    out, "consentd_requests_total",
                    (const char *[]){"verb", verb_table[verb].name, "result", meters->results[i], NULL},
                    meters->requests[verb][i]);
    counter (out, "consentd_requests_unjudged",
             "Requests answered UNAVAILABLE before any verb judged them, or after their turn had failed.",
             meters->unjudged);
    counter (out, "consentd_requests_turned_away", "Requests of parties that had as many waiting as they may.",
             self->report.turned_away);
    counter (out, "consentd_requests_dropped", "Requests of clients that left before they were answered.",
             self->report.dropped);
    counter (out, "consentd_requests_without_room", "Requests refused because the store was full.",
             self->registry.room.refused);
    counter (out, "consentd_messages_cut_off", "Messages with more frames than the protocol has.",
             self->report.messages_cut_off);
}

static void write_times (const struct broker *self, struct metrics *out)
{
    static const struct histogram nothing;
    metrics_family (out, "consentd_answer_seconds", "histogram",
                    "From the request that was read to the answer that was sent, by verb.");
    for (unsigned verb = 0; verb < VERBS; verb++)
        if (memcmp (&self->meters.answers[verb], &nothing, sizeof nothing) != 0)
            metrics_histogram (out, "consentd_answer_seconds",
                               (const char *[]){"verb", verb_table[verb].name, NULL}, &self->meters.answers[verb]);
    metrics_family (out, "consentd_turn_seconds", "histogram",
                    "How long turns took in which requests were decided, without the disk.");
    metrics_histogram (out, "consentd_turn_seconds", NULL, &self->meters.turns);
    metrics_family (out, "consentd_sync_seconds", "histogram", "How long the disk took to make turns durable.");
    metrics_histogram (out, "consentd_sync_seconds", NULL, store_journal_info (self->registry.store).syncs);
    counter (out, "consentd_commits_failed", "Turns that the disk did not take, and that were tried again.",
             self->registry.failed_commits);
}

static void write_queues (const struct broker *self, struct metrics *out)
{
    struct waiting_party one = {.queue = NULL};
    metrics_family (out, "consentd_waiting_requests", "gauge",
                    "Requests that wait to be decided, by party; each check of a batch is one.");
    while (waiting_next_party (self->waiting, &one))
        metrics_number (out, "consentd_waiting_requests", (const char *[]){"party", one.id, NULL}, one.waiting);
    one.queue = NULL;
    metrics_family (out, "consentd_cost_units", "counter",
                    "What the requests of a party have cost, in units of about a third of a microsecond.");
    while (waiting_next_party (self->waiting, &one))
        metrics_number (out, "consentd_cost_units_total", (const char *[]){"party", one.id, NULL}, one.cost);
}

static void write_shares (const struct store_info *info, struct metrics *out)
{
    static const char *const names[STORE_SHARES] = {
        [STORE_OPERATORS] = "operators", [STORE_WITHDRAWALS] = "withdrawals", [STORE_OWN] = "registry"};
    metrics_family (out, "consentd_reserve_share_bytes", "gauge", "How the reserve is divided.");
    for (unsigned i = STORE_OPERATORS; i < STORE_SHARES; i++)
        metrics_number (out, "consentd_reserve_share_bytes", (const char *[]){"share", names[i], NULL},
                        info->shares[i]);
    metrics_family (out, "consentd_reserve_taken_bytes", "gauge",
                    "How much of each share of the reserve is in use.");
    for (unsigned i = STORE_OPERATORS; i < STORE_SHARES; i++)
        metrics_number (out, "consentd_reserve_taken_bytes", (const char *[]){"share", names[i], NULL},
                        info->taken[i]);
}

static void write_store (const struct broker *self, struct metrics *out)
{
    const struct registry *registry = &self->registry;
    const struct store_info *info = &registry->room.info;
    struct store_journal journal = store_journal_info (registry->store);
    gauge (out, "consentd_store_size_bytes", "The store.", info->size);
    gauge (out, "consentd_store_general_bytes", "What of the store is not its reserve.", info->general);
    gauge (out, "consentd_store_used_bytes", "What of the store holds something.", info->used);
    gauge (out, "consentd_store_full", "1: only withdrawals, restrictions and what operators need are recorded.",
           registry->room.level == ROOM_FULL);
    write_shares (info, out);
    gauge (out, "consentd_journal_size_bytes", "The journal.", journal.size);
    gauge (out, "consentd_journal_used_bytes", "What of the journal is not in the store's own file yet.",
           journal.used);
    counter (out, "consentd_log_lines", "Lines of the log.", registry->state.audit_number);
    gauge (out, "consentd_archive_faulty", "1: a file of the log's archive could not be used lately.",
           archive_fault (registry->archive, 0) != NULL);
    gauge (out, "consentd_revision", "Rises with every change of what is recorded.", registry->state.revision);
    gauge (out, "consentd_erasing", "1: subjects are marked to be erased, and not all of it is done.",
           registry->state.erasing);
}

static void write_copies (const struct broker *self, struct metrics *out)
{
    const struct log_copies *copies = &self->registry.copies;
    uint64_t newest = self->registry.state.audit_number;
    metrics_family (out, "consentd_log_copy_behind_seconds", "gauge",
                    "For how long a copy of the log has not had all of it.");
    for (size_t i = 0; i < copies->count; i++)
        metrics_real (out, "consentd_log_copy_behind_seconds",
                      (const char *[]){"copy", copies->copy[i].name, NULL},
                      seconds (log_copy_behind_for (&copies->copy[i], newest, broker_steady ())));
    metrics_family (out, "consentd_log_copy_faulty", "gauge", "1: the copier says that something is wrong.");
    for (size_t i = 0; i < copies->count; i++)
        metrics_number (out, "consentd_log_copy_faulty", (const char *[]){"copy", copies->copy[i].name, NULL},
                        copies->copy[i].fault[0] != '\0');
}

static void write_parties (const struct broker *self, struct metrics *out)
{
    const struct parties *parties = self->registry.parties;
    size_t active = 0, unfit = 0, index = 0;
    for (size_t i = 0; i < parties_count (parties); i++)
        active += parties_at (parties, i)->party.active;
    while (parties_next_unfit (parties, &index) != NULL)
        unfit++;
    gauge (out, "consentd_parties_active", "Parties that take part.", active);
    gauge (out, "consentd_parties_unfit", "Parties that do not fit what is in force, and take part in nothing.",
           unfit);
}

static void write_events (const struct broker *self, struct metrics *out)
{
    static const char *const families[][2] = {
        {"consentd_events_waiting", "Events that a consumer has not acknowledged."},
        {"consentd_events_oldest_seconds", "How long the oldest of them has waited."},
        {"consentd_consumer_listening", "1: the consumer is connected, and hears events."},
    };
    for (unsigned family = 0; family < sizeof families / sizeof *families; family++) {
        metrics_family (out, families[family][0], "gauge", families[family][1]);
        for (size_t i = 0; i < self->tally.count; i++) {
            const struct tallied *one = &self->tally.item[i];
            const char *const labels[] = {"party", one->party, "consumer", one->consumer, NULL};
            moment waited = one->since > 0 ? broker_now (self) - one->since : 0;
            double values[] = {(double)one->waiting, seconds (waited > 0 ? waited : 0),
                               outbox_find (self->registry.outbox, one->party, one->consumer) != NULL};
            metrics_real (out, families[family][0], labels, values[family]);
        }
    }
    struct consumer_warning unheard[UNHEARD_LISTED];
    gauge (out, "consentd_consumers_overdue",
           "Consumers that have not heard in time of what ends or limits something.",
           unheard_list (self->registry.unheard, unheard, UNHEARD_LISTED));
}

static void write_alarms (const struct broker *self, struct metrics *out)
{
    metrics_family (out, "consentd_alarms", "counter", "Alarms that were raised, by kind.");
    for (unsigned kind = 0; kind < ALARM_KINDS; kind++)
        metrics_number (out, "consentd_alarms_total", (const char *[]){"kind", alarm_name (kind), NULL},
                        self->report.alarms_raised[kind]);
}

static char *make_text (const struct broker *self, size_t *size)
{
    char *text = NULL;
    struct metrics into = {open_memstream (&text, size), self->in_force.config->controller}, *out = &into;
    if (into.file == NULL)
        abort ();
    write_identity (self, out);
    write_requests (self, out);
    write_times (self, out);
    write_queues (self, out);
    write_store (self, out);
    write_copies (self, out);
    write_parties (self, out);
    write_events (self, out);
    write_alarms (self, out);
    metrics_end (out);
    if (fclose (into.file) != 0)
        abort ();
    return text;
}

/* Whole or not there. It is not synced: after a power cut nobody wants it. Everybody may read it. */
static int put_file (const char *path, const char *text, size_t size)
{
    char *fresh = NULL;
    if (asprintf (&fresh, "%s.new", path) < 0)
        abort ();
    int file = open (fresh, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0644);
    int rc = file < 0 ? -errno : file_write_all (file, text, size);
    if (rc == 0 && fchmod (file, 0644) != 0) /* whatever the umask */
        rc = -errno;
    if (file >= 0)
        close (file);
    if (rc == 0 && rename (fresh, path) != 0)
        rc = -errno;
    if (rc != 0 && file >= 0)
        unlink (fresh);
    free (fresh);
    return rc;
}

void broker_end_metrics (struct broker *self)
{
    if (self->metrics_path != NULL)
        unlink (self->metrics_path);
    free (self->metrics_path);
    free (self->metrics_unwritten);
    self->metrics_path = self->metrics_unwritten = NULL;
}

/* Says it once for each place, until they can be written; `status` says it all the while. `rc`: what came of the
   newest try there. */
static void tell_unwritten (struct broker *self, const char *path, int rc)
{
    snprintf (self->report.metrics_fault, sizeof self->report.metrics_fault, "%s%s%s", rc != 0 ? path : "",
              rc != 0 ? ": " : "", rc != 0 ? outcome_sentence (rc) : "");
    if (rc != 0 && self->metrics_unwritten != NULL && strcmp (self->metrics_unwritten, path) == 0)
        return;
    free (self->metrics_unwritten);
    self->metrics_unwritten = NULL;
    if (rc == 0)
        return;
    say (SAY_WARNING, "metrics-unwritten", "the metrics cannot be written to %s: %s; it is tried again", path,
         outcome_sentence (rc));
    if ((self->metrics_unwritten = strdup (path)) == NULL)
        abort ();
}

moment broker_metrics_due (const struct broker *self)
{
    const char *wanted = self->in_force.config->metrics_file;
    return wanted != NULL || self->metrics_path != NULL ? self->metrics_at : MOMENT_NEVER;
}

void broker_write_metrics (struct broker *self)
{
    const char *path = self->in_force.config->metrics_file;
    size_t size = 0;
    if (broker_steady () < broker_metrics_due (self))
        return;
    if (self->metrics_path != NULL && (path == NULL || strcmp (path, self->metrics_path) != 0))
        broker_end_metrics (self);
    self->metrics_at = broker_steady () + self->in_force.config->metrics_every;
    if (path == NULL)
        return;
    char *text = make_text (self, &size);
    int rc = put_file (path, text, size);
    free (text);
    tell_unwritten (self, path, rc);
    if (rc == 0 && self->metrics_path == NULL && (self->metrics_path = strdup (path)) == NULL)
        abort ();
}
