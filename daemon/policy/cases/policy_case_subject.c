/* The facts of a case: its day, and the subject. */
#include <string.h>
#include "policy_case_reading.h"

#define COUNT(array) (sizeof (array) / sizeof *(array))

enum { OLDEST = 150, GROWN_UP = 40, NOON = 12 * 60 * 60 * 1000 };

static void read_day (struct case_reading *self, struct policy_field *field)
{
    static const struct day first = {1900, 1, 1}, last = {2199, 12, 31};
    policy_part (self->pack);
    const char *word = field != NULL ? policy_field_word (self->pack, field) : "2026-06-01";
    if (self->pack->failed)
        return;
    if (calendar_is_no_day (word))
        policy_fail (self->pack, field->value_line, "the day \"%.48s\" does not exist", word);
    else if (!calendar_parse (word, &self->day) || calendar_compare (self->day, first) < 0 ||
             calendar_compare (self->day, last) > 0)
        policy_fail (self->pack, field->value_line,
                     "\"%.48s\" is not a day of 1900 to 2199, such as \"2026-06-15\"", word);
    self->one->now = calendar_start (self->day) + NOON;
}

/* The day of birth: so many years before the day of the case, on the same date. */
static struct day born_before (struct day day, unsigned years)
{
    if (day.month == 2 && day.number == 29)
        day.number = 28;
    day.year = (int16_t)(day.year - (int)years);
    return day;
}

static void read_birth (struct case_reading *self, struct policy_field *age, struct policy_field *born)
{
    struct subject *subject = &self->one->subject;
    policy_part (self->pack);
    if (age != NULL && born != NULL)
        policy_fail (self->pack, born->line, "\"age\" and \"born\" say the same; give one of them");
    if (self->pack->failed)
        return;
    subject->birth = born_before (self->day, GROWN_UP);
    if (age != NULL)
        subject->birth = born_before (self->day, policy_field_number (self->pack, age, OLDEST));
    if (born == NULL)
        return;
    case_start (self, born);
    subject->birth = (struct day){0};
    if (!case_take_if (self, "unknown"))
        subject->birth = case_take_day (self);
    case_end (self);
}

static void read_death (struct case_reading *self, struct policy_field *field)
{
    if (field == NULL)
        return;
    case_start (self, field);
    self->one->subject.death = case_take_day (self);
    case_end (self);
}

/* "capable no from -100" */
static void read_capable (struct case_reading *self, struct policy_field *field)
{
    static const char *const words[] = {"no", "yes"};
    struct subject *subject = &self->one->subject;
    void *list = subject->capabilities;
    struct capability *one =
        case_append (self, &list, &subject->capability_count, sizeof *one, "changes of capability");
    subject->capabilities = list;
    case_start (self, field);
    unsigned line = self->words.line;
    const char *word = case_take (self, "yes or no");
    int yes = self->pack->failed
                  ? 0
                  : policy_word_choice (self->pack, field, (struct policy_word){word, line}, words, COUNT (words));
    *one = (struct capability){.from = {1900, 1, 1}, .capable = yes == 1};
    if (case_take_if (self, "from"))
        one->from = case_take_day (self);
    case_end (self);
    if (subject->capability_count > 1 && calendar_compare (one[-1].from, one->from) >= 0)
        policy_fail (self->pack, field->line, "changes of capability are listed in the order of their days");
}

static void check_representative (struct case_reading *self, unsigned line, const char *name, const char *kind)
{
    const struct subject *subject = &self->one->subject;
    const struct policy *policy = self->pack->policy;
    const struct policy_vocabulary kinds = {.sort = "representative",
                                            .list = policy->representatives,
                                            .count = policy->representative_count,
                                            .stride = sizeof *policy->representatives,
                                            .incomplete = self->pack->unsure_representatives};
    policy_check_code (self->pack, line, "representative", name);
    for (size_t i = 0; i + 1 < subject->representative_count; i++)
        if (strcmp (subject->representatives[i].reference, name) == 0)
            policy_fail (self->pack, line, "representative \"%s\" is given twice", name);
    if (!self->pack->failed)
        policy_word_code (self->pack, line, kind, &kinds);
}

/* "representative moeder ouder-met-gezag from -4000 until -1 refused -200" */
static void read_representative (struct case_reading *self, struct policy_field *field)
{
    struct subject *subject = &self->one->subject;
    void *list = subject->representatives;
    struct representative *one =
        case_append (self, &list, &subject->representative_count, sizeof *one, "representatives in one case");
    subject->representatives = list;
    case_start (self, field);
    unsigned line = self->words.line;
    const char *name = case_take (self, "a name for the representative");
    const char *kind = case_take (self, "a kind of representative");
    *one = (struct representative){.reference = name, .kind = kind, .from = {1900, 1, 1}, .refused_reason = ""};
    check_representative (self, line, name, kind);
    if (case_take_if (self, "from"))
        one->from = case_take_day (self);
    if (case_take_if (self, "until"))
        one->until = calendar_next (case_take_day (self));
    if (case_take_if (self, "refused"))
        one->refused_from = case_take_day (self);
    case_end (self);
}

/* "restricted all since -10", or some categories */
static void read_restricted (struct case_reading *self, struct policy_field *field)
{
    struct subject *subject = &self->one->subject;
    code_set set = {0};
    case_start (self, field);
    bool all = case_take_if (self, "all");
    if (!all)
        set = case_take_categories (self);
    bool since = case_take_if (self, "since");
    moment when = calendar_start (since ? case_take_day (self) : self->day);
    case_end (self);
    struct text_set names = case_names (self, &self->pack->categories, &set);
    for (size_t i = 0; i < names.count + all; i++) {
        void *list = subject->restrictions;
        struct restriction *one =
            case_append (self, &list, &subject->restriction_count, sizeof *one, "restrictions in one case");
        subject->restrictions = list;
        *one = (struct restriction){
            .category = all ? "" : names.item[i], .since = when, .reason = "", .recorded_by = "", .user = ""};
    }
}

/* C5: a statement recorded up to the moment of the restriction itself was there before it. */
void case_place_restrictions (struct case_reading *self)
{
    const struct policy_case *one = self->one;
    for (size_t i = 0; i < one->subject.restriction_count; i++) {
        struct restriction *restriction = &one->subject.restrictions[i];
        restriction->next_order = 1;
        for (size_t j = 0; j < one->statement_count; j++)
            restriction->next_order += one->statements[j].recorded_at <= restriction->since;
    }
}

void case_read_subject (struct case_reading *self, const struct policy_stanza *stanza)
{
    self->one->subject.known = true;
    read_day (self, policy_stanza_field (stanza, "day"));
    if (self->pack->failed)
        return; /* every other day may be counted from this one */
    read_birth (self, policy_stanza_field (stanza, "age"), policy_stanza_field (stanza, "born"));
    read_death (self, policy_stanza_field (stanza, "died"));
    case_read_each (self, stanza, "capable", read_capable);
    case_read_each (self, stanza, "representative", read_representative);
    case_read_each (self, stanza, "restricted", read_restricted);
}
