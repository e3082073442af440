#include <string.h>
#include "simulated_rights.h"

char *simulated_text (struct simulation *sim, const char *given, const char *otherwise)
{
    return arena_strdup (sim->arena, given != NULL ? given : otherwise);
}

Consentd__Request *simulated_opening (struct simulation *sim, const struct said_request *said)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_RIGHTS_OPEN);
    Consentd__RightsOpenRequest *body = request->rights_open;
    body->bsn = simulated_text (sim, said->bsn, "999900006");
    body->kind = (Consentd__RightsKind)(said->kind != 0 ? said->kind : CONSENTD__RIGHTS_KIND__RIGHTS_ACCESS);
    body->by = simulated_text (sim, said->by, "subject");
    body->wish = simulated_text (sim, said->asked, "alles over de hulp van vorig jaar");
    body->identity = (Consentd__RightsIdentity)(said->identity != 0 ? said->identity : 1);
    body->way = (Consentd__RightsWay)(said->way != 0 ? said->way : 1);
    body->received = simulated_text (sim, said->received, "");
    body->against = said->against;
    body->user = simulated_text (sim, NULL, "medewerker-5");
    return request;
}

Consentd__Reply *simulated_rights_opened (struct simulation *sim, const struct said_request *said)
{
    return simulation_ask (sim, TEAM, simulated_opening (sim, said));
}

uint64_t simulated_rights_number_of (struct simulation *sim, const Consentd__Reply *reply)
{
    assert_string_equal (simulation_said (sim, reply), "OK");
    assert_int_equal (reply->rights->request->number, sim->state.audit_number);
    assert_string_equal (reply->rights->request->bsn, ""); /* the log keeps this answer */
    return reply->rights->request->number;
}

Consentd__Request *simulated_extending (struct simulation *sim, uint64_t number, moment until)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_RIGHTS_EXTEND);
    request->rights_extend->number = number;
    request->rights_extend->until = until;
    request->rights_extend->reason = simulated_text (sim, NULL, "het dossier is groot");
    request->rights_extend->user = simulated_text (sim, NULL, "medewerker-5");
    return request;
}

Consentd__Request *simulated_hearing (struct simulation *sim, uint64_t number, moment until, unsigned came)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_RIGHTS_HEAR);
    request->rights_hear->number = number;
    request->rights_hear->until = until;
    request->rights_hear->came = (Consentd__RightsViewCame)came;
    request->rights_hear->note = simulated_text (sim, NULL, "de buurman, over de melding");
    request->rights_hear->user = simulated_text (sim, NULL, "medewerker-5");
    return request;
}

Consentd__Request *simulated_deciding (struct simulation *sim, uint64_t number, unsigned outcome,
                                       const char *announced)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_RIGHTS_DECIDE);
    Consentd__RightsDecideRequest *body = request->rights_decide;
    bool refuses = outcome == CONSENTD__RIGHTS_STATE__RIGHTS_REFUSED ||
                   outcome == CONSENTD__RIGHTS_STATE__RIGHTS_GRANTED_IN_PART;
    body->number = number;
    body->outcome = (Consentd__RightsState)outcome;
    body->reason = simulated_text (sim, refuses ? "het belang van een ander weegt zwaarder" : "", "");
    body->article = simulated_text (sim, refuses ? "KB 13.4" : "", "");
    body->announced = simulated_text (sim, announced, "");
    body->user = simulated_text (sim, NULL, "medewerker-5");
    return request;
}

Consentd__Request *simulated_showing (struct simulation *sim, uint64_t number)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_RIGHTS_SHOW);
    request->rights_show->number = number;
    return request;
}

const Consentd__RightsRequest *simulated_rights_shown (struct simulation *sim, uint64_t number)
{
    Consentd__Reply *reply = simulation_look (sim, TEAM, simulated_showing (sim, number));
    assert_string_equal (simulation_said (sim, reply), "OK");
    return reply->rights->request;
}

const char *simulated_day_of (struct simulation *sim, moment when)
{
    char day[11];
    calendar_format (calendar_day (when - 1), day);
    return when != 0 ? arena_strdup (sim->arena, day) : "-";
}

static const char *const states[] = {"?",       "open",    "waiting", "unanswered",
                                     "granted", "in part", "refused", "withdrawn"};

const char *simulated_state_of (struct simulation *sim, uint64_t number)
{
    const Consentd__RightsRequest *one = simulated_rights_shown (sim, number);
    return arena_printf (sim->arena, "%s %s", states[one->state], simulated_day_of (sim, one->due));
}

const char *simulated_rights_due (struct simulation *sim, const char *party, moment until)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_DUE_LIST);
    request->due_list->until = until;
    Consentd__Reply *reply = simulation_look (sim, party, request);
    const char *said = "";
    assert_string_equal (simulation_said (sim, reply), "OK");
    for (size_t i = 0; i < reply->due_list->n_entries; i++) {
        const Consentd__Due *one = reply->due_list->entries[i];
        assert_non_null (one->rights);
        assert_string_equal (one->rights->wish, ""); /* a list has no texts */
        said = arena_printf (sim->arena, "%s%s%s %llu %s%s%s", said, i > 0 ? ", " : "",
                             one->kind == CONSENTD__DUE_KIND__RIGHTS_DUE ? "RIGHTS" : "VIEW",
                             (unsigned long long)one->rights->number, simulated_day_of (sim, one->when),
                             one->rights->bsn[0] != 0 ? " " : "", one->rights->bsn);
    }
    return said;
}

const char *simulated_rights_list (struct simulation *sim, const char *party, const char *bsn, unsigned limit)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_RIGHTS_LIST);
    const char *said = "";
    request->rights_list->bsn = simulated_text (sim, bsn, "");
    request->rights_list->limit = limit;
    for (bool more = true; more;) {
        Consentd__Reply *reply = simulation_look (sim, party, request);
        assert_string_equal (simulation_said (sim, reply), "OK");
        for (size_t i = 0; i < reply->rights_list->n_requests; i++)
            said = arena_printf (sim->arena, "%s%s%llu", said, said[0] != 0 ? " " : "",
                                 (unsigned long long)reply->rights_list->requests[i]->number);
        more = reply->rights_list->more;
        request->rights_list->after = reply->rights_list->next;
    }
    return said;
}

void simulated_rights_assert_event (struct simulation *sim, const char *party, uint64_t event, unsigned kind,
                                    uint64_t number)
{
    const Consentd__EventPush *heard = simulation_event_of_all (sim, party, event);
    assert_non_null (heard);
    assert_int_equal (heard->kind, kind);
    assert_int_equal (heard->request, number);
    assert_int_equal (heard->rights, CONSENTD__RIGHTS_KIND__RIGHTS_ACCESS);
    assert_int_equal (heard->due, simulated_rights_shown (sim, number)->due);
    assert_int_equal (heard->subject_ref.len, 0); /* V6 */
    assert_int_equal (heard->consent_id.len, 0);
    assert_int_equal (heard->time, sim->wall);
}

int simulated_rights_setup (void **state)
{
    int rc = simulation_setup_adult (state);
    simulation_write_party (*state, CLERK, "gemeente", "bezwaren", "");
    return rc;
}

int simulated_rights_setup_2026 (void **state)
{
    struct simulation_options options = {.policy = "wmo-jeugdwet-2026"};
    *state = simulation_new (&options);
    simulation_adult (*state);
    simulation_write_party (*state, CLERK, "gemeente", "bezwaren", "");
    return 0;
}
