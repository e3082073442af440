/* Random lives of requests of subjects (R2), against a model that was written from the text and not from the code:
   what is answered, in which state each request then is, what is listed as open and due, and what is told. Turns
   fail, the daemon is stopped and started, and the clock goes on. The same in every run. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "random_pick.h"
#include "simulation_verbs.h"

enum { ROUNDS = 8, ACTS = 160, REQUESTS = 200, DAY_MS = 24 * 3600 * 1000 };

static const char team[] = "kernteam", clerk[] = "klachten";
static const char *const people[] = {"999900006", "999996770", "999900018"};

/* --- The model ------------------------------------------------------------------------------------------ */

enum state { OPEN = 1, WAITING, UNANSWERED, GRANTED_WHOLE, IN_PART, REFUSED_WHOLE, WITHDRAWN };
enum { ACCESS = 1, ERASURE = 4, OBJECTION = 6 }; /* kinds of the protocol */

struct model {
    uint64_t number;
    int person, kind;
    int stake; /* its kind; of an objection that of what was refused */
    moment due;
    bool extended;
    bool asked; /* a view that has not come */
    moment view;
    unsigned views;
    enum state end;

    bool due_told; /* that it is overdue */
    unsigned objections;
};

struct lives {
    struct simulation *sim;
    struct model all[REQUESTS];
    size_t count;
    uint64_t opened_told, overdue_told, heard;
    bool may_extend; /* by two months */
    unsigned done, refused, undone;
};

static enum state state_of (const struct model *one, moment now)
{
    if (one->end != 0)
        return one->end;
    return !one->asked ? OPEN : one->view > now ? WAITING : UNANSWERED;
}

/* It is not decided, or an erasure that was granted is not carried out. */
static bool is_due (const struct model *one)
{
    return one->end == 0 || (one->stake == ERASURE && (one->end == GRANTED_WHOLE || one->end == IN_PART));
}

/* The last millisecond of the day, and so many days on. */
static moment days_on (moment from, int days)
{
    return calendar_end_after_days (from, (unsigned)days);
}

/* --- Asking ------------------------------------------------------------------------------------------- */

static char *text (struct lives *self, const char *given)
{
    return arena_strdup (self->sim->arena, given);
}

/* Asks, now and then in a turn that fails first: then nothing has happened, and the same is asked again. */
static Consentd__Reply *ask (struct lives *self, Consentd__Request *request)
{
    if (random_pick (8) == 0) {
        self->sim->fail_commit = true;
        struct round_trip failed = {team, request, NULL};
        self->undone += simulation_turn (self->sim, &failed, 1) == -EIO;
        self->sim->fail_commit = false;
    }
    if (random_pick (16) == 0)
        simulation_restart (self->sim);
    return simulation_ask (self->sim, team, request);
}

static bool is_ok (struct lives *self, const Consentd__Reply *reply)
{
    bool ok = reply->status == CONSENTD__STATUS__OK;
    if (!ok)
        assert_int_equal (reply->status, CONSENTD__STATUS__INVALID);
    self->done += ok;
    self->refused += !ok;
    return ok;
}

static void assert_admitted (struct lives *self, const Consentd__Reply *reply, bool expected, const char *what)
{
    if (is_ok (self, reply) != expected)
        fail_msg ("%s: %s, %s %s", what, expected ? "must be admitted" : "must not be admitted", reply->field,
                  reply->message);
}

static void open_one (struct lives *self)
{
    static const int kinds[] = {ACCESS, ACCESS, ERASURE, 2, 3, 5, 7};
    struct model *made = &self->all[self->count];
    int days_ago = (int)random_pick (3) == 0 ? (int)random_pick (40) : 0;
    char day[11];
    moment received = self->sim->wall - (moment)days_ago * DAY_MS;
    Consentd__Request *request = simulation_asking (self->sim, CONSENTD__REQUEST__BODY_RIGHTS_OPEN);
    Consentd__RightsOpenRequest *body = request->rights_open;
    if (self->count == REQUESTS)
        return;
    *made = (struct model){.person = (int)random_pick (3), .kind = ANY (kinds)};
    const struct model *against = NULL;
    if (self->count > 0 && random_pick (4) == 0)
        against = &self->all[random_pick ((unsigned)self->count)];
    if (against != NULL) {
        made->kind = OBJECTION;
        made->person = against->person;
        body->against = against->number;
        received = self->sim->wall;
        days_ago = 0;
    }
    made->stake = against != NULL ? against->stake : made->kind;
    calendar_format (calendar_day (received), day);
    body->bsn = text (self, people[made->person]);
    body->kind = (Consentd__RightsKind)made->kind;
    body->by = text (self, "subject");
    body->wish = text (self, "wat er staat klopt niet");
    body->identity = CONSENTD__RIGHTS_IDENTITY__IDENTITY_KNOWN;
    body->way = CONSENTD__RIGHTS_WAY__WAY_POST;
    body->received = text (self, days_ago > 0 ? day : "");
    body->user = text (self, "medewerker-5");
    bool may = against == NULL ||
               ((against->end == REFUSED_WHOLE || against->end == IN_PART) && against->kind != OBJECTION);
    Consentd__Reply *reply = ask (self, request);
    assert_admitted (self, reply, may, "rights_open");
    if (!may)
        return;
    if (against != NULL)
        self->all[against - self->all].objections++;
    made->number = reply->rights->request->number;
    made->due = days_on (received, 28);
    self->opened_told++;
    self->count++;
}

static void extend (struct lives *self, struct model *one)
{
    Consentd__Request *request = simulation_asking (self->sim, CONSENTD__REQUEST__BODY_RIGHTS_EXTEND);
    request->rights_extend->number = one->number;
    request->rights_extend->reason = text (self, "het is veel");
    request->rights_extend->user = text (self, "medewerker-5");
    bool may = one->end == 0 && self->may_extend && !one->extended && one->due > self->sim->wall;
    assert_admitted (self, ask (self, request), may, "rights_extend");
    if (!may)
        return;
    one->extended = true;
    one->due = calendar_end_after_months (one->due - 1, 2);
}

static void hear (struct lives *self, struct model *one)
{
    Consentd__Request *request = simulation_asking (self->sim, CONSENTD__REQUEST__BODY_RIGHTS_HEAR);
    moment now = self->sim->wall;
    bool notes = random_pick (2) == 0, may;
    moment until = days_on (now, (int)random_pick (20));
    request->rights_hear->number = one->number;
    request->rights_hear->note = text (self, "een ander");
    request->rights_hear->user = text (self, "medewerker-5");
    if (notes) {
        request->rights_hear->came = CONSENTD__RIGHTS_VIEW_CAME__VIEW_OBJECTS;
        may = one->end == 0 && one->asked;
    } else {
        request->rights_hear->until = until;
        may = one->end == 0 && one->kind == ACCESS && state_of (one, now) != WAITING && one->views < 8;
    }
    assert_admitted (self, ask (self, request), may, "rights_hear");
    if (!may)
        return;
    one->asked = !notes;
    one->view = until;
    one->views += !notes;
}

static void decide (struct lives *self, struct model *one)
{
    Consentd__Request *request = simulation_asking (self->sim, CONSENTD__REQUEST__BODY_RIGHTS_DECIDE);
    Consentd__RightsDecideRequest *body = request->rights_decide;
    enum state outcome = (enum state) (GRANTED_WHOLE + (int)random_pick (4));
    bool refuses = outcome == IN_PART || outcome == REFUSED_WHOLE;
    body->number = one->number;
    body->outcome = (Consentd__RightsState)outcome;
    body->reason = text (self, refuses ? "het wordt nog gebruikt" : "");
    body->article = text (self, refuses ? "KB 14" : "");
    body->user = text (self, "medewerker-5");
    bool waits = state_of (one, self->sim->wall) == WAITING;
    bool may = one->end == 0 && !(waits && (outcome == GRANTED_WHOLE || outcome == IN_PART));
    may |= one->end == GRANTED_WHOLE && one->stake == ERASURE && outcome == IN_PART;
    assert_admitted (self, ask (self, request), may, "rights_decide");
    if (may)
        one->end = outcome;
}

static void restrict_on (struct lives *self, struct model *one)
{
    static const char *const categories[] = {"naw", "bsn", "telefoon", "email", "budget", "geboortedatum"};
    Consentd__Request *request = simulation_asking (self->sim, CONSENTD__REQUEST__BODY_RESTRICT_DATA);
    Consentd__RestrictRequest *body = request->restrict_data;
    char *category = text (self, ANY (categories));
    body->bsn = text (self, people[one->person]);
    body->categories = &category;
    body->n_categories = 1;
    body->reason = text (self, "op verzoek");
    body->user = text (self, "medewerker-5");
    body->request = one->number;
    bool may = one->kind != ACCESS && one->end != REFUSED_WHOLE && one->end != WITHDRAWN;
    assert_admitted (self, ask (self, request), may, "restrict_data");
}

/* --- Looking ------------------------------------------------------------------------------------------ */

/* What time brought is told: of each request that is due, when it is overdue, once for each due date. */
static void make_known (struct lives *self)
{
    assert_int_equal (simulation_pass (self->sim), 0);
    for (size_t i = 0; i < self->count; i++) {
        struct model *one = &self->all[i];
        if (is_due (one) && !one->due_told && one->due <= self->sim->wall) {
            one->due_told = true;
            self->overdue_told++;
        }
    }
}

static void assert_told (struct lives *self)
{
    uint64_t newest = simulation_newest_of_all (self->sim, clerk);
    for (; self->heard < newest; self->heard++) {
        const Consentd__EventPush *event = simulation_event_of_all (self->sim, clerk, self->heard + 1);
        if (event->kind == CONSENTD__EVENT_KIND__RIGHTS_OPENED)
            self->opened_told--;
        else {
            assert_int_equal (event->kind, CONSENTD__EVENT_KIND__RIGHTS_OVERDUE);
            self->overdue_told--;
        }
    }
    assert_int_equal (self->opened_told, 0);
    assert_int_equal (self->overdue_told, 0);
}

static void assert_states (struct lives *self)
{
    for (size_t i = 0; i < self->count; i++) {
        const struct model *one = &self->all[i];
        Consentd__Request *request = simulation_asking (self->sim, CONSENTD__REQUEST__BODY_RIGHTS_SHOW);
        request->rights_show->number = one->number;
        const Consentd__RightsRequest *shown = simulation_look (self->sim, team, request)->rights->request;
        assert_int_equal (shown->state, state_of (one, self->sim->wall));
        assert_int_equal (shown->to_be_erased, one->end != 0 && is_due (one));
        assert_int_equal (shown->due, one->due);
        assert_int_equal (shown->n_views, one->views);
        unsigned objections = 0;
        for (size_t j = 0; j < shown->n_followed; j++)
            objections += strcmp (shown->followed[j]->action, "rights-open") == 0;
        assert_int_equal (objections, one->objections);
        assert_string_equal (shown->bsn, people[one->person]);
    }
}

/* Each request that is due stands in the list once, by due date and number; and what is due has those, and the views. */
static void assert_listed (struct lives *self)
{
    Consentd__Request *request = simulation_asking (self->sim, CONSENTD__REQUEST__BODY_RIGHTS_LIST);
    Consentd__Request *coming = simulation_asking (self->sim, CONSENTD__REQUEST__BODY_DUE_LIST);
    request->rights_list->limit = coming->due_list->limit = 100;
    coming->due_list->until = self->sim->wall + INT64_C (400) * DAY_MS;
    Consentd__RightsListReply *list = simulation_look (self->sim, team, request)->rights_list;
    Consentd__DueListReply *due = simulation_look (self->sim, clerk, coming)->due_list;
    size_t open = 0, views = 0, listed_views = 0;
    for (size_t i = 0; i < self->count; i++) {
        open += is_due (&self->all[i]);
        views += self->all[i].end == 0 && self->all[i].asked;
    }
    assert_true (open < 100 && !list->more);
    assert_int_equal (list->n_requests, open);
    for (size_t i = 1; i < list->n_requests; i++)
        assert_true (list->requests[i - 1]->due < list->requests[i]->due ||
                     (list->requests[i - 1]->due == list->requests[i]->due &&
                      list->requests[i - 1]->number < list->requests[i]->number));
    for (size_t i = 0; i < due->n_entries; i++)
        listed_views += due->entries[i]->kind == CONSENTD__DUE_KIND__VIEW_DUE;
    if (!due->more) {
        assert_int_equal (listed_views, views);
        assert_int_equal (due->n_entries, open + views);
    }
}

/* --- Lives -------------------------------------------------------------------------------------------- */

static void act (struct lives *self)
{
    struct model *any = self->count > 0 ? &self->all[random_pick ((unsigned)self->count)] : NULL;
    unsigned what = random_pick (12);
    make_known (self);
    if (any == NULL || what < 3)
        open_one (self);
    else if (what < 5)
        extend (self, any);
    else if (what < 8)
        hear (self, any);
    else if (what < 10)
        decide (self, any);
    else if (what < 11)
        restrict_on (self, any);
    else
        self->sim->wall += (moment)random_pick (4 * DAY_MS);
}

static void live (const char *policy, bool may_extend)
{
    struct simulation_options options = {.policy = policy, .size = 32 << 20, .reserve = 2 << 20};
    unsigned done = 0, refused = 0, undone = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct lives *self = calloc (1, sizeof *self);
        self->sim = simulation_new (&options);
        self->may_extend = may_extend;
        simulation_write_party (self->sim, clerk, "gemeente", "bezwaren", "");
        for (size_t i = 0; i < COUNT (people); i++)
            assert_string_equal (PERSON (self->sim, .bsn = people[i], .born = "1975-01-02"), "OK");
        for (int i = 0; i < ACTS; i++) {
            act (self);
            if (i % 20 == 19) {
                make_known (self);
                assert_told (self);
                assert_states (self);
                assert_listed (self);
            }
        }
        done += self->done;
        refused += self->refused;
        undone += self->undone;
        simulation_destroy (&self->sim);
        free (self);
    }
    assert_true (done > 300 && refused > 300 && undone > 30);
}

static void test_R2_random_lives_of_requests_are_as_the_text_has_them (void **state)
{
    (void)state;
    live (NULL, false);
}

static void test_R2_the_same_where_requests_may_be_put_off (void **state)
{
    (void)state;
    live ("wmo-jeugdwet-2026", true);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_R2_random_lives_of_requests_are_as_the_text_has_them),
        cmocka_unit_test (test_R2_the_same_where_requests_may_be_put_off),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
