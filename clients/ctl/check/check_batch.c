#include "check_batch.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>
#include "ask.h"
#include "ctl.h"
#include "question_file.h"
#include "code_words.h"
#include "table.h"

enum { FILE_LIMIT = 1 << 20, CHECKS = 256 };

/* The check that is being read, and its number. Errors name the number and a field, and never the content: it may
   be a BSN. */
struct reader {
    struct ctl *ctl;
    size_t line[CHECKS]; /* of the file, on which each check stands; 0: it is one of a list */
    const Consentd__CheckRequest *common;
    size_t number;
};

static int bad (const struct reader *self, const char *field, const char *what)
{
    size_t line = self->number <= CHECKS ? self->line[self->number - 1] : 0;
    return line ? ctl_fail (EX_DATAERR, "line %zu of the file: %s: %s", line, field, what)
                : ctl_fail (EX_DATAERR, "check %zu of the file: %s: %s", self->number, field, what);
}

static int read_text (struct reader *self, const json_t *object, const char *field, char **text)
{
    const json_t *value = json_object_get (object, field);
    if (!value)
        return 0;
    if (!json_is_string (value))
        return bad (self, field, "not a text");
    if (json_string_length (value) == 0)
        return bad (self, field, "empty: leave it out, or say what");
    *text = arena_strdup (self->ctl->arena, json_string_value (value));
    return 0;
}

bool check_item_read (struct arena *arena, const char *text, Consentd__Item *item)
{
    consentd__item__init (item);
    item->category = arena_strdup (arena, text);
    char *colon = strchr (item->category, ':');
    if (!colon)
        return *text;
    *colon = '\0';
    item->origin = colon + 1;
    return *item->category && *item->origin;
}

/* Reads {"category": "naw", "origin": "wmo"}, or "naw:wmo". */
static int read_item (struct reader *self, const json_t *value, Consentd__Item *item)
{
    consentd__item__init (item);
    if (json_is_object (value)) {
        int error = read_text (self, value, "category", &item->category);
        return error ? error : read_text (self, value, "origin", &item->origin);
    }
    if (!json_is_string (value))
        return bad (self, "items", "an item is \"CATEGORY:ORIGIN\" or an object with category and origin");
    return check_item_read (self->ctl->arena, json_string_value (value), item)
               ? 0
               : bad (self, "items",
                      "an item is \"CATEGORY:ORIGIN\", or \"CATEGORY\" where the origin is not known");
}

static int read_items (struct reader *self, const json_t *object, Consentd__CheckRequest *check)
{
    const json_t *list = json_object_get (object, "items");
    if (!list)
        return 0;
    if (!json_is_array (list))
        return bad (self, "items", "not a list");
    check->n_items = json_array_size (list);
    check->items = arena_array (self->ctl->arena, check->n_items + 1, sizeof *check->items);
    int error = 0;
    for (size_t i = 0; i < check->n_items && !error; i++) {
        check->items[i] = arena_alloc (self->ctl->arena, sizeof **check->items);
        error = read_item (self, json_array_get (list, i), check->items[i]);
    }
    return error;
}

static bool is_known (const char *field)
{
    static const char *const known[] = {"bsn", "provider", "recipient", "purpose", "case", "items"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp (field, known[i]) == 0)
            return true;
    return false;
}

static int read_check (struct reader *self, json_t *object, Consentd__CheckRequest *check)
{
    *check = *self->common;
    self->number++;
    if (!json_is_object (object))
        return bad (self, "the whole", "not an object");
    const char *field;
    json_t *value;
    json_object_foreach (object, field, value) if (!is_known (field)) return bad (
        self, "a name in it", "the names are bsn, provider, recipient, purpose, case and items");
    int error = read_text (self, object, "bsn", &check->bsn);
    if (!error)
        error = read_text (self, object, "provider", &check->provider);
    if (!error)
        error = read_text (self, object, "recipient", &check->recipient);
    if (!error)
        error = read_text (self, object, "purpose", &check->purpose);
    if (!error)
        error = read_text (self, object, "case", &check->case_ref);
    return error ? error : read_items (self, object, check);
}

/* Reads one object on each line. *wrong is the line that has none, or 0. */
static json_t *parse_lines (struct reader *self, const char *text, size_t *wrong)
{
    json_t *list = json_array ();
    *wrong = 0;
    for (size_t line = 1; *text; line++) {
        size_t length = strcspn (text, "\n"), count = json_array_size (list);
        if (strspn (text, " \t\r") < length) {
            json_t *one = json_loadb (text, length, JSON_REJECT_DUPLICATES, NULL);
            if (!one || json_array_append_new (list, one) != 0) {
                *wrong = line;
                break;
            }
            if (count < CHECKS)
                self->line[count] = line;
        }
        text += length + (text[length] == '\n');
    }
    return list;
}

/* Reads one list, or one object on each line. The first character says which of them. What is wrong is named by
   its line, and never quoted: it may be personal. */
static int parse (struct reader *self, const char *path, const char *text, json_t **list_p)
{
    json_error_t fault = {.line = 0};
    size_t wrong = 0;
    if (text[strspn (text, " \t\r\n")] == '[') {
        *list_p = json_loads (text, JSON_REJECT_DUPLICATES, &fault);
        wrong = *list_p ? 0 : fault.line > 0 ? (size_t)fault.line : 1;
    } else {
        *list_p = parse_lines (self, text, &wrong);
    }
    if (!wrong)
        return 0;
    json_decref (*list_p);
    *list_p = NULL;
    return ctl_fail (EX_DATAERR, "%s:%zu: neither part of a JSON list nor a JSON object a line", path, wrong);
}

static int read_file (struct reader *self, const char *path, json_t **list_p)
{
    char *text;
    size_t size;
    int error = question_file_read (self->ctl, path, FILE_LIMIT, &text, &size);
    if (error)
        return error;
    error = strlen (text) == size ? parse (self, path, text, list_p)
                                  : ctl_fail (EX_DATAERR, "%s: holds a NUL byte, and is no text", path);
    explicit_bzero (text, size);
    return error;
}

static int read_checks (struct reader *self, const json_t *list, Consentd__BatchRequest *batch)
{
    size_t count = json_array_size (list);
    if (count < 1 || count > CHECKS)
        return ctl_fail (EX_DATAERR, "a batch is 1-%d checks; the file has %zu", CHECKS, count);
    batch->n_checks = count;
    batch->checks = arena_array (self->ctl->arena, count, sizeof *batch->checks);
    int error = 0;
    for (size_t i = 0; i < count && !error; i++) {
        batch->checks[i] = arena_alloc (self->ctl->arena, sizeof **batch->checks);
        error = read_check (self, json_array_get (list, i), batch->checks[i]);
    }
    return error;
}

/* Answers */

/* A replayed answer may rest on a consent that has ended since. Then it permits nothing. */
static Consentd__Verdict verdict_of (const Consentd__BatchAnswer *answer)
{
    if (answer->status != CONSENTD__STATUS__OK || !answer->check || (answer->replayed && answer->revoked_since))
        return CONSENTD__VERDICT__DENY;
    return answer->check->verdict;
}

/* "naw, telefoon", or "bsn NO_CONSENT C7, email RESTRICTED C5". */
static const char *describe_items (struct ctl *ctl, const Consentd__CheckReply *check, Consentd__Verdict verdict)
{
    const char *text = "";
    for (size_t i = 0; i < check->n_items; i++) {
        const Consentd__ItemVerdict *item = check->items[i];
        if (item->verdict != verdict)
            continue;
        text = arena_printf (ctl->arena, "%s%s%s", text, *text ? ", " : "", item->category);
        for (size_t j = 0; j < item->n_reasons; j++)
            text = arena_printf (ctl->arena, "%s %s %s", text,
                                 consent_name (&consentd__code__descriptor, (int)item->reasons[j]->code),
                                 item->reasons[j]->rule);
    }
    return text;
}

static const char *explain_failure (struct ctl *ctl, const Consentd__BatchAnswer *answer)
{
    Consentd__Status status = (Consentd__Status)answer->status;
    const char *message = *answer->message ? answer->message : status_words (status);
    return *answer->field ? arena_printf (ctl->arena, "%s: %s", answer->field, message) : message;
}

static void add_row (struct ctl *ctl, struct table *table, size_t index, const Consentd__CheckRequest *asked,
                     const Consentd__BatchAnswer *answer)
{
    bool answered = answer->status == CONSENTD__STATUS__OK && answer->check;
    bool ended = answered && verdict_of (answer) != answer->check->verdict;
    const char *verdict = answered ? consent_name (&consentd__verdict__descriptor, (int)verdict_of (answer))
                                   : consent_name (&consentd__status__descriptor, (int)answer->status);
    const char *permitted =
        answered && !ended ? describe_items (ctl, answer->check, CONSENTD__VERDICT__PERMIT) : "";
    const char *denied = ended      ? "the consent has ended since"
                         : answered ? describe_items (ctl, answer->check, CONSENTD__VERDICT__DENY)
                                    : explain_failure (ctl, answer);
    table_add (table, (const char *[]){table_number (ctl->arena, index + 1), asked->provider, asked->recipient,
                                       asked->purpose, verdict, permitted, denied});
}

static void print_batch (struct ctl *ctl, const Consentd__BatchRequest *asked, const Consentd__BatchReply *batch)
{
    static const char *const headings[] = {">#",      "PROVIDER",  "RECIPIENT", "PURPOSE",
                                           "VERDICT", "PERMITTED", "DENIED"};
    struct table table = table_start (ctl->arena, headings, sizeof headings / sizeof *headings);
    for (size_t i = 0; i < batch->n_answers; i++)
        add_row (ctl, &table, i, asked->checks[i], batch->answers[i]);
    table_print (&table, stdout);
}

static int exit_code (const Consentd__BatchReply *batch)
{
    size_t permits = 0, denials = 0;
    for (size_t i = 0; i < batch->n_answers; i++) {
        permits += verdict_of (batch->answers[i]) == CONSENTD__VERDICT__PERMIT;
        denials += verdict_of (batch->answers[i]) == CONSENTD__VERDICT__DENY;
    }
    return permits == batch->n_answers ? 0 : denials == batch->n_answers ? CTL_NO : CTL_PARTLY;
}

int check_batch_run (struct ctl *ctl, const struct options *options, const Consentd__CheckRequest *common)
{
    Consentd__BatchRequest body;
    consentd__batch_request__init (&body);
    Consentd__Request request = ASK_REQUEST (BATCH, batch, &body);
    body.all_or_nothing = options_has (options, "together");
    struct reader reader = {.ctl = ctl, .common = common};
    json_t *list = NULL;
    Consentd__Reply *reply = NULL;
    int error = read_file (&reader, options_text (options, "batch"), &list);
    if (!error)
        error = read_checks (&reader, list, &body);
    json_decref (list);
    if (!error)
        error = ask (ctl, &request, CONSENTD__REPLY__BODY_BATCH, &reply);
    if (!error && reply->batch->n_answers != body.n_checks)
        error = ctl_fail (EX_SOFTWARE, "the registry answered with something else than what was asked");
    if (!error && ctl->json)
        ask_print_json (reply);
    else if (!error)
        print_batch (ctl, &body, reply->batch);
    if (!error)
        error = exit_code (reply->batch);
    if (reply)
        consentd__reply__free_unpacked (reply, NULL);
    return error;
}
