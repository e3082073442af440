#include "shipped_pack.h"
#include "testing.h"
#include <stdio.h>
#include <string.h>

struct policy *shipped_pack_read (const char *name, policy_hash_function *hash)
{
    struct policy *policy = NULL;
    struct policy_error error = {.message = ""};
    char directory[1024];
    snprintf (directory, sizeof directory, "%s/policies/%s", CONFIG_DIR, name);
    if (policy_read (&policy, directory, hash, &error) != 0)
        fail_msg ("%s:%u: %s", error.file, error.line, error.message);
    return policy;
}

code shipped_pack_statute (const struct policy *policy, const char *name)
{
    for (size_t i = 0; i < policy->statute_count; i++)
        if (strcmp (policy->statutes[i].entry.code, name) == 0)
            return (code)i;
    return CODE_NONE;
}

static code known (const struct policy *policy, const char *name, shipped_pack_find *find)
{
    code one = find (policy, name);
    if (one == CODE_NONE)
        fail_msg ("the pack does not know \"%s\"", name);
    return one;
}

code_set shipped_pack_set (const struct policy *policy, const char *list, shipped_pack_find *find)
{
    code_set set = {0};
    char copy[1024], *rest = NULL;
    snprintf (copy, sizeof copy, "%s", list);
    for (char *word = strtok_r (copy, " ", &rest); word != NULL; word = strtok_r (NULL, " ", &rest))
        code_set_add (&set, known (policy, word, find));
    return set;
}

void assert_same_set (code_set actual, code_set expected, const char *what)
{
    if (memcmp (&actual, &expected, sizeof actual) != 0)
        fail_msg ("%s differs", what);
}

static unsigned count_cells (const struct policy *policy, const struct policy_flow *flow)
{
    unsigned cells = 0;
    for (code provider = 0; provider < policy->kind_count; provider++)
        for (code recipient = 0; recipient < policy->kind_count; recipient++)
            for (code category = 0; category < policy->category_count; category++)
                cells += policy_flow_carries (policy, flow, provider, recipient, category);
    return cells;
}

/* `expected`: "wmo-5.2.2 by zorgaanbieder pgb-hulpverlener to kernteam"; taken apart in place. */
static void assert_statute (const struct policy *policy, const struct policy_flow_statute *statute, char *expected)
{
    code_set by = {0}, to = {0}, *side = NULL;
    char *rest = NULL, *word = strtok_r (expected, " ", &rest);
    assert_int_equal (statute->statute, known (policy, word, shipped_pack_statute));
    while ((word = strtok_r (NULL, " ", &rest)) != NULL) {
        if (strcmp (word, "by") == 0)
            side = &by;
        else if (strcmp (word, "to") == 0)
            side = &to;
        else
            code_set_add (side, known (policy, word, policy_kind));
    }
    assert_same_set (statute->by, by, "by whom a statute holds");
    assert_same_set (statute->to, to, "to whom a statute holds");
}

static void assert_statutes (const struct policy *policy, const struct policy_flow *flow, const char *expected)
{
    char copy[256], *rest = NULL;
    size_t count = 0;
    snprintf (copy, sizeof copy, "%s", expected);
    for (char *one = strtok_r (copy, ";", &rest); one != NULL; one = strtok_r (NULL, ";", &rest), count++) {
        assert_true (count < flow->statute_count);
        assert_statute (policy, &flow->statutes[count], one);
    }
    assert_int_equal (flow->statute_count, count);
}

void assert_flow (const struct policy *policy, const struct policy_flow *flow,
                  const struct expected_flow *expected)
{
    const char *name = expected->code;
    assert_string_equal (flow->entry.code, name);
    assert_string_equal (flow->entry.source, expected->source);
    assert_same_set (flow->providers, shipped_pack_set (policy, expected->providers, policy_kind), name);
    assert_same_set (flow->recipients, shipped_pack_set (policy, expected->recipients, policy_kind), name);
    assert_int_equal (flow->purpose, known (policy, expected->purpose, policy_purpose));
    assert_same_set (flow->categories, shipped_pack_set (policy, expected->categories, policy_category), name);
    assert_string_equal (policy->origins[flow->default_origin].entry.code, "wmo");
    assert_statutes (policy, flow, expected->statutes);
    assert_int_equal (flow->written_request, expected->written_request);
    assert_int_equal (flow->urgent_reasons, expected->urgent_reasons);
    assert_int_equal (flow->one_time, expected->one_time);
    assert_int_equal (flow->no_consent, expected->no_consent);
    assert_int_equal (count_cells (policy, flow), expected->cells);
}
