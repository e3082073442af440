#include "scope.h"

#include <unistd.h>
#include "free_text.h"
#include "moments.h"
#include "table.h"

void scope_read (struct ctl *ctl, const struct options *options, Consentd__Scope *scope)
{
    consentd__scope__init (scope);
    scope->providers = options_list (options, "provider", ctl->arena, &scope->n_providers);
    scope->recipients = options_list (options, "recipient", ctl->arena, &scope->n_recipients);
    scope->categories = options_list (options, "category", ctl->arena, &scope->n_categories);
    scope->origins = options_list (options, "origin", ctl->arena, &scope->n_origins);
    scope->purpose = options_field (options, "purpose");
    scope->case_ref = options_field (options, "case");
}

static void complete_list (char ***list, size_t *count, char **asked, size_t asked_count)
{
    if (*count > 0)
        return;
    *list = asked;
    *count = asked_count;
}

void scope_complete (Consentd__Scope *scope, const Consentd__Scope *asked)
{
    complete_list (&scope->providers, &scope->n_providers, asked->providers, asked->n_providers);
    complete_list (&scope->recipients, &scope->n_recipients, asked->recipients, asked->n_recipients);
    complete_list (&scope->categories, &scope->n_categories, asked->categories, asked->n_categories);
    complete_list (&scope->origins, &scope->n_origins, asked->origins, asked->n_origins);
    if (!*scope->purpose)
        scope->purpose = asked->purpose;
    if (!*scope->case_ref)
        scope->case_ref = asked->case_ref;
}

int motivation_read (struct ctl *ctl, const struct options *options, bool may_lack, char **motivation)
{
    static const char name[] = "motivation-file", question[] = "Motivation: ";
    bool asked =
        !may_lack && isatty (STDIN_FILENO); /* if nobody can be asked, the registry judges that it is missing */
    return asked ? free_text_read (ctl, options, name, question, motivation)
                 : free_text_read_if_given (ctl, options, name, question, motivation);
}

int validity_read (const struct options *options, int64_t *from, int64_t *until)
{
    const char *first = options_text (options, "valid-from"), *last = options_text (options, "valid-until");
    moment when = 0;
    if (first && !moment_parse (first, &when))
        return ctl_fail (EX_USAGE, "--valid-from: %s", moment_fault (first));
    *from = when;
    when = 0;
    if (last && !moment_parse_end (last, &when))
        return ctl_fail (EX_USAGE, "--valid-until: %s", moment_fault (last));
    *until = when;
    return 0;
}

void scope_print (struct ctl *ctl, struct table *facts, const Consentd__Scope *scope)
{
    table_add_fact (facts, "providers", table_join (ctl->arena, scope->providers, scope->n_providers));
    table_add_fact (facts, "recipients", table_join (ctl->arena, scope->recipients, scope->n_recipients));
    table_add_fact (facts, "categories", table_join (ctl->arena, scope->categories, scope->n_categories));
    table_add_fact (facts, "purpose", scope->purpose);
    table_add_fact (facts, "origins", table_join (ctl->arena, scope->origins, scope->n_origins));
    table_add_fact (facts, "case", scope->case_ref);
}
