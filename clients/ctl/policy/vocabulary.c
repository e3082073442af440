/* consentctl vocabulary: which codes and parties a key can name in its requests. */
#include <string.h>
#include "ask.h"
#include "ctl.h"
#include "language.h"
#include "listing.h"

enum { PAGE = 100 };

static const struct option vocabulary_options[] = {
    {"only", "SORT", "purpose, category, origin, urgent-reason, kind or party", 0,
     "purpose category origin urgent-reason kind party"},
    {"purpose", "CODE", "only what a disclosure for this purpose can have", 0},
    LANGUAGE_OPTION,
    {NULL, NULL, NULL, 0},
};

static const char *const sorts[] = {"any", "purpose", "category", "origin", "urgent-reason", "kind", "party"};
enum { SORTS = sizeof sorts / sizeof *sorts };

static const char *direction_of (const Consentd__Term *one)
{
    if (one->provides && one->receives)
        return "provide, receive";
    return one->provides ? "provide" : one->receives ? "receive" : "";
}

static void add_row (struct ctl *ctl, struct table *table, const Consentd__Term *one, const char *label)
{
    if (one->special)
        label = arena_printf (ctl->arena, "%s (special)", label);
    table_add (table, (const char *[]){(unsigned)one->sort < SORTS ? sorts[one->sort] : "", one->code,
                                       direction_of (one), *label ? label : one->kind});
}

static void add_dutch (struct ctl *ctl, struct table *table, const void *item, int64_t now)
{
    const Consentd__Term *one = item;
    (void)now;
    add_row (ctl, table, one, one->label_nl);
}

static void add_english (struct ctl *ctl, struct table *table, const void *item, int64_t now)
{
    const Consentd__Term *one = item;
    (void)now;
    add_row (ctl, table, one, one->label_en);
}

/* Half of one pack's and half of another's would be the vocabulary of neither. */
static bool is_same (const Consentd__Reply *first, const Consentd__Reply *page)
{
    const ProtobufCBinaryData *a = &first->vocabulary->policy_hash, *b = &page->vocabulary->policy_hash;
    return a->len == b->len && memcmp (a->data, b->data, a->len) == 0;
}

static const char *const headings[] = {"SORT", "CODE", "TO", "WHAT IT IS"};
static const struct listing vocabulary[LANGUAGES] = {
    [ENGLISH] = {.paging = {.body = CONSENTD__REPLY__BODY_VOCABULARY, .is_same = is_same},
                 .headings = headings,
                 .columns = 4,
                 .nothing = "There is nothing that this key can name.",
                 .add_row = add_english},
    [DUTCH] = {.paging = {.body = CONSENTD__REPLY__BODY_VOCABULARY, .is_same = is_same},
               .headings = headings,
               .columns = 4,
               .nothing = "There is nothing that this key can name.",
               .add_row = add_dutch},
};

static int read_sort (const struct options *options, Consentd__TermSort *sort)
{
    const char *text = options_text (options, "only");
    *sort = CONSENTD__TERM_SORT__TERM_ANY;
    for (unsigned i = 1; text && i < SORTS; i++)
        if (strcmp (text, sorts[i]) == 0)
            *sort = (Consentd__TermSort)i;
    if (text && *sort == CONSENTD__TERM_SORT__TERM_ANY)
        return ctl_fail (EX_USAGE, "--only is purpose, category, origin, urgent-reason, kind or party");
    return 0;
}

static int run_vocabulary (struct ctl *ctl, const struct options *options)
{
    enum language language;
    Consentd__VocabularyRequest body;
    consentd__vocabulary_request__init (&body);
    Consentd__Request request = ASK_REQUEST (VOCABULARY, vocabulary, &body);
    int error = read_sort (options, &body.sort);
    if (!error)
        error = language_read (options, &language);
    if (error)
        return error;
    body.purpose = options_field (options, "purpose");
    body.limit = PAGE;
    int result = listing_run (ctl, &request, &vocabulary[language]);
    return result == PAGES_CHANGED ? ctl_fail (EX_TEMPFAIL, "the policy pack changed while it was read: ask again")
                                   : result;
}

const struct command vocabulary_commands[] = {
    {"vocabulary", NULL, "which purposes, categories, origins and parties can this key name?",
     "What the policy pack in force has for a party of this kind, with whom: what can be asked, and not what is\n"
     "permitted. TO provide or receive: as the provider or the recipient of a disclosure. Who checks for others,\n"
     "grants, explains or operates sees all of the pack.",
     vocabulary_options, run_vocabulary},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
