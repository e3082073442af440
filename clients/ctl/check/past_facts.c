#include "past_facts.h"

#include "fields/tables.h"
#include "vault.h"

/* A subject, and what else the registry shows with it. */
struct shown_subject {
    struct subject subject;
    uint8_t subject_ref[VAULT_ID_SIZE], version[VAULT_ID_SIZE];
    bool has_ref, has_version;
    uint8_t (*ended)[VAULT_ID_SIZE], (*restored)[VAULT_ID_SIZE];
    size_t ended_count, restored_count;
    struct text_set informed;
};

static const struct field shown_subject[] = {
    {GROUP (shown_subject, subject, &subject_fields)},      {FIXED_IF (shown_subject, subject_ref, has_ref)},
    {FIXED_IF (shown_subject, version, has_version)},       {FIXED_LIST (shown_subject, ended, ended_count)},
    {FIXED_LIST (shown_subject, restored, restored_count)}, {TEXTS (shown_subject, informed)},
};
static const struct fields shown_subject_fields = {FIELDS_OF (shown_subject, shown_subject)};
static struct message subject_message = {&shown_subject_fields, &consentd__subject_show_reply__descriptor};

/* A statement, and what else the registry shows with it: what had become of it. */
struct shown_statement {
    struct statement statement;
    uint32_t state; /* as in the protocol */
    uint8_t subject_ref[VAULT_ID_SIZE];
    bool has_ref;
    const char *asked_by;
    moment asked_at;
};

static const struct field shown_statement[] = {
    {GROUP (shown_statement, statement, &statement_fields)},
    {CHOICE (shown_statement, state, CONSENTD__CONSENT__STATE__GRANTED, CONSENTD__CONSENT__STATE__DEFERRED)},
    {FIXED_IF (shown_statement, subject_ref, has_ref)},
    {TEXT (shown_statement, asked_by)},
    {MOMENT (shown_statement, asked_at)},
};
static const struct fields shown_statement_fields = {FIELDS_OF (shown_statement, shown_statement)};
static struct message statement_message = {&shown_statement_fields, &consentd__consent__descriptor};

bool past_subject (const Consentd__SubjectShowReply *shown, struct arena *arena, struct subject *subject)
{
    struct shown_subject read;
    bool good = convert_from_message (&subject_message, &shown->base, arena, &read);
    *subject = read.subject;
    return good;
}

bool past_statement (const Consentd__Consent *shown, const struct policy *policy, struct arena *arena,
                     struct statement *statement)
{
    struct shown_statement read;
    if (!convert_from_message (&statement_message, &shown->base, arena, &read))
        return false;
    *statement = read.statement;
    statement->refusal = read.state == CONSENTD__CONSENT__STATE__REFUSAL;
    if (statement->valid_until == 0) /* the protocol's 0: it has no end */
        statement->valid_until = MOMENT_NEVER;
    statement_resolve (statement, policy);
    return true;
}
