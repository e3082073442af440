/* consentctl party show | export | apply: parties as text, for people and for programs that manage
   configurations. */
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include "agree.h"
#include "ctl.h"
#include "codec/document.h"
#include "text/escape.h"
#include "party_ask.h"
#include "parties/party_file.h"
#include "settings_failure.h"
#include "operate/setup_files.h"

static const struct option apply_options[] = {
    {"prune", NULL, "remove active parties that have no file in DIR", 0},
    {"trial", NULL, "only show what would change", 0},
    AGREE_OPTION,
    {NULL, NULL, NULL, 0},
};

static int run_show (struct ctl *ctl, const struct options *options)
{
    Consentd__Reply *reply;
    int error = party_ask_one (ctl, options->arguments[0], &reply);
    if (error)
        return error;
    const Consentd__Party *wire = reply->party_list->parties[0];
    struct party_text party = party_from_wire (wire, ctl->arena);
    if (ctl->json)
        ask_print_json (reply);
    else
        fputs (party_file_text (&party, ctl->arena), stdout);
    if (*wire->unfit)
        ctl_fail (0, "%s takes part in nothing: %s", wire->id, wire->unfit);
    consentd__reply__free_unpacked (reply, NULL);
    return 0;
}

static int run_export (struct ctl *ctl, const struct options *options)
{
    const char *directory;
    Consentd__Reply *all;
    int error = party_ask_all (ctl, &all);
    if (error)
        return error;
    error = setup_make_empty (ctl, options->arguments[0], &directory);
    const Consentd__PartyListReply *list = all->party_list;
    for (size_t i = 0; i < list->n_parties && !error; i++) {
        struct party_text party = party_from_wire (list->parties[i], ctl->arena);
        error = setup_write_file (arena_printf (ctl->arena, "%s/%s%s", directory, party.id, PARTY_FILE_SUFFIX),
                                  party_file_text (&party, ctl->arena));
    }
    if (!error && ctl->json)
        document_print (json_pack ("{s:o, s:I}", "directory", document_string (directory), "parties",
                                   (json_int_t)list->n_parties));
    else if (!error)
        escape_line (stdout, "%zu parties are in %s.", list->n_parties, directory);
    consentd__reply__free_unpacked (all, NULL);
    return error;
}

/* Applying */

/* The parties as wanted, the parties as they are, and the changes. */
struct applying {
    struct ctl *ctl;
    struct party_list wanted;
    const Consentd__PartyListReply *known;
    struct party_text *changed;
    const char **files; /* the file of each changed party; "": the party has no file, and is removed for that */
    size_t changed_count;
    size_t left_alone; /* active parties without a file */
};

static int read_wanted (struct ctl *ctl, const char *path, struct party_list *wanted)
{
    struct settings_error wrong;
    struct stat found;
    if (stat (path, &found) != 0)
        return ctl_fail (EX_NOINPUT, "cannot read %s: %s", path, strerror (errno));
    if (S_ISDIR (found.st_mode)) {
        if (party_file_read_all (path, ctl->arena, wanted, &wrong) != 0)
            return settings_failure (EX_DATAERR, &wrong);
        return wanted->count > 0 ? 0 : ctl_fail (EX_NOINPUT, "%s: has no file ID%s", path, PARTY_FILE_SUFFIX);
    }
    wanted->parties = arena_array (ctl->arena, 1, sizeof *wanted->parties);
    wanted->files = arena_array (ctl->arena, 1, sizeof *wanted->files);
    wanted->files[0] = path;
    wanted->count = 1;
    return party_file_read (path, ctl->arena, wanted->parties, &wrong) == 0
               ? 0
               : settings_failure (EX_DATAERR, &wrong);
}

static void change (struct applying *self, const struct party_text *party, const char *file)
{
    self->changed[self->changed_count] = *party;
    self->files[self->changed_count++] = file;
}

static const Consentd__Party *find_known (const struct applying *self, const char *id)
{
    for (size_t i = 0; i < self->known->n_parties; i++)
        if (strcmp (self->known->parties[i]->id, id) == 0)
            return self->known->parties[i];
    return NULL;
}

/* A party that does not differ is not sent. So a directory of hundreds fits in one request if few of them
   change. */
static void compare_wanted (struct applying *self)
{
    for (size_t i = 0; i < self->wanted.count; i++) {
        struct party_text party = party_text_copy (&self->wanted.parties[i], self->ctl->arena);
        const Consentd__Party *known = find_known (self, party.id);
        if (known) {
            struct party_text is = party_from_wire (known, self->ctl->arena);
            is = party_text_copy (&is, self->ctl->arena);
            if (party_text_equal (&is, &party))
                continue;
        }
        change (self, &party, self->wanted.files[i]);
    }
}

static void find_without_file (struct applying *self, bool prune)
{
    for (size_t i = 0; i < self->known->n_parties; i++) {
        const Consentd__Party *known = self->known->parties[i];
        bool wanted = false;
        for (size_t j = 0; j < self->wanted.count && !wanted; j++)
            wanted = strcmp (self->wanted.parties[j].id, known->id) == 0;
        if (wanted || !known->active)
            continue;
        if (!prune) {
            self->left_alone++;
            continue;
        }
        struct party_text party = party_from_wire (known, self->ctl->arena);
        party.active = false;
        party.key_count = 0;
        change (self, &party, "");
    }
}

static int go_on (struct applying *self, const struct options *options, const Consentd__Reply *trial)
{
    const struct party_plan plan = {
        .parties = self->changed, .count = self->changed_count, .table = &trial->party_apply->table};
    Consentd__Reply *reply;
    if (options_has (options, "trial"))
        return 0;
    int error = agree (options);
    if (!error)
        error = party_ask_apply (self->ctl, &plan, false, &reply);
    if (error)
        return error;
    if (self->ctl->json)
        ask_print_json (reply);
    else
        printf ("%zu %s changed.\n", reply->party_apply->n_changes,
                reply->party_apply->n_changes == 1 ? "party is" : "parties are");
    consentd__reply__free_unpacked (reply, NULL);
    return 0;
}

/* The registry names a party by its place in the request. This prints the file of each. */
static void name_files (const struct applying *self)
{
    for (size_t i = 0; i < self->changed_count; i++)
        escape_line (stderr, "  parties[%zu] is %s", i, *self->files[i] ? self->files[i] : self->changed[i].id);
}

/* For programs: the answer of the registry if no party were to change. */
static int tell_no_change (const struct applying *self)
{
    Consentd__PartyApplyReply none;
    Consentd__Reply reply;
    consentd__party_apply_reply__init (&none);
    consentd__reply__init (&reply);
    reply.status = CONSENTD__STATUS__OK;
    reply.body_case = CONSENTD__REPLY__BODY_PARTY_APPLY;
    reply.party_apply = &none;
    if (self->ctl->json)
        ask_print_json (&reply);
    else
        puts ("Nothing changes.");
    return 0;
}

static int apply_wanted (struct applying *self, const struct options *options)
{
    const struct party_plan plan = {
        .parties = self->changed, .count = self->changed_count, .table = &self->known->table};
    Consentd__Reply *trial;
    bool json = self->ctl->json;
    if (self->changed_count == 0)
        return tell_no_change (self);
    int error = party_ask_apply (self->ctl, &plan, true, &trial);
    if (error == EX_DATAERR && self->changed_count <= 256)
        name_files (self);
    if (error)
        return error;
    if (!json)
        party_print_changes (self->ctl, trial);
    else if (options_has (options, "trial"))
        ask_print_json (trial);
    if (!json && self->left_alone > 0)
        printf ("%zu active %s no file here and %s as they are (--prune removes them).\n", self->left_alone,
                self->left_alone == 1 ? "party has" : "parties have", self->left_alone == 1 ? "stays" : "stay");
    error = go_on (self, options, trial);
    consentd__reply__free_unpacked (trial, NULL);
    return error;
}

static int run_apply (struct ctl *ctl, const struct options *options)
{
    struct applying self = {.ctl = ctl};
    Consentd__Reply *all;
    struct stat found;
    const char *path = options->arguments[0];
    bool prune = options_has (options, "prune"),
         is_directory = stat (path, &found) == 0 && S_ISDIR (found.st_mode);
    if (prune && !is_directory)
        return ctl_fail (EX_USAGE, "--prune is for a directory");
    int error = read_wanted (ctl, path, &self.wanted);
    if (!error)
        error = party_ask_all (ctl, &all);
    if (error)
        return error;
    self.known = all->party_list;
    self.changed = arena_array (ctl->arena, self.wanted.count + self.known->n_parties, sizeof *self.changed);
    self.files = arena_array (ctl->arena, self.wanted.count + self.known->n_parties, sizeof *self.files);
    compare_wanted (&self);
    if (is_directory)
        find_without_file (&self, prune);
    error = apply_wanted (&self, options);
    consentd__reply__free_unpacked (all, NULL);
    return error;
}

const struct command party_text_commands[] = {
    {"party show", "ID", "a party as text, as 'party apply' takes it", NULL, NULL, run_show},
    {"party export", "DIR", "every party as text, a file ID.party each",
     "DIR must not exist, or be empty. Public keys only: no secret is in it.", NULL, run_export},
    {"party apply", "FILE|DIR", "change parties to what their files say: all of them, or none",
     "Shows what changes, one line a party, and asks. What was shown is what happens: if the parties were "
     "changed\n"
     "meanwhile, nothing does. A party without a file stays as it is; 'active = \"no\"' removes one.",
     apply_options, run_apply},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
