/* An overview as a letter, made of pages without a registry: what happened often is counted together, and what may
   not be said is not there. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "arena.h"
#include "letter/letter_text.h"
#include "overview/overview_letter.h"
#include "overview/overview_shipped.h"
#include "testing.h"

enum { LINES = 4 };

/* A page with lines of checks, as the registry would answer it. */
struct page {
    Consentd__Reply reply;
    Consentd__OverviewReply body;
    Consentd__OverviewEntry entries[LINES + 1], *list[LINES + 1];
    Consentd__SubjectShowReply subject;
    Consentd__OverviewLine lines[LINES];
    Consentd__CheckRequest checks[LINES];
    Consentd__CheckReply answers[LINES];
    Consentd__ItemVerdict items[LINES], *item_list[LINES];
    Consentd__Reason reason, *reasons[1];
    Consentd__OverviewLabel labels[3], *label_list[3];
};

static char naw[] = "naw", wmo[] = "wmo", kernteam[] = "kernteam", horizon[] = "horizon", purpose[] = "toekenning";
static char naw_label[] = "Naam en adres", wmo_label[] = "Wmo", horizon_label[] = "Zorgaanbieder";
static char check[] = "check", permit[] = "permit", overview_action[] = "overview", ok[] = "ok";

static void set_label (struct page *self, size_t index, Consentd__OverviewLabel__Kind kind, char *name,
                       char *label)
{
    consentd__overview_label__init (&self->labels[index]);
    self->labels[index].kind = kind;
    self->labels[index].code = name;
    self->labels[index].label = label;
    self->label_list[index] = &self->labels[index];
}

/* Line `index` is a disclosure, or a question that was refused. */
static void set_line (struct page *self, size_t index, bool permitted)
{
    Consentd__OverviewLine *line = &self->lines[index];
    Consentd__ItemVerdict *item = &self->items[index];
    consentd__overview_line__init (line);
    consentd__check_request__init (&self->checks[index]);
    consentd__check_reply__init (&self->answers[index]);
    consentd__item_verdict__init (item);
    item->category = naw;
    item->origin = wmo;
    item->verdict = permitted ? CONSENTD__VERDICT__PERMIT : CONSENTD__VERDICT__DENY;
    item->ground = permitted ? CONSENTD__GROUND__CONSENT : CONSENTD__GROUND__GROUND_NONE;
    item->reasons = self->reasons;
    item->n_reasons = !permitted;
    self->item_list[index] = item;
    self->answers[index].items = &self->item_list[index];
    self->answers[index].n_items = 1;
    self->checks[index].provider = kernteam;
    self->checks[index].recipient = horizon;
    self->checks[index].purpose = purpose;
    self->checks[index].mode = CONSENTD__MODE__DISCLOSE;
    line->number = index + 2;
    line->time = 1777636800000 + (int64_t)index * 86400000; /* 2026-05-01 14:00 in Amsterdam */
    line->party = kernteam;
    line->action = check;
    line->result = permit;
    line->check = &self->checks[index];
    line->reply = &self->answers[index];
    self->entries[index + 1].line = line;
}

static void make_page (struct page *self)
{
    static char controller[] = "Gemeente Voorbeeld";
    memset (self, 0, sizeof *self);
    consentd__reply__init (&self->reply);
    consentd__overview_reply__init (&self->body);
    consentd__subject_show_reply__init (&self->subject);
    consentd__reason__init (&self->reason);
    self->reason.code = CONSENTD__CODE__REVOKED;
    self->reasons[0] = &self->reason;
    for (size_t i = 0; i <= LINES; i++) {
        consentd__overview_entry__init (&self->entries[i]);
        self->list[i] = &self->entries[i];
    }
    self->entries[0].subject = &self->subject;
    for (size_t i = 0; i < LINES; i++)
        set_line (self, i, i < LINES - 1);
    set_label (self, 0, CONSENTD__OVERVIEW_LABEL__KIND__CATEGORY, naw, naw_label);
    set_label (self, 1, CONSENTD__OVERVIEW_LABEL__KIND__ORIGIN, wmo, wmo_label);
    set_label (self, 2, CONSENTD__OVERVIEW_LABEL__KIND__PARTY, horizon, horizon_label);
    self->body.entries = self->list;
    self->body.n_entries = LINES + 1;
    self->body.labels = self->label_list;
    self->body.n_labels = 3;
    self->body.known = true;
    self->body.controller = controller;
    self->reply.time = 1780000000000;
    self->reply.body_case = CONSENTD__REPLY__BODY_OVERVIEW;
    self->reply.overview = &self->body;
}

struct made {
    struct arena *arena;
    struct overview *overview;
    char *text; /* each blank is one space */
};

static void squeeze (char *text)
{
    char *to = text;
    for (const char *from = text; *from; from++)
        if (*from != '\n' && *from != ' ')
            *to++ = *from;
        else if (to > text && to[-1] != ' ')
            *to++ = ' ';
    *to = '\0';
}

static struct made make_letter (const struct page *page, const struct overview_part *part,
                                const struct overview_letter_options *options)
{
    struct made made = {.arena = arena_new (16 << 20)};
    size_t size;
    FILE *out = open_memstream (&made.text, &size);
    made.overview = overview_new (made.arena, part, "");
    overview_take (made.overview, &page->reply);
    struct overview_letter_options all = *options;
    if (!all.template)
        overview_shipped_read (made.arena, "kaag-en-braassem-2015", &all);
    struct letter_document document = overview_letter_make (made.overview, &all);
    letter_text_write (&document, out);
    fclose (out);
    squeeze (made.text);
    return made;
}

static void forget (struct made *made)
{
    overview_destroy (&made->overview);
    arena_destroy (&made->arena);
    free (made->text);
}

static struct made make_whole (const struct page *page)
{
    return make_letter (page, &(struct overview_part){.case_ref = ""}, &(struct overview_letter_options){0});
}

static void assert_says (const struct made *made, const char *text)
{
    if (!strstr (made->text, text))
        fail_msg ("the letter does not say \"%s\": %s", text, made->text);
}

static void test_what_happened_often_is_counted_together (void **state)
{
    (void)state;
    struct page page;
    make_page (&page);
    struct made made = make_whole (&page);
    assert_int_equal (overview_count (made.overview, OVERVIEW_DISCLOSED), 3);
    assert_int_equal (overview_count (made.overview, OVERVIEW_DENIED), 1);
    assert_null (made.overview->groups[OVERVIEW_DISCLOSED]->next);
    assert_says (&made, "Naam en adres (herkomst: Wmo)");
    assert_says (&made, "kernteam aan Zorgaanbieder (horizon)");
    assert_says (&made, "3 keer, van 1 mei 2026 tot en met 3 mei 2026");
    assert_says (&made, "Waarom niet: u had uw toestemming ingetrokken Wanneer: 4 mei 2026 om 14.00 uur");
    forget (&made);
}

static void test_an_answer_of_two_outcomes_is_both (void **state)
{
    (void)state;
    struct page page;
    make_page (&page);
    Consentd__ItemVerdict *both[] = {&page.items[0], &page.items[LINES - 1]};
    page.answers[0].items = both;
    page.answers[0].n_items = 2;
    struct made made = make_whole (&page);
    assert_int_equal (overview_count (made.overview, OVERVIEW_DISCLOSED), 3);
    assert_int_equal (overview_count (made.overview, OVERVIEW_DENIED), 2);
    forget (&made);
}

static void test_that_something_is_left_out_is_said_only_where_it_was (void **state)
{
    (void)state;
    struct page page;
    make_page (&page);
    struct made made = make_whole (&page);
    assert_null (strstr (made.text, "artikel 13, lid 4"));
    forget (&made);
    page.entries[0].left_out = true;
    page.body.unreadable = 2;
    made = make_whole (&page);
    assert_says (&made, "Dat moet van artikel 13, lid 4. Wij laten weg wat over een ander gaat.");
    assert_says (&made, "Van 2 regels in het register kunnen wij niet lezen over wie het gaat.");
    forget (&made);
}

static void test_r5_the_last_overview_and_what_is_new_since_are_told (void **state)
{
    (void)state;
    struct page page;
    make_page (&page);
    page.lines[1].action = overview_action;
    page.lines[1].result = ok;
    page.lines[1].check = NULL;
    struct made made = make_whole (&page);
    assert_says (&made, "Op 2 mei 2026 is ook een overzicht gemaakt. Daarna is er 2 keer iets bij gekomen.");
    forget (&made);
    made = make_letter (&page, &(struct overview_part){.since = 1, .until = 1790000000000, .case_ref = ""},
                        &(struct overview_letter_options){.year = 2026});
    assert_null (strstr (made.text, "ook een overzicht gemaakt"));
    assert_says (&made, "Het gaat over het jaar 2026.");
    forget (&made);
}

static void test_of_a_case_only_that_case_is_told (void **state)
{
    (void)state;
    static char wanted[] = "zaak-1";
    struct page page;
    make_page (&page);
    page.checks[1].case_ref = wanted;
    struct made made =
        make_letter (&page, &(struct overview_part){.case_ref = wanted}, &(struct overview_letter_options){0});
    assert_int_equal (overview_count (made.overview, OVERVIEW_DISCLOSED), 1);
    assert_int_equal (overview_count (made.overview, OVERVIEW_DENIED), 0);
    forget (&made);
}

static void test_a_code_that_the_pack_does_not_have_stands_for_itself (void **state)
{
    (void)state;
    struct page page;
    make_page (&page);
    page.body.n_labels = 0;
    struct made made = make_whole (&page);
    assert_says (&made, "Welke gegevens: naw (herkomst: wmo)");
    assert_says (&made, "kernteam aan horizon");
    forget (&made);
}

/* Packs that come with the program have their own words, of whatever version; others what holds in the whole
 * country. */
static void test_without_a_pack_the_words_are_those_of_the_pack_that_decides (void **state)
{
    (void)state;
    static const struct {
        const char *pack, *words;
    } cases[] = {
        {"kaag-en-braassem-2015/2", "artikel 13 van het privacyreglement"},
        {"wmo-jeugdwet-2026/7", "artikel 15 van de AVG"},
        {"kaag-en-braassem-2015-proef/1", "artikel 15 van de AVG"},
        {"elders/1", "artikel 15 van de AVG"},
        {"", "artikel 15 van de AVG"},
    };
    struct page page;
    make_page (&page);
    page.entries[0].left_out = true;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new (1 << 20);
        struct overview_letter_options options = {0};
        overview_shipped_read (arena, cases[i].pack, &options);
        struct made made = make_letter (&page, &(struct overview_part){.case_ref = ""}, &options);
        assert_says (&made, cases[i].words);
        assert_int_equal (strstr (made.text, "privacyreglement") != NULL, i == 0);
        forget (&made);
        arena_destroy (&arena);
    }
}

/* An action, a state or an outcome of a newer daemon. */
static void test_what_this_program_does_not_know_is_told_as_such (void **state)
{
    (void)state;
    static char newer[] = "iets-nieuws";
    struct page page;
    make_page (&page);
    page.lines[0].action = newer;
    page.lines[0].check = NULL;
    struct made made = make_whole (&page);
    assert_says (&made, "heeft iets anders met uw gegevens gedaan; dat is niet gelukt");
    assert_null (strstr (made.text, newer));
    forget (&made);
}

/* R7, T1: lines of somebody who was erased since. */
static void test_what_a_statute_keeps_is_told_with_its_end_and_its_article (void **state)
{
    (void)state;
    static char grant[] = "grant", old[] = "Wmo 5.3.4 as in 2015 (KB 20 toelichting)",
                new[] = "LAW Jeugdwet 7.3.8(3)";
    static char *by[] = {old, new, old};
    struct page page;
    make_page (&page);
    for (size_t i = 0; i < 3; i++) {
        page.lines[i].kept = true;
        page.lines[i].kept_until = i < 2 ? 2251749600000 : 0; /* 2041-05-10 00:00 in Amsterdam */
        page.lines[i].kept_by = by;
        page.lines[i].n_kept_by = i < 2 ? 3 : 1;
    }
    page.lines[3].kept = true;
    page.lines[3].kept_until = 2251749600000;
    page.lines[3].action = grant;
    page.lines[3].check = NULL;
    struct made made = make_whole (&page);
    assert_says (&made, "Uw gegevens zijn gewist. Een deel moet blijven, want dat zegt de wet.");
    assert_says (&made, "2 keer dat gegevens zijn doorgegeven");
    assert_says (&made, "9 mei 2041");
    assert_says (&made, "Dat zegt artikel 5.3.4 van de Wet maatschappelijke ondersteuning en "
                        "artikel 7.3.8 van de Jeugdwet.");
    assert_says (&made, "1 keer dat gegevens zijn doorgegeven");
    assert_says (&made, "dat is nog niet bekend");
    assert_says (&made, "1 toestemming");
    assert_says (&made, "Daardoor mochten gegevens worden doorgegeven.");
    forget (&made);
    make_page (&page);
    made = make_whole (&page);
    assert_null (strstr (made.text, "moeten bewaren"));
    forget (&made);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_what_happened_often_is_counted_together),
        cmocka_unit_test (test_an_answer_of_two_outcomes_is_both),
        cmocka_unit_test (test_that_something_is_left_out_is_said_only_where_it_was),
        cmocka_unit_test (test_r5_the_last_overview_and_what_is_new_since_are_told),
        cmocka_unit_test (test_of_a_case_only_that_case_is_told),
        cmocka_unit_test (test_a_code_that_the_pack_does_not_have_stands_for_itself),
        cmocka_unit_test (test_without_a_pack_the_words_are_those_of_the_pack_that_decides),
        cmocka_unit_test (test_what_this_program_does_not_know_is_told_as_such),
        cmocka_unit_test (test_what_a_statute_keeps_is_told_with_its_end_and_its_article),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
