#include "letter_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "ctl.h"
#include "input.h"
#include "letter_forms.h"
#include "policy/pack.h"
#include "policy/policy_error.h"

static const char folder[] = LETTER_FOLDER, sender_file[] = "gemeente.txt", law_file[] = "wetten.txt",
                  part_prefix[] = "deel-";

enum { FILES = 128 };

bool letter_folder_is_there (struct ctl *ctl, const char *pack)
{
    return access (arena_printf (ctl->arena, "%s/%s", pack, folder), F_OK) == 0;
}

static bool ends_in_txt (const char *name)
{
    size_t size = strlen (name);
    return size > 4 && strcmp (name + size - 4, ".txt") == 0;
}

static bool is_known (struct ctl *ctl, const char *name)
{
    const char *base = arena_strndup (ctl->arena, name, strlen (name) - 4);
    return strcmp (name, sender_file) == 0 || strcmp (name, law_file) == 0 ||
           strncmp (name, part_prefix, strlen (part_prefix)) == 0 || letter_form_find (base) != NULL;
}

/* A file that looks like a template, and that nobody would read. */
static void fail_unknown (struct ctl *ctl, const char *name, struct policy_faults *faults)
{
    struct policy_nearest nearest;
    policy_nearest_start (&nearest, name);
    policy_nearest_offer (&nearest, sender_file);
    policy_nearest_offer (&nearest, law_file);
    for (const struct letter_form *form = letter_forms; form->name; form++)
        policy_nearest_offer (&nearest, arena_printf (ctl->arena, "%s.txt", form->name));
    char hint[POLICY_CODE_SIZE + 32];
    policy_faults_set (faults, arena_printf (ctl->arena, "%s/%s", folder, name), 0, "no letter has this name%s",
                       policy_nearest_hint (&nearest, hint, sizeof hint));
}

/* Reads one file; one that is refused has no data. One byte more than is allowed is read, so that what is too long
   is noticed. */
static struct policy_text read_file (struct ctl *ctl, const char *pack, const char *name,
                                     struct policy_faults *faults)
{
    enum { ROOM = LETTER_TEMPLATE_LIMIT + 1 };
    const char *file = arena_printf (ctl->arena, "%s/%s", folder, name);
    char *data = arena_alloc (ctl->arena, ROOM);
    ssize_t size = input_read (arena_printf (ctl->arena, "%s/%s", pack, file), data, ROOM);
    struct policy_text refused = {arena_strdup (ctl->arena, name), NULL, 0};
    if (size == -EFBIG || size > LETTER_TEMPLATE_LIMIT)
        policy_faults_set (faults, file, 0, "larger than %d KiB", LETTER_TEMPLATE_LIMIT >> 10);
    else if (size < 0)
        policy_faults_set (faults, file, 0, "%s", input_problem (size));
    else
        return (struct policy_text){refused.name, data, (size_t)size};
    return refused;
}

static int by_name (const struct dirent **a, const struct dirent **b)
{
    return strcmp ((*a)->d_name, (*b)->d_name);
}

static int is_text_file (const struct dirent *entry)
{
    return ends_in_txt (entry->d_name);
}

/* False: the folder cannot be read, and nothing can be said of what is in it. */
static bool read_files (struct ctl *ctl, const char *pack, struct letter_sources *sources,
                        struct policy_faults *faults)
{
    struct dirent **names;
    int count = scandir (arena_printf (ctl->arena, "%s/%s", pack, folder), &names, is_text_file, by_name);
    if (count < 0 || count > FILES) {
        if (count < 0)
            policy_faults_set (faults, folder, 0, "cannot list it: %s", policy_in_words (strerror (errno)));
        else
            policy_faults_set (faults, folder, 0, "more than %d files", FILES);
        return false;
    }
    struct policy_text *files = arena_array (ctl->arena, FILES, sizeof *files);
    *sources = (struct letter_sources){folder, files, 0};
    for (int i = 0; i < count; i++) {
        if (!is_known (ctl, names[i]->d_name))
            fail_unknown (ctl, names[i]->d_name, faults);
        else
            files[sources->count++] = read_file (ctl, pack, names[i]->d_name, faults);
        free (names[i]);
    }
    free (names);
    return true;
}

/* A file that is no template; `path` is its name in errors. NULL: it is missing, or was refused before. */
static const struct policy_text *find_file (const struct letter_folder *self, const char *path,
                                            struct policy_faults *faults)
{
    for (size_t i = 0; i < self->sources.count; i++)
        if (strcmp (self->sources.files[i].name, path + sizeof folder) == 0)
            return self->sources.files[i].data ? &self->sources.files[i] : NULL;
    policy_faults_set (faults, path, 0, "missing");
    return NULL;
}

static void read_sender (struct ctl *ctl, struct letter_folder *self, struct policy_faults *faults)
{
    const char *path = arena_printf (ctl->arena, "%s/%s", folder, sender_file);
    const struct policy_text *text = find_file (self, path, faults);
    if (text)
        letter_sender_read (&self->sender, ctl->arena, path, text, faults);
}

static void read_laws (struct ctl *ctl, struct letter_folder *self, struct policy_faults *faults)
{
    const char *path = arena_printf (ctl->arena, "%s/%s", folder, law_file);
    const struct policy_text *text = find_file (self, path, faults);
    if (text)
        letter_laws_read (&self->laws, ctl->arena, path, text, faults);
}

static void read_templates (struct ctl *ctl, struct letter_folder *self, struct policy_faults *faults)
{
    size_t count = 0;
    while (letter_forms[count].name)
        count++;
    self->templates = arena_array (ctl->arena, count, sizeof (struct letter_template *));
    for (size_t i = 0; i < count; i++)
        letter_template_read (&self->templates[i], ctl->arena, &letter_forms[i], &self->sources, faults);
}

int letter_folder_read (struct ctl *ctl, const char *pack, struct letter_folder *self)
{
    struct policy_faults faults = {arena_array (ctl->arena, PACK_FAULTS, sizeof (struct policy_error)),
                                   PACK_FAULTS, 0};
    *self = (struct letter_folder){0};
    if (read_files (ctl, pack, &self->sources, &faults)) {
        read_sender (ctl, self, &faults);
        read_laws (ctl, self, &faults);
        read_templates (ctl, self, &faults);
    }
    return faults.count == 0 ? 0 : pack_fail_letters (pack, &faults);
}

const struct letter_template *letter_folder_template (const struct letter_folder *self,
                                                      const struct letter_form *form)
{
    return self->templates[form - letter_forms];
}
