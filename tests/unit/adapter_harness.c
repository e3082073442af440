#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "adapter_harness.h"
#include "message.h"
#include "testing.h"

struct harness *harness_new (enum harness_shape shape)
{
    static const char *const files[][2] = {
        {"wmo301.map", "jw301.map"},
        {"wmo301-eigen-bijdrage.map", "jw301-eigen-bijdrage.map"},
        {"wmo301-pgb.map", "jw301-pgb.map"},
    };
    static const uint8_t secret[PASSAGE_SECRET] = {1};
    struct harness *self = calloc (1, sizeof *self);
    assert_non_null (self);
    for (size_t i = 0; i < 2; i++) {
        char path[512];
        char error[512] = "";
        snprintf (path, sizeof path, "%s/adapters/%s", CONFIG_DIR, files[shape][i]);
        self->mappings[i] = mapping_read (path, error, sizeof error);
        assert_string_equal (error, "");
    }
    self->permitted = "all";
    self->gemeentecode = "1884";
    self->agb = "99990001";
    self->order = (struct passage_order){.mappings = (const struct mapping *const *)self->mappings,
                                         .schemas = schemas_new (),
                                         .secret = secret,
                                         .limit = MESSAGE_LIMIT,
                                         .provider = "kernteam",
                                         .recipient = "zorgaanbieder-horizon",
                                         .purpose = "toekenning",
                                         .user = "test"};
    return self;
}

void harness_destroy (struct harness **self_p)
{
    passage_destroy (&(*self_p)->passage);
    free ((*self_p)->output);
    schemas_destroy (&(*self_p)->order.schemas);
    mapping_destroy (&(*self_p)->mappings[0]);
    mapping_destroy (&(*self_p)->mappings[1]);
    free (*self_p);
    *self_p = NULL;
}

static bool is_word_of (const char *word, const char *words)
{
    size_t size = strlen (word);
    for (const char *found = strstr (words, word); found; found = strstr (found + 1, word)) {
        if ((found == words || found[-1] == ' ') && (found[size] == ' ' || found[size] == 0))
            return true;
    }
    return false;
}

static bool is_permitted (const struct harness *self, const struct consent_question *question, size_t item)
{
    bool at_last = question->mode == CONSENT_DISCLOSE && self->permitted_at_last;
    const char *permitted = at_last ? self->permitted_at_last : self->permitted;
    return strcmp (permitted, "all") == 0 || is_word_of (question->items[item].category, permitted);
}

static void note_question (struct harness *self, const struct consent_question *question)
{
    char *asked = question->mode == CONSENT_DISCLOSE ? self->disclosed : self->asked;
    self->times_asked += question->mode == CONSENT_ADVISE;
    self->times_disclosed += question->mode == CONSENT_DISCLOSE;
    snprintf (self->asked_bsn, sizeof self->asked_bsn, "%s", question->bsn);
    self->asked_all_or_nothing = question->all_or_nothing;
    *asked = 0;
    for (size_t i = 0; i < question->item_count; i++) {
        size_t length = strlen (asked);
        snprintf (asked + length, sizeof self->asked - length, " %s/%s", question->items[i].category,
                  question->items[i].origin);
    }
}

static size_t answer_items (struct harness *self, const struct consent_question *question)
{
    static const struct consent_reason reason = {.code = "NO_CONSENT", .rule = "C7"};
    size_t permits = 0;
    for (size_t i = 0; i < question->item_count; i++) {
        bool permit = is_permitted (self, question, i);
        permits += permit;
        self->items[i] =
            (struct consent_item_answer){.category = question->items[i].category,
                                         .origin = question->items[i].origin,
                                         .verdict = permit ? CONSENT_PERMIT : CONSENT_DENY,
                                         .ground = permit ? CONSENT_GROUND_CONSENT : CONSENT_GROUND_NONE,
                                         .statute = "",
                                         .reasons = &reason,
                                         .reason_count = !permit};
    }
    return permits;
}

static void answer (struct harness *self, const struct consent_question *question)
{
    note_question (self, question);
    size_t permits = answer_items (self, question);
    self->answer = (struct consent_answer){
        .status = self->status,
        .field = "",
        .message = self->status == CONSENT_OK ? "" : "no answer",
        .verdict = permits == question->item_count ? CONSENT_PERMIT
                   : permits                       ? CONSENT_PARTIAL
                                                   : CONSENT_DENY,
        .items = self->items,
        .item_count = question->item_count,
        .policy = "test/1",
        .decision = question->mode != CONSENT_DISCLOSE ? 1
                    : self->decision                   ? self->decision
                                                       : 2,
        .revoked_since = self->revoked_since,
    };
    if (question->mode == CONSENT_ADVISE) {
        memcpy (self->advised, self->items, sizeof self->advised);
        self->advice = self->answer;
        self->advice.items = self->advised;
    }
    passage_tell_answers (self->passage, (const struct consent_answer *const[]){&self->answer});
}

static void let_go (struct harness *self, const struct passage_need *need)
{
    self->output = strndup (need->output, need->output_size);
    assert_non_null (self->output);
    passage_tell_done (self->passage, NULL);
}

static void identify (struct harness *self, const struct consent_identification *asked)
{
    bool is_sender = asked->parties && strcmp (asked->parties[0], self->order.provider) == 0;
    bool is_known = asked->parties || strcmp (asked->value, self->agb) == 0;
    struct consent_known_party party = {.id = is_sender ? "kernteam" : "zorgaanbieder-horizon",
                                        .kind = is_sender ? "kernteam" : "zorgaanbieder",
                                        .agb = is_sender ? "" : self->agb,
                                        .gemeentecode = is_sender ? self->gemeentecode : "",
                                        .oin = ""};
    struct consent_parties parties = {.parties = &party, .count = is_known};
    passage_tell_parties (self->passage, CONSENT_OK, &parties);
}

static void meet (struct harness *self, const struct passage_need *need)
{
    if (need->kind == PASSAGE_WRITE)
        passage_tell_done (self->passage, self->unwritable);
    else if (need->kind == PASSAGE_GO)
        let_go (self, need);
    else if (need->kind == PASSAGE_IDENTIFY)
        identify (self, &need->asked);
    else
        answer (self, &need->questions[0]);
}

enum passage_outcome harness_run_bytes (struct harness *self, const char *text, size_t size)
{
    struct passage_need need;
    passage_destroy (&self->passage);
    free (self->output);
    self->output = NULL;
    self->asked[0] = self->disclosed[0] = 0;
    self->times_asked = self->times_disclosed = 0;
    self->passage = passage_new (&self->order, text, size);
    for (passage_step (self->passage, &need); need.kind != PASSAGE_DONE; passage_step (self->passage, &need))
        meet (self, &need);
    self->result = *passage_result (self->passage);
    return self->result.outcome;
}

enum passage_outcome harness_run (struct harness *self, const char *text)
{
    return harness_run_bytes (self, text, strlen (text));
}

bool harness_output_has (const struct harness *self, const char *text)
{
    assert_non_null (self->output);
    return strstr (self->output, text);
}

char *harness_read_file (const char *path)
{
    FILE *stream = fopen (path, "re");
    assert_non_null (stream);
    char *text = calloc (1, 1024 * 1024);
    assert_non_null (text);
    assert_true (fread (text, 1, 1024 * 1024 - 1, stream) > 0);
    fclose (stream);
    return text;
}

char *harness_fixture (const char *name)
{
    char path[512];
    snprintf (path, sizeof path, "%s/../tests/fixtures/%s", CONFIG_DIR, name);
    return harness_read_file (path);
}

char *harness_replace (char *text, const char *what, const char *with)
{
    char *found = strstr (text, what);
    assert_non_null (found);
    assert_null (strstr (found + 1, what));
    char *changed;
    assert_true (asprintf (&changed, "%.*s%s%s", (int)(found - text), text, with, found + strlen (what)) > 0);
    free (text);
    return changed;
}

const char *harness_schema (const char *name)
{
    static char path[512];
    const char *directory = getenv ("CONSENTD_ISTANDAARDEN");
    if (!directory)
        return NULL;
    snprintf (path, sizeof path, "%s/xsd/%s", directory, name);
    return access (path, R_OK) == 0 ? path : NULL;
}
