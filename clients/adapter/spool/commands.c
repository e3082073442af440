/* What people ask of a spool that runs: files in work/commands/, each done once and removed. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "held.h"

enum { COMMAND_MAX = 64 * 1024 };

static json_t *read_command (const struct spool *self, const char *file_name)
{
    char *text = NULL;
    size_t size;
    int file =
        openat (self->folders.of[FOLDER_COMMANDS], file_name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    int r = file < 0 ? -errno : folders_read (file, COMMAND_MAX, &text, &size);
    if (file >= 0)
        close (file);
    json_t *command = r == 0 ? json_loadb (text, size, 0, NULL) : NULL;
    free (text);
    return command;
}

/* 0 or -errno. What cannot be understood, or is about what is held no more, is no error. */
static int obey (struct spool *self, const json_t *command)
{
    const char *verb = json_string_value (json_object_get (command, "command"));
    const char *digits = json_string_value (json_object_get (command, "name"));
    const char *reason = json_string_value (json_object_get (command, "reason"));
    char name[FOLDERS_NAME];
    if (!verb || !digits)
        return 0;
    name_of_digits (digits, name);
    if (strchr (name, '/') || !folders_has (&self->folders, FOLDER_HELD, name))
        return 0;
    if (strcmp (verb, "release") == 0)
        json_object_set_new (self->woken, digits, json_true ());
    int r = strcmp (verb, "drop") == 0 ? held_end (self, name, "DROPPED", reason ? reason : "") : 0;
    return r == -ENOENT ? 0 : r;
}

int spool_obey (struct spool *self)
{
    int r = 0, copy = openat (self->folders.of[FOLDER_COMMANDS], ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = copy < 0 ? NULL : fdopendir (copy);
    for (struct dirent *entry; directory && r == 0 && (entry = readdir (directory));) {
        if (!folders_is_message (entry->d_name))
            continue;
        json_t *command = read_command (self, entry->d_name);
        r = obey (self, command);
        json_decref (command);
        if (r == 0)
            r = folders_remove (&self->folders, FOLDER_COMMANDS, entry->d_name);
        if (r == -EISDIR) /* whoever made it: it is no command, and stops nothing */
            r = 0;
    }
    if (directory)
        closedir (directory);
    return r == 0 ? 0 : spool_say_unwritable (self, "work/commands", r);
}
