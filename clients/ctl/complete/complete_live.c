#include "complete_live.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include "ask.h"
#include "audit/log_pages.h"
#include "moments.h"
#include "pages.h"
#include "run.h"
#include "text/escape.h"

enum { MEMORY = 16 << 20, TIME = 1000 /* ms of an attempt, and there is one */, PAGE = 100 };

/* --- With which key ------------------------------------------------------------------------------------ */

/* A shell that asks what completes has not expanded "~". */
static const char *expand (struct arena *arena, const char *file)
{
    const char *home = getenv ("HOME");
    return file[0] == '~' && file[1] == '/' && home ? arena_printf (arena, "%s%s", home, file + 1) : file;
}

/* The value that the command line gives to the option. NULL: none. */
static const char *given (const struct completing *self, const char *name, const char *brief)
{
    size_t size = strlen (name);
    for (size_t i = 0; i < self->word_count; i++) {
        const char *word = self->words[i];
        if (strncmp (word, name, size) == 0 && word[size] == '=')
            return word + size + 1;
        if (i + 1 == self->word_count || (strcmp (word, name) != 0 && strcmp (word, brief) != 0))
            continue;
        bool is_apart =
            strcmp (self->words[i + 1], "=") == 0 && i + 2 < self->word_count; /* bash, as it splits words */
        return self->words[i + (is_apart ? 2 : 1)];
    }
    return NULL;
}

static void take_given (struct options *options, const char *name, const char *value)
{
    if (value && *value)
        options->given[options->given_count++] =
            (struct given_option){options_known (NULL, name, strlen (name)), value};
}

/* Opens the connection. False: it cannot be opened. */
static bool open_registry (const struct completing *self, struct ctl *ctl)
{
    struct options options = {.command = NULL};
    const char *key = given (self, "--key", "-k");
    take_given (&options, "key", key ? expand (ctl->arena, key) : NULL);
    take_given (&options, "user", given (self, "--user", "--user"));
    if (run_prepare (ctl, &options) != 0)
        return false;
    ctl->timeout = TIME;
    if (ask_open (ctl) != 0)
        return false;
    consent_set_attempts (ctl->registry, 1);
    consent_set_patience (ctl->registry, 0);
    return true;
}

static struct ctl begin (void)
{
    return (struct ctl){.arena = arena_new (MEMORY)};
}

static void end (struct ctl *ctl)
{
    consent_close (&ctl->registry);
    arena_destroy (&ctl->arena);
}

/* --- What is known ------------------------------------------------------------------------------------- */

/* The word becomes part of a command line: it is no more than a code, an id of a party or of a consent can be. */
static bool is_word (const char *word)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    return *word && *word != '-' && word[strspn (word, letters)] == '\0';
}

static void offer (const struct completing *self, const char *word, const char *about)
{
    char *shown = escape_text (about);
    if (is_word (word))
        complete_offer (self, word, shown);
    free (shown);
}

static bool is_dutch (void)
{
    const char *language = getenv ("LC_ALL");
    if (!language || !*language)
        language = getenv ("LC_MESSAGES");
    if (!language || !*language)
        language = getenv ("LANG");
    return language && strncmp (language, "nl", 2) == 0;
}

void complete_live_terms (const struct completing *self, Consentd__TermSort sort)
{
    static const struct paging paging = {.body = CONSENTD__REPLY__BODY_VOCABULARY};
    struct ctl ctl = begin ();
    Consentd__VocabularyRequest body;
    consentd__vocabulary_request__init (&body);
    body.sort = sort;
    body.limit = PAGE;
    Consentd__Request request = ASK_REQUEST (VOCABULARY, vocabulary, &body);
    Consentd__Reply *reply = NULL;
    if (open_registry (self, &ctl) && pages_all (&ctl, &request, &paging, &reply) == 0) {
        for (size_t i = 0; i < reply->vocabulary->n_terms; i++) {
            const Consentd__Term *term = reply->vocabulary->terms[i];
            const char *label = is_dutch () ? term->label_nl : term->label_en;
            offer (self, term->code, *label ? label : term->kind);
        }
        consentd__reply__free_unpacked (reply, NULL);
    }
    end (&ctl);
}

/* The id that the answer of this line gave, and nothing else of it. */
static void offer_entry (const struct completing *self, struct ctl *ctl, const Consentd__AuditEntry *entry)
{
    json_t *details = json_loads (entry->details, JSON_REJECT_DUPLICATES, NULL);
    json_t *recorded = json_object_get (json_object_get (details, "reply"), "consent_recorded");
    const char *id = json_string_value (json_object_get (recorded, "consent_id"));
    char when[MOMENT_TEXT];
    if (id)
        offer (
            self, id,
            arena_printf (ctl->arena, "%s %s, %s", moment_print (entry->time, when), entry->action, entry->party));
    json_decref (details);
}

static void offer_logged (const struct completing *self, struct ctl *ctl)
{
    Consentd__AuditListRequest body;
    consentd__audit_list_request__init (&body);
    body.last = PAGE;
    body.limit = PAGE;
    Consentd__Request request = ASK_REQUEST (AUDIT_LIST, audit_list, &body);
    Consentd__Reply *reply;
    if (ask (ctl, &request, CONSENTD__REPLY__BODY_AUDIT_LIST, &reply) != 0)
        return;
    for (size_t i = reply->audit_list->n_entries; i > 0; i--) /* the newest first */
        offer_entry (self, ctl, reply->audit_list->entries[i - 1]);
    consentd__reply__free_unpacked (reply, NULL);
}

static void offer_due (const struct completing *self, struct ctl *ctl)
{
    Consentd__DueListRequest body;
    consentd__due_list_request__init (&body);
    body.limit = PAGE;
    Consentd__Request request = ASK_REQUEST (DUE_LIST, due_list, &body);
    Consentd__Reply *reply;
    if (ask (ctl, &request, CONSENTD__REPLY__BODY_DUE_LIST, &reply) != 0)
        return;
    for (size_t i = 0; i < reply->due_list->n_entries; i++) {
        const Consentd__Due *due = reply->due_list->entries[i];
        char when[MOMENT_TEXT];
        if (due->consent_id.len > 0)
            offer (self, ask_hex (ctl, &due->consent_id),
                   arena_printf (ctl->arena, "due %s", moment_print (due->when, when)));
    }
    consentd__reply__free_unpacked (reply, NULL);
}

static bool may (const struct consent_identity *identity, const char *permission)
{
    for (size_t i = 0; identity->permissions[i]; i++)
        if (strcmp (identity->permissions[i], permission) == 0)
            return true;
    return false;
}

void complete_live_ids (const struct completing *self)
{
    struct ctl ctl = begin ();
    struct consent_identity *identity = NULL;
    if (open_registry (self, &ctl) && consent_whoami (ctl.registry, &identity) == CONSENT_OK) {
        if (may (identity, "admin") && strcmp (identity->endpoint, "operators") == 0)
            offer_logged (self, &ctl);
        else if (may (identity, "grant") || may (identity, "explain"))
            offer_due (self, &ctl);
    }
    consent_identity_destroy (&identity);
    end (&ctl);
}
