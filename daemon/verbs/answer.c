#include "answer.h"
#include <string.h>
#include "events/tell.h"

/* A statement beside the request that it answers. */
struct comparison {
    struct turn *turn;
    struct handling *handling;
    const struct statement *given, *asked;
};

static bool invalid (const struct comparison *self, const char *field, const char *message)
{
    const char *verb = self->given->refusal ? "refuse" : "grant";
    return handling_invalid (self->handling, arena_printf (self->turn->arena, "%s.%s", verb, field), message) != 0;
}

/* Everything in the set was asked for. */
static bool is_within (const struct comparison *self, const char *list, const struct text_set *given,
                       const struct text_set *asked)
{
    for (size_t i = 0; i < given->count; i++)
        if (!text_set_has (asked, given->item[i]))
            return invalid (self, arena_printf (self->turn->arena, "scope.%s[%zu]", list, i), "was not asked for");
    return true;
}

static bool scope_is_within (const struct comparison *self)
{
    const struct scope *given = &self->given->scope, *asked = &self->asked->scope;
    if (!is_within (self, "providers", &given->providers, &asked->providers) ||
        !is_within (self, "recipients", &given->recipients, &asked->recipients) ||
        !is_within (self, "categories", &given->categories, &asked->categories))
        return false;
    if (strcmp (given->purpose, asked->purpose) != 0)
        return invalid (self, "scope.purpose", "was not asked for");
    /* A scope that names no origins is for all of them. A scope that names no case is for every case. */
    if (asked->origins.count > 0 && given->origins.count == 0)
        return invalid (self, "scope.origins", "was asked for some origins only");
    if (asked->origins.count > 0 && !is_within (self, "origins", &given->origins, &asked->origins))
        return false;
    if (asked->case_ref[0] != 0 && strcmp (given->case_ref, asked->case_ref) != 0)
        return invalid (self, "scope.case_ref", "was asked for another case");
    return true;
}

static bool time_is_within (const struct comparison *self)
{
    if (self->given->valid_from < self->asked->valid_from)
        return invalid (self, "valid_from", "is earlier than was asked for");
    /* A missing end is judged by G6. */
    if (self->given->valid_until > self->asked->valid_until)
        return invalid (self, "valid_until", "is later than was asked for");
    if (self->asked->one_time && !self->given->one_time)
        return invalid (self, "one_time", "was asked for once only");
    return true;
}

int answer_keep_secrecy (struct turn *turn, const struct subject_file *file, const uint8_t request_id[16],
                         struct statement *statement)
{
    struct consent_request request;
    int rc = consent_request_read (turn, file, request_id, &request);
    if (rc == 0 && request.asked.under_secrecy)
        statement->under_secrecy = true;
    return rc == CONSENT_REQUEST_NOT_FOUND ? 0 : rc;
}

/* G1: a consent or a refusal answers for no more than was asked. */
int answer_judge (struct turn *turn, const uint8_t request_id[16], const struct statement *statement,
                  struct handling *handling, struct consent_request *request)
{
    const struct comparison compared = {turn, handling, statement, &request->asked};
    int rc = consent_request_read (turn, &handling->file, request_id, request);
    if (rc == CONSENT_REQUEST_NOT_FOUND) {
        invalid (&compared, "answers", "no such request about this subject");
        return 0;
    }
    if (rc != 0)
        return rc;
    if (!consent_request_is_waiting (request, turn->now))
        invalid (&compared, "answers", "was answered already, or is past its time");
    else if (scope_is_within (&compared) && !statement->refusal)
        time_is_within (&compared);
    return 0;
}

int answer_record (struct turn *turn, const struct subject_file *file, const struct statement *statement,
                   struct consent_request *request)
{
    request->answer = statement->refusal ? ANSWER_REFUSED : ANSWER_GRANTED;
    request->answered_at = turn->now;
    request->answered_by = statement->recorded_by;
    int rc = consent_request_rewrite (turn, file, request);
    return rc == 0 ? answer_tell (turn, file, request, request->answer, &statement->scope) : rc;
}

/* V5, V6: the asking party hears the scope of what was granted. Of a refusal or a delay it hears nothing more, and
   never the reason. */
int answer_tell (struct turn *turn, const struct subject_file *file, const struct consent_request *request,
                 enum answer answer, const struct scope *granted)
{
    struct event event = {.kind = EVENT_CONSENT_ANSWERED, .purpose = "", .answer = answer};
    memcpy (event.consent_id.bytes, request->asked.id, sizeof event.consent_id.bytes);
    if (answer == ANSWER_GRANTED) {
        event.providers = granted->providers;
        event.recipients = granted->recipients;
        event.categories = granted->categories;
        event.purpose = granted->purpose;
    }
    return tell_party (turn, subject_file_about (file), request->asked.recorded_by, &event);
}
