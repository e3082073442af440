/* consentctl policy diff: two packs compared cell by cell, and, with --since, by what they make of the decisions
   of a registry. */
#include <inttypes.h>
#include "policy_compare.h"
#include "codec/document.h"
#include "language.h"
#include "pack.h"
#include "policy_diff.h"
#include "policy_replay.h"
#include "policy/policy_paragraph.h"
#include "policy/policy_read.h"

const struct option policy_compare_options[] = {
    {"since", "MOMENT", "decide the registry's decisions since then under both, and count what differs", 0},
    LANGUAGE_OPTION,
    {NULL, NULL, NULL, 0},
};

struct comparison {
    struct policy *before, *after;
    enum language language;
    bool with_people; /* and since when: */
    moment since;
    struct replay replay;
};

static void print_people (const struct comparison *self)
{
    const struct replay *replay = &self->replay;
    enum language language = self->language;
    policy_print_heading (stdout, in_language (language, "In people", "In mensen"));
    printf (in_language (language,
                         "%" PRIu64 " decisions about %" PRIu64 " people, %" PRIu64 " items, under both packs:\n",
                         "%" PRIu64 " beslissingen over %" PRIu64 " mensen, %" PRIu64
                         " gegevens, onder beide pakketten:\n"),
            replay->decisions, replay->people.count, replay->items);
    policy_replay_print_ways (replay, language);
    policy_replay_print_left_out (replay, language);
}

/* What is read of the options, and the packs. */
static int begin (struct comparison *self, const struct options *options)
{
    int error = language_read (options, &self->language);
    self->with_people = options_has (options, "since");
    if (!error && self->with_people)
        error = policy_replay_since (options, &self->since);
    if (!error)
        error = pack_read_untried (options->arguments[0], &self->before);
    if (!error)
        error = pack_read_untried (options->arguments[1], &self->after);
    return error;
}

static void tell (const struct ctl *ctl, const struct comparison *self, const struct policy_diff *diff)
{
    if (!ctl->json) {
        policy_diff_print (diff, stdout);
        if (self->with_people)
            print_people (self);
        return;
    }
    json_t *document = policy_diff_json (diff);
    json_object_set_new (document, "replay",
                         self->with_people ? policy_replay_counts_json (&self->replay) : json_null ());
    document_print (document);
}

int policy_compare_run (struct ctl *ctl, const struct options *options)
{
    struct comparison self = {0};
    int error = begin (&self, options);
    self.replay = (struct replay){.ctl = ctl, .before = self.before, .after = self.after};
    if (!error && self.with_people)
        error = replay_run (&self.replay, self.since);
    if (!error) {
        const struct policy_diff *diff =
            policy_diff_make (ctl->arena, self.before, self.after, ctl->json ? ENGLISH : self.language);
        tell (ctl, &self, diff);
        policy_replay_note (&self.replay);
        error = policy_diff_is_empty (diff) && replay_differing (&self.replay) == 0 ? 0 : CTL_NO;
    }
    replay_clear (&self.replay);
    policy_destroy (&self.after);
    policy_destroy (&self.before);
    return error;
}
