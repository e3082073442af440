/* consentctl policy replay: past decisions, decided again under another pack. */
#include <inttypes.h>
#include "ctl.h"
#include "codec/document.h"
#include "language.h"
#include "pack.h"
#include "policy_replay.h"
#include "table.h"
#include "policy/policy_paragraph.h"
#include "policy/policy_read.h"

const struct option policy_replay_options[] = {
    {"since", "MOMENT", "decisions from this day, or moment, on", OPTION_REQUIRED},
    LANGUAGE_OPTION,
    {NULL, NULL, NULL, 0},
};

/* "  12  permitted that were denied, about 7 people" */
void policy_replay_print_ways (const struct replay *replay, enum language language)
{
    const char *const ways[REPLAY_WAYS] = {
        [REPLAY_DENIED_NOW] =
            in_language (language, "items denied that were permitted", "gegevens geweigerd die waren toegestaan"),
        [REPLAY_PERMITTED_NOW] =
            in_language (language, "items permitted that were denied", "gegevens toegestaan die waren geweigerd"),
        [REPLAY_OTHER_GROUND] =
            in_language (language, "items permitted on another ground", "gegevens toegestaan op een andere grond"),
        [REPLAY_OTHER_REASONS] =
            in_language (language, "items denied for other reasons", "gegevens geweigerd om andere redenen"),
        [REPLAY_NOT_KNOWN] = in_language (language, "decisions about what this pack does not know",
                                          "beslissingen over wat dit pakket niet kent"),
    };
    for (size_t i = 0; i < REPLAY_WAYS; i++) {
        uint64_t people = replay->people_of[i].count;
        printf ("%8" PRIu64 "  %s", replay->of[i], ways[i]);
        if (replay->of[i] > 0)
            printf (people == 1 ? in_language (language, ", about %" PRIu64 " person", ", van %" PRIu64 " persoon")
                                : in_language (language, ", about %" PRIu64 " people", ", van %" PRIu64 " mensen"),
                    people);
        putchar ('\n');
    }
}

/* "12, about 7 people: 1204, 1207, 1210, 1213, 1300 ... 1411" */
static void print_decisions (struct arena *arena, const struct replay_group *group, enum language language)
{
    uint64_t shown = group->decisions < REPLAY_SHOWN ? group->decisions : REPLAY_SHOWN;
    const char *text = arena_printf (
        arena,
        group->people.count == 1
            ? in_language (language,
                           "%" PRIu64 ", about %" PRIu64 " person:", "%" PRIu64 ", van %" PRIu64 " persoon:")
            : in_language (language,
                           "%" PRIu64 ", about %" PRIu64 " people:", "%" PRIu64 ", van %" PRIu64 " mensen:"),
        group->decisions, group->people.count);
    for (uint64_t i = 0; i < shown; i++)
        text = arena_printf (arena, "%s %" PRIu64 "%s", text, group->first[i], i + 1 < shown ? "," : "");
    if (group->decisions > shown)
        text = arena_printf (arena, "%s ... %" PRIu64, text, group->newest);
    policy_print_line (stdout, in_language (language, "decisions", "besluiten"), text);
}

static void print_group (struct arena *arena, const struct replay_group *group, enum language language)
{
    printf ("%s > %s %s %s\n", group->provider, group->recipient, in_language (language, "for", "voor"),
            group->purpose);
    policy_print_line (stdout, in_language (language, "items", "gegevens"), group->items);
    policy_print_line (stdout, in_language (language, "then", "toen"), group->then);
    policy_print_line (stdout, in_language (language, "now", "nu"), group->now);
    print_decisions (arena, group, language);
    putchar ('\n');
}

void policy_replay_print_left_out (const struct replay *replay, enum language language)
{
    if (replay->left_out > 0)
        policy_print_text (stdout, 0,
                           in_language (language,
                                        "left out: %" PRIu64
                                        " decisions of which the subject was erased since, or that cannot be read",
                                        "niet meegeteld: %" PRIu64
                                        " beslissingen over wie sindsdien is gewist, of die niet te lezen zijn"),
                           replay->left_out);
}

static void print_replay (const struct replay *replay, enum language language)
{
    for (size_t i = 0; i < replay->group_count; i++)
        print_group (replay->arena, replay->groups[i], language);
    bool is_same = replay_differing (replay) == 0;
    const char *same = in_language (language, " all come out the same", " ze vallen allemaal hetzelfde uit");
    const char *text = arena_printf (replay->arena,
                                     in_language (language,
                                                  "%" PRIu64 " decisions about %" PRIu64 " people, %" PRIu64
                                                  " items, decided again under %s:%s",
                                                  "%" PRIu64 " beslissingen over %" PRIu64 " mensen, %" PRIu64
                                                  " gegevens, opnieuw genomen onder %s:%s"),
                                     replay->decisions, replay->people.count, replay->items, replay->after->id,
                                     is_same ? same : "");
    table_print_text (replay->arena, text, stdout);
    if (!is_same)
        policy_replay_print_ways (replay, language);
    policy_replay_print_left_out (replay, language);
}

/* --- For programs -------------------------------------------------------------------------------------- */

static json_t *group_json (const struct replay_group *group)
{
    return json_pack ("{s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:I}", "provider", group->provider,
                      "recipient", group->recipient, "purpose", group->purpose, "items", group->items, "then",
                      group->then, "now", group->now, "decisions", (json_int_t)group->decisions, "people",
                      (json_int_t)group->people.count, "first", (json_int_t)group->first[0], "last",
                      (json_int_t)group->newest);
}

json_t *policy_replay_counts_json (const struct replay *replay)
{
    return json_pack ("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "decisions",
                      (json_int_t)replay->decisions, "people", (json_int_t)replay->people.count, "items",
                      (json_int_t)replay->items, "permitted_now", (json_int_t)replay->of[REPLAY_PERMITTED_NOW],
                      "people_permitted_now", (json_int_t)replay->people_of[REPLAY_PERMITTED_NOW].count,
                      "denied_now", (json_int_t)replay->of[REPLAY_DENIED_NOW], "people_denied_now",
                      (json_int_t)replay->people_of[REPLAY_DENIED_NOW].count, "other_ground",
                      (json_int_t)replay->of[REPLAY_OTHER_GROUND], "other_reasons",
                      (json_int_t)replay->of[REPLAY_OTHER_REASONS], "not_known",
                      (json_int_t)replay->of[REPLAY_NOT_KNOWN], "left_out", (json_int_t)replay->left_out);
}

static json_t *replay_json (const struct replay *replay)
{
    json_t *document = policy_replay_counts_json (replay), *groups = json_array ();
    for (size_t i = 0; i < replay->group_count; i++)
        json_array_append_new (groups, group_json (replay->groups[i]));
    json_object_set_new (document, "policy", json_string (replay->after->id));
    json_object_set_new (document, "unreadable", json_integer ((json_int_t)replay->unreadable));
    json_object_set_new (document, "groups", groups);
    json_object_set (document, "differences", replay->differences);
    return document;
}

/* --- The command --------------------------------------------------------------------------------------- */

int policy_replay_since (const struct options *options, moment *since)
{
    const char *text = options_text (options, "since");
    if (moment_parse (text, since) && *since >= 1)
        return 0;
    return ctl_fail (EX_USAGE, "--since: %s: 2026-11-21, \"2026-11-21 20:04\"", moment_fault (text));
}

void policy_replay_note (const struct replay *replay)
{
    if (replay->unreadable > 0)
        ctl_fail (0, "note: %" PRIu64 " lines of the log cannot be read, and may be decisions",
                  replay->unreadable);
}

int policy_replay_run (struct ctl *ctl, const struct options *options)
{
    struct policy *policy = NULL;
    enum language language;
    moment since;
    int error = policy_replay_since (options, &since);
    if (!error)
        error = language_read (options, &language);
    if (!error)
        error = pack_read (options->arguments[0], &policy);
    if (error)
        return error;
    struct replay replay = {.ctl = ctl, .after = policy, .differences = ctl->json ? json_array () : NULL};
    error = replay_run (&replay, since);
    if (!error && ctl->json)
        document_print (replay_json (&replay));
    else if (!error)
        print_replay (&replay, language);
    if (!error)
        policy_replay_note (&replay);
    if (!error && replay_differing (&replay) > 0)
        error = CTL_NO;
    replay_clear (&replay);
    json_decref (replay.differences);
    policy_destroy (&policy);
    return error;
}
