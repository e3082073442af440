/* consentctl audit key | checkpoint */
#include <errno.h>
#include <string.h>
#include "codec/document.h"
#include "config/file_write.h"
#include "log_key.h"
#include "log_newest.h"
#include "outcome.h"
#include "text/escape.h"

/* --- Keys ---------------------------------------------------------------------------------------------- */

static const struct option new_key_options[] = {
    {"origin", "NAME", "the name of the log, as in the configuration (log/origin)", OPTION_REQUIRED},
    {NULL, NULL, NULL, 0},
};

static int run_new_key (struct ctl *ctl, const struct options *options)
{
    const char *file = options->arguments[0], *origin = options_text (options, "origin");
    if (!note_is_name (origin, strlen (origin)))
        return ctl_fail (EX_USAGE, "--origin is a name of at most %d bytes, without spaces and plus",
                         NOTE_NAME_SIZE);
    int rc = log_key_create (file, origin);
    if (rc != 0)
        return ctl_fail (file_is_no_name (rc) || rc == -EEXIST ? EX_CANTCREAT : EX_IOERR, "cannot make %s: %s",
                         file, outcome_sentence (rc));
    if (ctl->json)
        document_print (json_pack ("{s:o}", "file", document_string (file)));
    else
        escape_line (stdout, "%s signs the log of %s.", file, origin);
    return 0;
}

/* --- The checkpoint ------------------------------------------------------------------------------------ */

/* The next of the known keys by which it is signed, from the one after *at on. While a key is changed not all of
   them are. */
static bool next_signer (const struct log_trust *trust, struct bytes raw, size_t *at,
                         char text[NOTE_KEY_TEXT_SIZE])
{
    struct note note;
    bool is_signed = false;
    if (note_read (&note, raw) != NOTE_OK)
        return false;
    for (; *at < trust->count && !is_signed; ++*at)
        if (note_verify (&note, &trust->key[*at], NULL) == NOTE_OK) {
            note_key_write (&trust->key[*at], text);
            is_signed = true;
        }
    return is_signed;
}

static json_t *keys_document (const struct log_trust *trust, struct bytes raw)
{
    json_t *keys = json_array ();
    char text[NOTE_KEY_TEXT_SIZE];
    for (size_t at = 0; next_signer (trust, raw, &at, text);)
        json_array_append_new (keys, document_string (text));
    return keys;
}

/* A witness of an earlier registry may have any name: what cannot be seen in it is not sent to a terminal. */
static void put_note (char *text)
{
    for (char *line; (line = strsep (&text, "\n")) != NULL;) {
        escape_put (stdout, line);
        if (text != NULL)
            putchar ('\n');
    }
}

static const struct option checkpoint_options[] = {LOG_KEY_OPTION, WITNESS_OPTIONS, {NULL, NULL, NULL, 0}};

static int run_checkpoint (struct ctl *ctl, const struct options *options)
{
    struct log_trust trust;
    struct log_newest newest;
    int error = log_trust_read (ctl, options, &trust);
    if (!error)
        error = log_newest_ask (ctl, &trust, &(struct checkpoint){.size = 0}, &newest);
    if (error)
        return error;
    char *text = arena_strndup (ctl->arena, newest.raw.data, newest.raw.size);
    if (ctl->json) {
        json_t *document = log_newest_document (&newest.checkpoint);
        json_object_set_new (document, "checkpoint", document_string (text));
        json_object_set_new (document, "keys", keys_document (&trust, newest.raw));
        json_object_set_new (document, "witnesses", log_trust_signed_document (&trust, newest.raw));
        document_print (document);
        return 0;
    }
    put_note (text);
    char key[NOTE_KEY_TEXT_SIZE];
    for (size_t at = 0; next_signer (&trust, newest.raw, &at, key);)
        printf ("\nSigned with the key\n  %s\n", key);
    log_trust_print_signed (&trust, newest.raw);
    return 0;
}

const struct command audit_checkpoint_commands[] = {
    {"audit key", "FILE", "make a key that signs the log",
     "For a registry that has none yet (keys/log and log/origin in its configuration), or to change keys: put its "
     "line\n"
     "below that of the old key, reload, and take out the old line when those who verify have the new key.",
     new_key_options, run_new_key},
    {"audit checkpoint", NULL, "the newest signed checkpoint of the log, and the keys that signed it",
     "Whoever has it can be shown later that the log still begins with those lines. Give the key to those who "
     "are\n"
     "to verify by another way than the log.",
     checkpoint_options, run_checkpoint},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
