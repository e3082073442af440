/* A consent or a refusal of a case: what it is for, and then clauses. Each clause begins with its own keyword.

       consent  naw, telefoon to horizon on -30 until +60 signed moeder, vader withdrawn -5 telefoon

   What is left out comes from the question (by, to, for), from what the pack requires (signed, until), or is the
   usual: recorded thirty days before, in writing. */
#include <string.h>
#include "policy_case_reading.h"
#include "rules/represent.h"

#define COUNT(array) (sizeof (array) / sizeof *(array))

enum { USUALLY_BEFORE = 30 };

#define AS_RECORDED MOMENT_NEVER /* a signature on the day of recording, which is not known yet */

struct statement_reading {
    struct case_reading *of;
    struct statement *statement;
    struct day recorded;
    bool has_from, has_until, has_signed;
    void *signatures, *withdrawals;
};

struct clause {
    const char *word;
    void (*read) (struct statement_reading *self);
    bool of_refusals; /* refusals may have this clause too */
    bool repeated;
};

static const struct clause *find_clause (const char *word);

/* There is a word that still belongs to this clause. */
static bool has_more (const struct statement_reading *self)
{
    return !self->of->pack->failed && self->of->word != NULL && find_clause (self->of->word) == NULL;
}

static struct text_set read_parties (struct statement_reading *self)
{
    struct case_reading *of = self->of;
    struct text_set names = {.item = arena_array (of->arena, CASE_LIST, sizeof *names.item)};
    while (has_more (self) || names.count == 0) {
        const struct party *party = case_take_party (of);
        if (party == NULL)
            break;
        /* A party may be named only once, so there are at most as many as the case has parties. */
        for (size_t i = 0; i < names.count; i++)
            if (strcmp (names.item[i], party->id) == 0)
                policy_fail (of->pack, of->field->line, "\"%s\" is in this list twice", party->id);
        if (of->pack->failed)
            break;
        names.item[names.count++] = party->id;
    }
    case_sort (&names);
    return names;
}

static void read_by (struct statement_reading *self)
{
    self->statement->scope.providers = read_parties (self);
}

static void read_to (struct statement_reading *self)
{
    self->statement->scope.recipients = read_parties (self);
}

static void read_for (struct statement_reading *self)
{
    struct policy_reading *pack = self->of->pack;
    unsigned line = self->of->words.line;
    char *word = case_take (self->of, "a purpose");
    code purpose = pack->failed ? CODE_NONE : policy_word_code (pack, line, word, &pack->purposes);
    if (!pack->failed)
        self->statement->scope.purpose = pack->policy->purposes[purpose].entry.code;
}

static void read_on (struct statement_reading *self)
{
    self->recorded = case_take_day (self->of);
    if (calendar_compare (self->recorded, self->of->day) > 0)
        case_fail (self->of, "a statement that is recorded after the day of the case says nothing in it");
}

static bool is_signer (const struct statement_reading *self, const char *name)
{
    const struct subject *subject = &self->of->one->subject;
    bool known = strcmp (name, "subject") == 0;
    for (size_t i = 0; i < subject->representative_count; i++)
        known = known || strcmp (subject->representatives[i].reference, name) == 0;
    return known;
}

static void add_signature (struct statement_reading *self, const char *signer, moment given_at)
{
    struct signature *signature = case_append (self->of, &self->signatures, &self->statement->signature_count,
                                               sizeof *signature, "signatures under one statement");
    *signature = (struct signature){signer, given_at};
}

/* Reads "signed moeder, subject -10". A day that follows the signers is the day of their signatures; if there is
   none, it is the day of the statement. */
static void read_signed (struct statement_reading *self)
{
    struct case_reading *of = self->of;
    self->has_signed = true;
    do {
        unsigned line = of->words.line;
        const char *name = case_take (of, "who signed");
        if (of->pack->failed)
            return;
        if (!is_signer (self, name))
            policy_fail (of->pack, line, "\"%.48s\" is neither \"subject\" nor a representative of the case",
                         name);
        bool other_day = of->word != NULL && case_is_day (of->word);
        add_signature (self, name, other_day ? calendar_start (case_take_day (of)) : AS_RECORDED);
    } while (has_more (self));
}

static void read_from (struct statement_reading *self)
{
    self->has_from = true;
    self->statement->valid_from = calendar_start (case_take_day (self->of));
}

/* Reads the last day of validity: up to and including that day, as on a form. */
static void read_until (struct statement_reading *self)
{
    self->has_until = true;
    self->statement->valid_until = calendar_start (calendar_next (case_take_day (self->of)));
}

static void read_form (struct statement_reading *self)
{
    static const char *const words[] = {"written", "digital", "oral"}; /* in the order of enum form */
    struct policy_reading *pack = self->of->pack;
    unsigned line = self->of->words.line;
    const char *word = case_take (self->of, "a form");
    if (!pack->failed)
        self->statement->form = (enum form) (FORM_WRITTEN + policy_word_choice (pack, self->of->field,
                                                                                (struct policy_word){word, line},
                                                                                words, COUNT (words)));
}

static void read_case (struct statement_reading *self)
{
    self->statement->scope.case_ref = case_take (self->of, "the reference of a case");
}

static void read_origins (struct statement_reading *self)
{
    struct policy_reading *pack = self->of->pack;
    code_set origins = {0};
    do {
        unsigned line = self->of->words.line;
        const char *word = case_take (self->of, "an origin");
        if (!pack->failed)
            policy_word_add (pack, line, word, &pack->origins, &origins);
    } while (has_more (self));
    self->statement->scope.origins = case_names (self->of, &pack->origins, &origins);
}

static void read_one_time (struct statement_reading *self)
{
    self->statement->one_time = true;
}

static void read_under_secrecy (struct statement_reading *self)
{
    self->statement->under_secrecy = true;
}

static void read_used (struct statement_reading *self)
{
    self->statement->used_at = calendar_start (case_take_day (self->of));
}

static code_set read_categories (struct statement_reading *self)
{
    code_set all = {0};
    while (has_more (self)) {
        code_set some = case_take_categories (self->of);
        for (size_t i = 0; i < COUNT (all.word); i++)
            all.word[i] |= some.word[i];
    }
    return all;
}

/* "withdrawn -5", or a part of it: "withdrawn -5 naw, bsn". */
static void read_withdrawn (struct statement_reading *self)
{
    struct withdrawal *one = case_append (self->of, &self->withdrawals, &self->statement->withdrawal_count,
                                          sizeof *one, "withdrawals of one statement");
    moment when = calendar_start (case_take_day (self->of));
    code_set categories = read_categories (self);
    *one = (struct withdrawal){.categories = case_names (self->of, &self->of->pack->categories, &categories),
                               .withdrawn_by = "subject",
                               .nobody_reason = "",
                               .withdrawn_at = when,
                               .recorded_at = when,
                               .recorded_by = self->of->one->check.provider->id,
                               .user = ""};
}

static const struct clause clauses[] = {
    {"by", read_by, true, false},
    {"to", read_to, true, false},
    {"for", read_for, true, false},
    {"on", read_on, true, false},
    {"signed", read_signed, false, false},
    {"from", read_from, false, false},
    {"until", read_until, false, false},
    {"form", read_form, false, false},
    {"case", read_case, true, false},
    {"origins", read_origins, true, false},
    {"one-time", read_one_time, false, false},
    {"under-secrecy", read_under_secrecy, false, false},
    {"used", read_used, false, false},
    {"withdrawn", read_withdrawn, true, true},
};

static const struct clause *find_clause (const char *word)
{
    for (size_t i = 0; i < COUNT (clauses); i++)
        if (strcmp (clauses[i].word, word) == 0)
            return &clauses[i];
    return NULL;
}

static void read_clauses (struct statement_reading *self)
{
    struct case_reading *of = self->of;
    bool given[COUNT (clauses)] = {false};
    while (!of->pack->failed && of->word != NULL) {
        const struct clause *clause = find_clause (of->word);
        if (clause == NULL) {
            case_end (of);
            return;
        }
        bool *again = &given[clause - clauses];
        if (*again && !clause->repeated)
            case_fail (of, "\"%s\" is given twice", clause->word);
        if (self->statement->refusal && !clause->of_refusals)
            case_fail (of, "a refusal has no \"%s\"", clause->word);
        *again = true;
        case_take (of, "a word");
        if (!of->pack->failed)
            clause->read (self);
    }
}

/* Reads the scope. "all" stands for the categories of the question. */
static void read_scope (struct statement_reading *self)
{
    struct case_reading *of = self->of;
    const struct check *check = &of->one->check;
    code_set categories = {0};
    if (case_take_if (of, "all"))
        for (size_t i = 0; i < check->item_count; i++)
            code_set_add (&categories, check->items[i].category);
    else
        categories = read_categories (self);
    if (code_set_is_empty (&categories))
        case_fail (of, "\"%s\" begins with its categories, or \"all\"", of->field->key);
    self->statement->scope.categories = case_names (of, &of->pack->categories, &categories);
}

static struct text_set only (struct case_reading *self, const char *name)
{
    struct text_set set = {.item = arena_alloc (self->arena, sizeof *set.item), .count = 1};
    set.item[0] = name;
    return set;
}

/* Before the clauses: sets what they may change. */
static void take_from_the_question (struct statement_reading *self, size_t number, bool refusal)
{
    struct case_reading *of = self->of;
    const struct check *check = &of->one->check;
    *self->statement = (struct statement){
        STATEMENT_SILENT,
        .id = {(uint8_t)number},
        .order = number,
        .refusal = refusal,
        .scope = {.providers = only (of, check->provider->id),
                  .recipients = only (of, check->recipient->id),
                  .purpose = of->pack->policy->purposes[check->purpose].entry.code,
                  .case_ref = ""},
        .form = refusal ? FORM_NONE : FORM_WRITTEN,
        .recorded_by = check->provider->id,
    };
    self->recorded = calendar_day (of->one->now - (moment)USUALLY_BEFORE * 86400000);
}

/* All who must sign on the day of recording sign. */
static void sign_as_asked (struct statement_reading *self)
{
    const struct policy *policy = self->of->pack->policy;
    const struct subject *subject = &self->of->one->subject;
    moment when = self->statement->recorded_at;
    struct signers signers = represent_signers (policy, subject, when);
    if (signers.subject)
        add_signature (self, "subject", when);
    for (size_t i = 0; signers.representatives && i < subject->representative_count; i++)
        if (represent_counts (policy, &subject->representatives[i], when))
            add_signature (self, subject->representatives[i].reference, when);
}

/* After the clauses: sets what follows from them. */
static void complete (struct statement_reading *self)
{
    const struct policy *policy = self->of->pack->policy;
    const struct subject *subject = &self->of->one->subject;
    struct statement *statement = self->statement;
    moment recorded_at = statement->recorded_at = calendar_start (self->recorded);
    statement_resolve (statement, policy);
    statement->has_evidence = statement->form == FORM_WRITTEN || statement->form == FORM_DIGITAL;
    if (statement->refusal || !self->has_from)
        statement->valid_from = recorded_at;
    if (statement->refusal)
        statement->valid_until = MOMENT_NEVER;
    else if (!self->has_until)
        statement->valid_until = calendar_end_after_months (
            recorded_at, policy->purposes[statement->scope.purpose_code].longest_months);
    if (!statement->refusal && !self->has_signed)
        sign_as_asked (self);
    statement->signatures = self->signatures;
    for (size_t i = 0; i < statement->signature_count; i++)
        if (statement->signatures[i].given_at == AS_RECORDED)
            statement->signatures[i].given_at = recorded_at;
    statement->withdrawals = self->withdrawals;
    /* A consent that could not be recorded would prove nothing. */
    if (!statement->refusal &&
        !represent_is_signed (policy, subject, statement->signatures, statement->signature_count))
        policy_fail (self->of->pack, self->of->field->line,
                     "this consent cannot be recorded: it is not signed by all who must sign (G8)");
}

void case_read_statement (struct case_reading *self, struct policy_field *field, bool refusal)
{
    struct policy_case *one = self->one;
    void *list = one->statements;
    struct statement_reading reading = {.of = self};
    self->field = field;
    reading.statement =
        case_append (self, &list, &one->statement_count, sizeof *one->statements, "statements in one case");
    one->statements = list;
    case_start (self, field);
    take_from_the_question (&reading, one->statement_count, refusal);
    read_scope (&reading);
    read_clauses (&reading);
    if (self->pack->failed)
        return;
    if (!self->meaningful)
        return;
    complete (&reading);
    size_t last = one->statement_count - 1;
    if (last > 0 && one->statements[last - 1].recorded_at > reading.statement->recorded_at)
        policy_fail (self->pack, field->line, "statements are listed in the order in which they were recorded");
}
