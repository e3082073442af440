#include "standing.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#include "codec/document.h"
#include "options.h"

enum { ATTEMPTS = 5 /* to be given all of it, while parties or the policy change */ };

static json_t *texts_of (const char *const *texts)
{
    json_t *made = json_array ();
    for (; *texts; texts++)
        json_array_append_new (made, document_string (*texts));
    return made;
}

static json_t *withdrawn_of (const struct consent_standing *standing)
{
    json_t *made = json_array ();
    for (size_t i = 0; i < standing->withdrawn_count; i++) {
        const struct consent_withdrawn_part *part = &standing->withdrawn[i];
        json_array_append_new (made,
                               json_pack ("{s:o, s:o, s:o}", "providers", texts_of (part->providers), "recipients",
                                          texts_of (part->recipients), "categories", texts_of (part->categories)));
    }
    return made;
}

static const char *kind_of (enum consent_standing_kind kind)
{
    return kind == CONSENT_STANDING_CONSENT   ? "consent"
           : kind == CONSENT_STANDING_REFUSAL ? "refusal"
                                              : "restriction";
}

json_t *standing_document (const struct consent_standing *standing, uint64_t number)
{
    const struct {
        const char *key;
        json_t *value;
    } members[] = {
        {"number", json_integer ((json_int_t)number)},
        {"standing", json_string (kind_of (standing->kind))},
        {"subject_ref", document_string (standing->subject_ref)},
        {"consent_id", document_string (standing->consent_id)},
        {"providers", texts_of (standing->providers)},
        {"recipients", texts_of (standing->recipients)},
        {"categories", texts_of (standing->categories)},
        {"purpose", document_string (standing->purpose)},
        {"origins", texts_of (standing->origins)},
        {"case_ref", document_string (standing->case_ref)},
        {"valid_from", document_time (standing->valid_from)},
        {"valid_until", document_time (standing->valid_until)},
        {"one_time", json_boolean (standing->one_time)},
        {"withdrawn", withdrawn_of (standing)},
        {"whole", json_boolean (standing->whole)},
        {"since", document_time (standing->since)},
    };
    json_t *object = json_object ();
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        json_object_set_new (object, members[i].key, members[i].value);
    return object;
}

/* What came so far. Its number is known when all of it is there. */
struct collected {
    json_t **lines;
    size_t count, room;
};

static void collect (void *context, const struct consent_standing *standing)
{
    struct collected *self = context;
    if (self->count == self->room) {
        self->room = 2 * self->room + 64;
        self->lines = realloc (self->lines, self->room * sizeof *self->lines);
        if (!self->lines)
            abort ();
    }
    self->lines[self->count++] = standing_document (standing, 0);
}

static void forget (struct collected *self)
{
    while (self->count > 0)
        json_decref (self->lines[--self->count]);
}

/* Whoever begins with what stands must not take it for all of it. */
static void tell_unreadable (const struct consent_snapshot *snapshot)
{
    char what[128];
    snprintf (what, sizeof what,
              "%" PRIu64
              " subjects are left out: the registry cannot read their record, and permits nothing about "
              "them",
              snapshot->unreadable);
    if (snapshot->unreadable)
        complain (0, what, "");
}

/* As consent_snapshot, but begins anew where it must. */
static int ask (consent_t *registry, struct collected *all, struct consent_snapshot *snapshot)
{
    int result = CONSENT_RETRY;
    for (int i = 0; i < ATTEMPTS && result == CONSENT_RETRY; i++) {
        forget (all);
        result = consent_snapshot (registry, collect, all, snapshot);
    }
    return result;
}

int standing_deliver (consent_t *registry, struct deliver *deliver_to, uint64_t *from)
{
    struct collected all = {.lines = NULL};
    struct consent_snapshot snapshot;
    int status = ask (registry, &all, &snapshot), result = 0;
    if (status)
        result = complain (status == CONSENT_FORBIDDEN || status == CONSENT_KEY_REFUSED ? EX_NOPERM : EX_TEMPFAIL,
                           consent_last_error (registry), "");
    else
        tell_unreadable (&snapshot);
    for (size_t i = 0; !status && !result && i < all.count; i++) {
        json_object_set_new (all.lines[i], "number", json_integer ((json_int_t)snapshot.number));
        char *text = document_text (json_incref (all.lines[i]), 0);
        result = deliver (deliver_to, text, snapshot.number);
        free (text);
    }
    forget (&all);
    free (all.lines);
    *from = snapshot.number + 1;
    return result;
}
