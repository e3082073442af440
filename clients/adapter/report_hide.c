#include "report_hide.h"
#include <string.h>

/* The category of packs.md: where the subject stays. */
static const char where_one_stays[] = "verblijfplaats";

bool report_hides_item (const struct passage *passage, size_t client, size_t item)
{
    const struct consent_item_answer *answer = passage_item (passage, client, item);
    if (strcmp (passage_result (passage)->elements->items[item].category, where_one_stays) == 0)
        return true;
    for (size_t i = 0; answer && i < answer->reason_count; i++) {
        if (strcmp (answer->reasons[i].code, "RESTRICTED") == 0)
            return true;
    }
    return false;
}

/* What is about all clients is hidden if it is of one of them. */
static bool hides_of_any (const struct passage *passage, const struct element *element)
{
    size_t count = passage_result (passage)->elements->client_count;
    for (size_t i = 0; i < count; i++) {
        bool about = element->client < 0 || (size_t)element->client == i;
        if (about && report_hides_item (passage, i, (size_t)element->item))
            return true;
    }
    return false;
}

/* Whether what may go depends on which kind it is (`when`), and it is another one. */
static bool is_of_other_kind (const struct element *element)
{
    for (const struct mapping_rule *rule = element->rule->first_child; rule; rule = rule->next) {
        const struct element *kind = element->first_child;
        bool is_known = rule->use != MAPPING_NEVER || rule->when_count == 0;
        while (!is_known && kind && kind->rule != rule->whens[0].sibling)
            kind = kind->next;
        for (size_t i = 0; !is_known && kind && kind->value && i < rule->when_count; i++)
            is_known = strcmp (kind->value, rule->whens[i].value) == 0;
        if (!is_known)
            return true;
    }
    return false;
}

/* By itself. What never goes to this recipient, unless a sibling says which kind it is, would tell that it is
   another kind. */
static bool hides_itself (const struct passage *passage, const struct element *element)
{
    if (element->outcome == ELEMENT_PASSED)
        return false;
    if (is_of_other_kind (element))
        return true;
    if (element->use == MAPPING_NEVER)
        return element->rule->when_count > 0;
    if (element->use == MAPPING_CATEGORY && strcmp (element->category, where_one_stays) == 0)
        return true;
    return element->item != ELEMENT_NO_ITEM && element->outcome == ELEMENT_DENIED &&
           hides_of_any (passage, element);
}

/* One of a list in which something is hidden, or that holds nothing else which does not go by itself. */
static bool hides_with_parts (const struct element *element)
{
    bool any = false, other = false;
    for (const struct element *child = element->first_child; child; child = child->next) {
        any |= child->hidden;
        other |= !child->hidden && child->outcome != ELEMENT_PASSED && child->outcome != ELEMENT_WITH_PARENT;
    }
    return element->outcome != ELEMENT_PASSED && element->parent && any &&
           (mapping_is_repeated (element->rule) || !other);
}

static void hide_all (struct element *element)
{
    for (; element; element = element->next) {
        element->hidden = true;
        hide_all (element->first_child);
    }
}

/* Counts those of a list anew, so that no gap in the numbers tells of one. */
static void count_anew (struct element *parent)
{
    for (const struct mapping_rule *rule = parent->rule->first_child; rule; rule = rule->next) {
        unsigned position = 0;
        for (struct element *child = parent->first_child; child; child = child->next) {
            if (child->rule == rule && !child->hidden)
                child->position = ++position;
        }
    }
}

static void mark (const struct passage *passage, struct element *element)
{
    for (struct element *child = element->first_child; child; child = child->next)
        mark (passage, child);
    element->hidden = hides_itself (passage, element) || hides_with_parts (element);
    if (element->hidden)
        hide_all (element->first_child);
    count_anew (element);
}

size_t report_hide (const struct passage *passage)
{
    const struct elements *elements = passage_result (passage)->elements;
    size_t count = 0;
    mark (passage, elements->root);
    for (const struct element *element = elements->root; element; element = element_next (element))
        count += element->hidden && !(element->parent && element->parent->hidden);
    return count;
}
