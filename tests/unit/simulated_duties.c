#include "simulated_duties.h"
#include <string.h>
#include "audit/log.h"
#include "registry/recipients.h"
#include "registry/subject_cache.h"
#include "rules/calendar.h"

Consentd__Request *simulation_done (struct simulation *self, uint64_t decision, unsigned kind, moment when)
{
    Consentd__Request *request = simulation_asking (self, CONSENTD__REQUEST__BODY_OBLIGATION_DONE);
    request->obligation_done->decision = decision;
    request->obligation_done->kind = (Consentd__Obligation)kind;
    request->obligation_done->done_at = when;
    request->obligation_done->user = arena_strdup (self->arena, "medewerker-3");
    return request;
}

Consentd__Request *simulation_put_off (struct simulation *self, uint64_t decision, unsigned kind, moment until)
{
    Consentd__Request *request = simulation_asking (self, CONSENTD__REQUEST__BODY_OBLIGATION_DEFER);
    request->obligation_defer->decision = decision;
    request->obligation_defer->kind = (Consentd__Obligation)kind;
    request->obligation_defer->until = until;
    request->obligation_defer->reason = arena_strdup (self->arena, "het onderzoek loopt nog");
    request->obligation_defer->user = arena_strdup (self->arena, "medewerker-3");
    return request;
}

static const char *day_of (struct simulation *self, moment when)
{
    char day[11];
    calendar_format (calendar_day (when), day);
    return arena_strdup (self->arena, day);
}

const char *simulation_duty (struct simulation *self, const Consentd__Duty *duty)
{
    static const char *const kinds[] = {"",       "",    "",       "SUBJECT", "REPRESENTATIVE", "YOUTH",
                                        "RECORD", "WHY", "SOURCE", "RECTIFY", "ERASE"};
    return arena_printf (self->arena, "%s %s of %s%s%s%s", kinds[duty->kind], day_of (self, duty->due),
                         duty->holder, duty->deferrable ? " deferrable" : "",
                         duty->deferred_at != 0 ? " deferred" : "", duty->done_at != 0 ? " done" : "");
}

const char *simulation_duties (struct simulation *self, Consentd__Duty *const *duties, size_t count)
{
    const char *said = "";
    for (size_t i = 0; i < count; i++)
        said = arena_printf (self->arena, "%s%s%s", said, i > 0 ? ", " : "", simulation_duty (self, duties[i]));
    return said;
}

Consentd__ObligationListReply *simulation_duties_page (struct simulation *self, const char *party, unsigned limit,
                                                       ProtobufCBinaryData after)
{
    Consentd__Request *request = simulation_asking (self, CONSENTD__REQUEST__BODY_OBLIGATION_LIST);
    request->obligation_list->bsn = arena_strdup (self->arena, "999900006");
    request->obligation_list->limit = limit;
    request->obligation_list->after = after;
    Consentd__Reply *reply = simulation_ask (self, party, request);
    assert_string_equal (simulation_said (self, reply), "OK");
    return reply->obligation_list;
}

const char *simulation_listed (struct simulation *self, const char *party)
{
    Consentd__ObligationListReply *reply = simulation_duties_page (self, party, 0, (ProtobufCBinaryData){0, NULL});
    assert_false (reply->more);
    return simulation_duties (self, reply->duties, reply->n_duties);
}

Consentd__Request *simulation_due_list (struct simulation *self, moment until, unsigned limit,
                                        ProtobufCBinaryData after)
{
    Consentd__Request *request = simulation_asking (self, CONSENTD__REQUEST__BODY_DUE_LIST);
    request->due_list->until = until;
    request->due_list->limit = limit;
    request->due_list->after = after;
    return request;
}

const char *simulation_due (struct simulation *self, const Consentd__DueListReply *reply)
{
    const char *said = "";
    for (size_t i = 0; i < reply->n_entries; i++) {
        const Consentd__Due *due = reply->entries[i];
        const char *what = due->kind == CONSENTD__DUE_KIND__OBLIGATION_DUE
                               ? simulation_duty (self, due->duty)
                               : arena_printf (self->arena, "%s %s%s",
                                               due->kind == CONSENTD__DUE_KIND__CONSENT_ENDS ? "ends" : "lapses",
                                               day_of (self, due->when), due->birthday ? " birthday" : "");
        assert_int_equal (due->consent_id.len, due->duty != NULL ? 0 : 16);
        assert_int_equal (due->subject_ref.len, 16);
        said = arena_printf (self->arena, "%s%s%s", said, i > 0 ? ", " : "", what);
    }
    return said;
}

const char *simulation_coming (struct simulation *self, const char *party, moment until, unsigned limit)
{
    const char *said = "";
    ProtobufCBinaryData after = {0, NULL};
    for (bool more = true; more;) {
        Consentd__Reply *reply = simulation_ask (self, party, simulation_due_list (self, until, limit, after));
        assert_string_equal (simulation_said (self, reply), "OK");
        const char *page = simulation_due (self, reply->due_list);
        said = arena_printf (self->arena, "%s%s%s", said, said[0] != 0 && page[0] != 0 ? ", " : "", page);
        more = reply->due_list->more;
        assert_int_equal (more, reply->due_list->next.len > 0);
        after = reply->due_list->next;
    }
    return said;
}

uint64_t simulation_disclosed (struct simulation *self)
{
    Consentd__Reply *reply = CHECK_REPLY (self, FEE);
    assert_string_equal (simulation_said (self, reply), "wmo-2015");
    assert_int_equal (reply->check->n_duties, 1);
    return reply->check->decision;
}

static int tell_recipients (struct turn *turn, struct subject_file *file, unsigned kind,
                            const struct text_set *categories)
{
    struct evidence evidence = {.note = NULL};
    struct audit_head head = {
        .time = turn->now, .party = "kernteam", .action = "correct", .result = "ok", .has_object = true};
    memcpy (head.object, file->id, sizeof head.object);
    int rc = recipients_tell (turn, file, (enum obligation)kind, categories, NULL);
    return rc == 0 ? audit_append (turn, &head, NULL, &evidence) : rc;
}

uint64_t simulation_recipients_told (struct simulation *self, const char *bsn, unsigned kind,
                                     const struct text_set *categories)
{
    struct turn turn;
    struct subject_file file;
    assert_int_equal (registry_begin (&self->registry, &self->in_force, &self->report, self->wall, &turn), 0);
    assert_int_equal (subject_file_open (&turn, bsn, &file), 0);
    int rc = tell_recipients (&turn, &file, kind, categories);
    subject_file_close (&file);
    subject_cache_sweep (turn.cache);
    assert_int_equal (registry_end (&self->registry, &turn, rc), 0);
    self->state = self->registry.state;
    return self->state.audit_number;
}
