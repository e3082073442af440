/* consentctl policy replay: decides the decisions since a moment again, under another pack. The registry gives the
   facts that it saw then. Nothing in the registry changes except its log, which says who looked. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "ctl.h"
#include "audit/log_pages.h"
#include "check/decision.h"
#include "codec/document.h"
#include "moments.h"
#include "pack.h"
#include "policy_replay.h"
#include "policy/policy_paragraph.h"
#include "policy/policy_read.h"
#include "text/progress.h"

enum { PAGE = 100, DECISION_LIMIT = 64 << 20 /* bytes: 512 statements, each with its withdrawals */ };

const struct option policy_replay_options[] = {
    {"since", "MOMENT", "decisions from this day, or moment, on", OPTION_REQUIRED},
    {NULL, NULL, NULL, 0},
};

struct replay {
    struct ctl *ctl;
    const struct policy *policy;
    struct arena *arena; /* of one decision */
    FILE *out;           /* the text, until everything was decided */
    json_t *differences; /* NULL: text */
    struct difference {
        const char *item, *then, *now;
    } found[DECIDE_ITEMS]; /* of one decision */
    size_t found_count;
    uint64_t newest, decisions, items, permitted_now, denied_now, other_ground, other_reasons, unknown;
    uint64_t left_out;   /* erased since, or cannot be read */
    uint64_t unreadable; /* lines of which nobody can tell whether they are decisions */
};

static bool is_decision (const Consentd__AuditEntry *entry)
{
    return strcmp (entry->action, "check") == 0 &&
           (strcmp (entry->result, "permit") == 0 || strcmp (entry->result, "partial") == 0 ||
            strcmp (entry->result, "deny") == 0);
}

static void tell_difference (struct replay *self, const struct past_decision *past, size_t index, const char *then,
                             const char *now)
{
    const Consentd__DecisionShowReply *shown = past->shown;
    const Consentd__Item *item = shown->check->items[index];
    if (self->differences) {
        json_array_append_new (self->differences,
                               json_pack ("{s:I, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "decision",
                                          (json_int_t)shown->number, "provider", shown->check->provider,
                                          "recipient", shown->check->recipient, "purpose", shown->check->purpose,
                                          "category", item->category, "origin", item->origin, "then", then, "now",
                                          now));
        return;
    }
    if (self->found_count == DECIDE_ITEMS)
        return;
    self->found[self->found_count++] = (struct difference){
        *item->origin ? arena_printf (self->arena, "%s:%s", item->category, item->origin) : item->category, then,
        now};
}

/* Lists the items that changed as the item `first` did, and removes them. */
static const char *take_alike (struct replay *self, size_t first)
{
    const struct difference one = self->found[first];
    const char *items = "";
    for (size_t i = first; i < self->found_count; i++) {
        struct difference *other = &self->found[i];
        if (!other->item || strcmp (other->then, one.then) != 0 || strcmp (other->now, one.now) != 0)
            continue;
        items = arena_printf (self->arena, "%s%s%s", items, *items ? ", " : "", other->item);
        other->item = NULL;
    }
    return items;
}

static void print_difference (struct replay *self, const struct past_decision *past)
{
    const Consentd__DecisionShowReply *shown = past->shown;
    char when[MOMENT_TEXT];
    if (self->found_count > 0)
        fprintf (self->out, "%" PRIu64 "  %s  %s > %s for %s\n", shown->number, moment_print (shown->time, when),
                 shown->check->provider, shown->check->recipient, shown->check->purpose);
    for (size_t i = 0; i < self->found_count; i++) {
        if (!self->found[i].item)
            continue;
        policy_print_line (self->out, "items", take_alike (self, i));
        policy_print_line (self->out, "then", self->found[i].then);
        policy_print_line (self->out, "now", self->found[i].now);
        fputc ('\n', self->out);
    }
    self->found_count = 0;
}

static void compare (struct replay *self, const struct past_decision *past, const struct inquiry_again *again,
                     const struct decision *decision)
{
    for (size_t i = 0; i < decision->item_count; i++) {
        const char *then = past_decision_item (past, i, self->arena);
        const char *now = inquiry_again_item (again, decision, i, self->arena);
        self->items++;
        if (strcmp (then, now) == 0)
            continue;
        bool permitted = strncmp (then, "PERMIT", 6) == 0, permits = decision->items[i].permit;
        self->permitted_now += !permitted && permits;
        self->denied_now += permitted && !permits;
        self->other_ground += permitted && permits;
        self->other_reasons += !permitted && !permits;
        tell_difference (self, past, i, then, now);
    }
}

/* A pack that does not know something of the check refuses the check, so it permits nothing. */
static void tell_unknown (struct replay *self, const struct past_decision *past, const char *what)
{
    self->unknown++;
    for (size_t i = 0; i < past->shown->check->n_items; i++) {
        self->items++;
        tell_difference (self, past, i, past_decision_item (past, i, self->arena),
                         arena_printf (self->arena, "not known to this pack: %s", what));
    }
}

static int decide_again (struct replay *self, uint64_t number)
{
    struct past_decision past;
    arena_reset (self->arena);
    int error = past_decision_fetch (self->ctl, self->arena, number, &past);
    if (error)
        return error;
    if (past.was_erased) {
        self->left_out++;
        return 0;
    }
    if (!past.has_facts)
        return ctl_fail (EX_NOPERM, "this key may not explain decisions, so it is not told on what they rest");
    struct inquiry_again *again = arena_alloc (self->arena, sizeof *again);
    struct decision *decision = arena_alloc (self->arena, sizeof *decision);
    const char *unknown = past_decision_under (&past, self->policy, self->arena, again);
    self->decisions++;
    if (unknown) {
        tell_unknown (self, &past, unknown);
    } else {
        decide (&again->facts, &again->check, decision);
        compare (self, &past, again, decision);
    }
    print_difference (self, &past);
    return 0;
}

/* The line of somebody who was erased since has no details. */
static int look_at (struct replay *self, const Consentd__AuditEntry *entry)
{
    bool is_readable = *entry->details != '\0';
    self->left_out += !is_readable;
    return is_readable ? decide_again (self, entry->number) : 0;
}

static void show_progress (const struct replay *self, uint64_t number)
{
    progress_show ("%" PRIu64 " of %" PRIu64 " lines, %" PRIu64 " decisions", number, self->newest,
                   self->decisions);
}

/* Reads up to the line that was the newest at the first page: this command adds lines of its own. */
static int follow_log (struct replay *self, moment since)
{
    Consentd__AuditListRequest body;
    consentd__audit_list_request__init (&body);
    Consentd__Request request = ASK_REQUEST (AUDIT_LIST, audit_list, &body);
    struct pages pages = pages_start (self->ctl, &request, &log_paging);
    body.since = since;
    body.limit = PAGE;
    while (pages.more && (self->newest == 0 || body.after < self->newest)) {
        Consentd__Reply *reply;
        int error = pages_next (&pages, &reply);
        if (error)
            return error;
        const Consentd__AuditListReply *page = reply->audit_list;
        if (self->newest == 0)
            self->newest = page->newest;
        for (size_t i = 0; i < page->n_entries && !error; i++) {
            self->unreadable += page->entries[i]->number <= self->newest && page->entries[i]->time == 0;
            if (page->entries[i]->number <= self->newest && is_decision (page->entries[i]))
                error = look_at (self, page->entries[i]);
        }
        consentd__reply__free_unpacked (reply, NULL);
        if (error)
            return error;
        show_progress (self, body.after);
    }
    return 0;
}

static uint64_t differing (const struct replay *self)
{
    return self->permitted_now + self->denied_now + self->other_ground + self->other_reasons + self->unknown;
}

static void print_replay (const struct replay *self, const char *text)
{
    if (self->differences) {
        document_print (
            json_pack ("{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:O}", "policy", self->policy->id,
                       "decisions", (json_int_t)self->decisions, "items", (json_int_t)self->items, "permitted_now",
                       (json_int_t)self->permitted_now, "denied_now", (json_int_t)self->denied_now, "other_ground",
                       (json_int_t)self->other_ground, "other_reasons", (json_int_t)self->other_reasons,
                       "not_known", (json_int_t)self->unknown, "left_out", (json_int_t)self->left_out,
                       "unreadable", (json_int_t)self->unreadable, "differences", self->differences));
        return;
    }
    fputs (text, stdout);
    printf ("%" PRIu64 " decisions, %" PRIu64 " items, decided again under %s:", self->decisions, self->items,
            self->policy->id);
    if (differing (self) == 0)
        puts (" all come out the same");
    else
        printf ("\n  %" PRIu64 " permitted that were denied\n  %" PRIu64 " denied that were permitted\n  %" PRIu64
                " permitted on another ground\n  %" PRIu64 " denied for other reasons\n  %" PRIu64
                " decisions about what this pack does not know\n",
                self->permitted_now, self->denied_now, self->other_ground, self->other_reasons, self->unknown);
    if (self->left_out > 0)
        printf ("left out: %" PRIu64 " decisions of which the subject was erased since, or that cannot be read\n",
                self->left_out);
}

int policy_replay_run (struct ctl *ctl, const struct options *options)
{
    struct replay replay = {.ctl = ctl};
    char *text = NULL;
    size_t size = 0;
    struct policy *policy = NULL;
    moment since;
    if (!moment_parse (options_text (options, "since"), &since) || since < 1)
        return ctl_fail (EX_USAGE, "--since: %s: 2026-11-21, \"2026-11-21 20:04\"",
                         moment_fault (options_text (options, "since")));
    int error = pack_read (options->arguments[0], &policy);
    if (error)
        return error;
    replay.policy = policy;
    replay.arena = arena_new (DECISION_LIMIT);
    replay.differences = ctl->json ? json_array () : NULL;
    replay.out = open_memstream (&text, &size);
    if (!replay.out)
        abort ();
    error = follow_log (&replay, since);
    progress_end ();
    fclose (replay.out);
    if (!error)
        print_replay (&replay, text);
    if (!error && replay.unreadable > 0)
        ctl_fail (0, "note: %" PRIu64 " lines of the log cannot be read, and may be decisions", replay.unreadable);
    free (text);
    json_decref (replay.differences);
    arena_destroy (&replay.arena);
    policy_destroy (&policy);
    return error ? error : differing (&replay) > 0 ? CTL_NO : 0;
}
