#include "vault.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "config/file_write.h"
#include "outcome.h"

enum {
    MASTER_SIZE = 32,
    KEY_LINE_SIZE = 2 * MASTER_SIZE, /* without the newline */
    NONCE_SIZE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    RANDOM_POOL_SIZE = 4096,
    RANDOM_POOL_LARGEST = 64,
    BINDING_SIZE = 600,
};

_Static_assert(VAULT_SEAL_OVERHEAD == NONCE_SIZE + crypto_aead_xchacha20poly1305_ietf_ABYTES, "seal overhead");
_Static_assert(sizeof (struct vault_key) == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "key size");
_Static_assert(MASTER_SIZE == crypto_kdf_KEYBYTES, "master key size");

/* The numbers of the keys that are derived from the master key. Never change or reuse a number: the stored data
   depend on it. */
enum subkey {
    SUBKEY_SUBJECT_ID = 1,
    SUBKEY_SUBJECT_REF = 2,
    SUBKEY_WRAP = 3,
    SUBKEY_FINGERPRINT = 4,
    SUBKEY_SYSTEM = 5,
    SUBKEY_SUM = 6,
    SUBKEY_KEYRING = 7,
    SUBKEY_JOURNAL = 8,
};

/* The vault is in locked, guarded memory that is read-only once it is filled. */
struct vault {
    struct vault_key root; /* of all keys but the two that seal the keyring: they follow from the key files */
    bool has_own_root;
    struct vault_key subject_id, subject_ref, wrap, fingerprint, system, sum, journal, list;
    struct vault_key keyring, former;       /* `former`: of the key file of before */
    struct vault_key master, former_master; /* what the key files hold */
    bool has_former;
};

/* Random bytes, fetched from the kernel in one go: to fetch a single nonce would cost as much as to seal a small
   record. The pool belongs to one thread, and is wiped as it is used. A process that forks would use the same
   nonces twice under the same keys: so no process may fork and go on sealing. */
static _Thread_local struct {
    uint8_t bytes[RANDOM_POOL_SIZE];
    size_t left;
} random_pool;

static int start_sodium (void)
{
    return sodium_init () < 0 ? -EIO : 0;
}

void *vault_memory_new (size_t size)
{
    /* Keys are read before a vault is opened: without its start the library has no such memory. */
    void *made = start_sodium () == 0 ? sodium_malloc (size) : NULL;
    if (made == NULL)
        abort ();
    return made;
}

void vault_memory_free (void *memory)
{
    sodium_free (memory); /* this wipes it */
}

/* --- The key file ------------------------------------------------------------------------------------- */

int vault_create (const char *path)
{
    int r = start_sodium ();
    if (r < 0)
        return r;
    uint8_t master[MASTER_SIZE];
    char line[KEY_LINE_SIZE + 2];
    randombytes_buf (master, sizeof master);
    sodium_bin2hex (line, sizeof line, master, sizeof master);
    line[KEY_LINE_SIZE] = '\n';
    r = file_create (path, line, KEY_LINE_SIZE + 1);
    sodium_memzero (master, sizeof master);
    sodium_memzero (line, sizeof line);
    return r;
}

struct key_file {
    const char *path;
    char *error;
    size_t error_size;
};

__attribute__ ((format (printf, 2, 3))) static int refuse (const struct key_file *file, const char *why, ...)
{
    char text[160];
    va_list arguments;
    va_start (arguments, why);
    vsnprintf (text, sizeof text, why, arguments);
    va_end (arguments);
    snprintf (file->error, file->error_size, "%s: %s", file->path, text);
    return VAULT_INVALID;
}

/* Opens without following a link, and without waiting for the writer of a FIFO. The descriptor goes to *fd_p,
   since a positive return would be an outcome. */
static int open_key_file (const struct key_file *file, int *fd_p)
{
    int fd = open (file->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == EIO || errno == ENOMEM)) {
        int r = -errno;
        refuse (file, "cannot be opened: %s", outcome_sentence (r));
        return r;
    }
    if (fd < 0 && errno == ELOOP)
        return refuse (file, "the key file may not be a symbolic link");
    if (fd < 0)
        return refuse (file, "the key file cannot be opened: %s", strerror (errno));
    *fd_p = fd;
    return 0;
}

static int check_key_file (const struct key_file *file, int fd)
{
    struct stat status;
    if (fstat (fd, &status) < 0) {
        int r = -errno;
        refuse (file, "cannot be examined: %s", outcome_sentence (r));
        return r;
    }
    if (!S_ISREG (status.st_mode))
        return refuse (file, "the key file is not a regular file");
    if (status.st_uid != geteuid ())
        return refuse (file, "the key file belongs to user %lu instead of user %lu, who runs this",
                       (unsigned long)status.st_uid, (unsigned long)geteuid ());
    if (status.st_mode & 077)
        return refuse (file, "the key file is open to others (mode %04o); it must be 0600",
                       (unsigned)status.st_mode & 07777);
    return 0;
}

static int read_master (const struct key_file *file, int fd, uint8_t master[MASTER_SIZE])
{
    char line[KEY_LINE_SIZE + 2]; /* room to notice more than one line */
    size_t size = 0;
    int r = 0;
    while (r == 0 && size < sizeof line) {
        ssize_t got = read (fd, line + size, sizeof line - size);
        if (got == 0)
            break;
        if (got > 0)
            size += (size_t)got;
        else if (errno != EINTR)
            r = -errno;
    }
    size_t parsed = 0;
    bool is_key = (size == KEY_LINE_SIZE || (size == KEY_LINE_SIZE + 1 && line[KEY_LINE_SIZE] == '\n')) &&
                  sodium_hex2bin (master, MASTER_SIZE, line, KEY_LINE_SIZE, NULL, &parsed, NULL) == 0 &&
                  parsed == MASTER_SIZE && !sodium_is_zero (master, MASTER_SIZE);
    sodium_memzero (line, sizeof line);
    if (r < 0)
        refuse (file, "cannot be read: %s", outcome_sentence (r));
    else if (!is_key)
        r = refuse (file, "the key file does not hold a key: one line of %d hexadecimal digits", KEY_LINE_SIZE);
    return r;
}

static void derive (struct vault_key *key, enum subkey number, const struct vault_key *master)
{
    crypto_kdf_derive_from_key (key->bytes, sizeof key->bytes, (uint64_t)number, "consentd", master->bytes);
}

static void derive_from_root (struct vault *self, const struct vault_key *root)
{
    self->root = *root;
    derive (&self->subject_id, SUBKEY_SUBJECT_ID, root);
    derive (&self->subject_ref, SUBKEY_SUBJECT_REF, root);
    derive (&self->wrap, SUBKEY_WRAP, root);
    derive (&self->fingerprint, SUBKEY_FINGERPRINT, root);
    derive (&self->system, SUBKEY_SYSTEM, root);
    derive (&self->sum, SUBKEY_SUM, root);
    derive (&self->list, SUBKEY_KEYRING, root);
    derive (&self->journal, SUBKEY_JOURNAL, root);
}

/* Reads one key file. */
static int open_master (const struct key_file *file, struct vault_key *master)
{
    int fd = -1;
    int r = open_key_file (file, &fd);
    if (r != 0)
        return r;
    r = check_key_file (file, fd);
    if (r == 0)
        r = read_master (file, fd, master->bytes);
    close (fd);
    return r;
}

static struct vault *vault_new (const struct vault_key *master, const struct vault_key *former)
{
    struct vault *self = vault_memory_new (sizeof *self);
    memset (self, 0, sizeof *self);
    derive_from_root (self, master);
    derive (&self->keyring, SUBKEY_KEYRING, master);
    self->master = *master;
    if (former != NULL) {
        self->has_former = true;
        self->former_master = *former;
        derive (&self->former, SUBKEY_KEYRING, former);
    }
    sodium_mprotect_readonly (self);
    return self;
}

int vault_open_both (struct vault **self_p, const char *path, const char *former_path, char *error,
                     size_t error_size)
{
    const struct key_file file = {path, error, error_size}, former_file = {former_path, error, error_size};
    struct vault_key master, former;
    int r = start_sodium ();
    if (r < 0) {
        refuse (&file, "the cryptographic library does not start");
        return r;
    }
    r = open_master (&file, &master);
    if (r == 0 && former_path != NULL)
        r = open_master (&former_file, &former);
    if (r == 0)
        *self_p = vault_new (&master, former_path != NULL ? &former : NULL);
    vault_key_wipe (&master);
    vault_key_wipe (&former);
    return r;
}

int vault_open (struct vault **self_p, const char *path, char *error, size_t error_size)
{
    return vault_open_both (self_p, path, NULL, error, error_size);
}

void vault_destroy (struct vault **self_p)
{
    vault_memory_free (*self_p);
    *self_p = NULL;
}

/* --- Pseudonyms and hashes ---------------------------------------------------------------------------- */

static void start_keyed (crypto_generichash_state *state, const struct vault_key *key)
{
    crypto_generichash_init (state, key->bytes, sizeof key->bytes, VAULT_ID_SIZE);
}

void vault_subject_id (const struct vault *self, const char *bsn, uint8_t id[VAULT_ID_SIZE])
{
    crypto_generichash (id, VAULT_ID_SIZE, (const uint8_t *)bsn, strlen (bsn), self->subject_id.bytes,
                        sizeof self->subject_id.bytes);
}

void vault_subject_ref (const struct vault *self, const uint8_t subject_id[VAULT_ID_SIZE], const char *party,
                        uint8_t ref[VAULT_ID_SIZE])
{
    /* Every check needs this keyed function of a few bytes. SipHash-2-4 with 128 bits takes a tenth of the time of
       BLAKE2b. The subject id is as good as random already. */
    uint8_t both[VAULT_ID_SIZE + VAULT_PARTY_LIMIT];
    size_t size = strnlen (party, VAULT_PARTY_LIMIT);
    memcpy (both, subject_id, VAULT_ID_SIZE);
    memcpy (both + VAULT_ID_SIZE, party, size);
    crypto_shorthash_siphashx24 (ref, both, VAULT_ID_SIZE + size, self->subject_ref.bytes);
}

void vault_hash (const void *a, size_t a_size, const void *b, size_t b_size, uint8_t hash[VAULT_HASH_SIZE])
{
    if (b_size == 0) {
        crypto_generichash (hash, VAULT_HASH_SIZE, a, a_size, NULL, 0);
        return;
    }
    crypto_generichash_state state;
    crypto_generichash_init (&state, NULL, 0, VAULT_HASH_SIZE);
    crypto_generichash_update (&state, a, a_size);
    crypto_generichash_update (&state, b, b_size);
    crypto_generichash_final (&state, hash, VAULT_HASH_SIZE);
}

void vault_mac (const struct vault_key *key, struct bytes head, struct bytes content, uint8_t mac[VAULT_MAC_SIZE])
{
    _Static_assert(VAULT_MAC_SIZE == crypto_onetimeauth_BYTES, "a mac is one Poly1305");
    uint8_t once[crypto_onetimeauth_KEYBYTES];
    crypto_generichash (once, sizeof once, head.data, head.size, key != NULL ? key->bytes : NULL,
                        key != NULL ? sizeof key->bytes : 0);
    crypto_onetimeauth (mac, content.data, content.size, once);
    sodium_memzero (once, sizeof once);
}

int vault_sha256_fd (int fd, uint8_t hash[VAULT_HASH_SIZE])
{
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init (&state);
    uint8_t block[16384];
    ssize_t got;
    bool empty = true;
    do {
        got = read (fd, block, sizeof block);
        if (got > 0)
            crypto_hash_sha256_update (&state, block, (unsigned long long)got);
        empty = empty && got <= 0;
    } while (got > 0 || (got < 0 && errno == EINTR));
    if (got < 0)
        return -errno;
    if (empty)
        return -ENODATA;
    crypto_hash_sha256_final (&state, hash);
    return 0;
}

void vault_fingerprint (const struct vault *self, const char *label, struct bytes a, struct bytes b,
                        uint8_t fingerprint[VAULT_ID_SIZE])
{
    /* The label with its NUL, and the size of `a`, make sure that bytes which move from one part to the next give
       another hash. */
    const uint64_t boundary = htobe64 (a.size);
    crypto_generichash_state state;
    start_keyed (&state, &self->fingerprint);
    crypto_generichash_update (&state, (const uint8_t *)label, strlen (label) + 1);
    crypto_generichash_update (&state, (const uint8_t *)&boundary, sizeof boundary);
    crypto_generichash_update (&state, a.data, a.size);
    crypto_generichash_update (&state, b.data, b.size);
    crypto_generichash_final (&state, fingerprint, VAULT_ID_SIZE);
}

uint64_t vault_tag (const struct vault *self, const void *data, size_t size)
{
    uint64_t tag;
    _Static_assert(sizeof tag == crypto_shorthash_BYTES, "a tag is one SipHash");
    crypto_shorthash ((uint8_t *)&tag, data, size, self->fingerprint.bytes);
    return tag;
}

void vault_sum (const struct vault *self, const void *data, size_t size, uint8_t sum[VAULT_ID_SIZE])
{
    _Static_assert(VAULT_ID_SIZE == crypto_shorthash_siphashx24_BYTES, "a sum is one SipHash of 128 bits");
    crypto_shorthash_siphashx24 (sum, data, size, self->sum.bytes);
}

void vault_random (void *out, size_t size)
{
    if (size > RANDOM_POOL_LARGEST) {
        randombytes_buf (out, size);
        return;
    }
    if (size > random_pool.left) {
        randombytes_buf (random_pool.bytes, sizeof random_pool.bytes);
        random_pool.left = sizeof random_pool.bytes;
    }
    random_pool.left -= size;
    memcpy (out, random_pool.bytes + random_pool.left, size);
    sodium_memzero (random_pool.bytes + random_pool.left, size);
}

bool vault_equal (const void *a, const void *b, size_t size)
{
    return sodium_memcmp (a, b, size) == 0;
}

/* --- Sealing ------------------------------------------------------------------------------------------ */

/* table, NUL, version (be16), key. This can be read in only one way, since the name holds no NUL and the key comes
   last. Names and keys are the daemon's own and short; a longer one is a fault of the program. */
static size_t encode_binding (const struct vault_binding *binding, uint8_t encoded[BINDING_SIZE])
{
    size_t name_size = strlen (binding->table) + 1;
    if (name_size > BINDING_SIZE - 2 || binding->key_size > BINDING_SIZE - 2 - name_size)
        abort ();
    memcpy (encoded, binding->table, name_size);
    encoded[name_size] = (uint8_t)(binding->version >> 8);
    encoded[name_size + 1] = (uint8_t)binding->version;
    if (binding->key_size)
        memcpy (encoded + name_size + 2, binding->key, binding->key_size);
    return name_size + 2 + binding->key_size;
}

void vault_seal (const struct vault_key *key, const struct vault_binding *binding, const void *plain, size_t size,
                 uint8_t *sealed)
{
    uint8_t bound[BINDING_SIZE];
    size_t bound_size = encode_binding (binding, bound);
    vault_random (sealed, NONCE_SIZE);
    crypto_aead_xchacha20poly1305_ietf_encrypt (sealed + NONCE_SIZE, NULL, plain, size, bound, bound_size, NULL,
                                                sealed, key->bytes);
}

/* What came of opening: nothing is left in `plain` of what does not open. */
static int judge_opened (int r, size_t size, uint8_t *plain)
{
    if (r != 0 && size > VAULT_SEAL_OVERHEAD)
        memset (plain, 0, size - VAULT_SEAL_OVERHEAD);
    return r == 0 ? 0 : VAULT_TAMPERED;
}

int vault_unseal (const struct vault_key *key, const struct vault_binding *binding, const uint8_t *sealed,
                  size_t size, uint8_t *plain)
{
    if (size < VAULT_SEAL_OVERHEAD)
        return VAULT_TAMPERED;
    uint8_t bound[BINDING_SIZE];
    size_t bound_size = encode_binding (binding, bound);
    uint8_t nothing[1]; /* without a place to write to, libsodium would only verify */
    int r = crypto_aead_xchacha20poly1305_ietf_decrypt (plain ? plain : nothing, NULL, NULL, sealed + NONCE_SIZE,
                                                        size - NONCE_SIZE, bound, bound_size, sealed, key->bytes);
    return judge_opened (r, size, plain);
}

/* XChaCha20-Poly1305 makes the key of a record from the first part of its nonce; the rest is the nonce under that
   key (draft-irtf-cfrg-xchacha, 2.3). */
enum {
    OWN_NONCE_SIZE = crypto_aead_chacha20poly1305_ietf_NPUBBYTES,
    NONCE_FOR_KEY = crypto_core_hchacha20_INPUTBYTES,
};
_Static_assert(OWN_NONCE_SIZE == 4 + NONCE_SIZE - NONCE_FOR_KEY, "four zeroes, and the rest of the nonce");

void vault_record_key (const struct vault_key *key, const uint8_t sealed[VAULT_SEAL_OVERHEAD],
                       struct vault_key *record)
{
    crypto_core_hchacha20 (record->bytes, sealed, key->bytes, NULL);
}

int vault_unseal_record (const struct vault_key *record, const struct vault_binding *binding,
                         const uint8_t *sealed, size_t size, uint8_t *plain)
{
    uint8_t bound[BINDING_SIZE], nonce[OWN_NONCE_SIZE] = {0}, nothing[1];
    if (size < VAULT_SEAL_OVERHEAD)
        return VAULT_TAMPERED;
    size_t bound_size = encode_binding (binding, bound);
    memcpy (nonce + 4, sealed + NONCE_FOR_KEY, NONCE_SIZE - NONCE_FOR_KEY);
    int r = crypto_aead_chacha20poly1305_ietf_decrypt (plain ? plain : nothing, NULL, NULL, sealed + NONCE_SIZE,
                                                       size - NONCE_SIZE, bound, bound_size, nonce, record->bytes);
    return judge_opened (r, size, plain);
}

/* --- Keys --------------------------------------------------------------------------------------------- */

static struct vault_binding subject_key_binding (const uint8_t subject_id[VAULT_ID_SIZE])
{
    return (struct vault_binding){
        .table = "subject-key", .version = 1, .key = subject_id, .key_size = VAULT_ID_SIZE};
}

void vault_subject_key_new (struct vault_key *key)
{
    randombytes_buf (key->bytes, sizeof key->bytes); /* not from the pool, which is not locked memory */
}

void vault_subject_key_wrap (const struct vault_key *under, const uint8_t subject_id[VAULT_ID_SIZE],
                             const struct vault_key *key, uint8_t wrapped[VAULT_WRAPPED_KEY_SIZE])
{
    const struct vault_binding binding = subject_key_binding (subject_id);
    vault_seal (under, &binding, key->bytes, sizeof key->bytes, wrapped);
}

int vault_subject_key_unwrap (const struct vault_key *under, const uint8_t subject_id[VAULT_ID_SIZE],
                              const uint8_t wrapped[VAULT_WRAPPED_KEY_SIZE], struct vault_key *key)
{
    const struct vault_binding binding = subject_key_binding (subject_id);
    return vault_unseal (under, &binding, wrapped, VAULT_WRAPPED_KEY_SIZE, key->bytes);
}

const struct vault_key *vault_earlier_wrapping_key (const struct vault *self)
{
    return &self->wrap;
}

const struct vault_key *vault_keyring_key (const struct vault *self)
{
    return &self->keyring;
}

const struct vault_key *vault_former_keyring_key (const struct vault *self)
{
    return self->has_former ? &self->former : NULL;
}

const struct vault_key *vault_list_key (const struct vault *self)
{
    return &self->list;
}

const struct vault_key *vault_root (const struct vault *self)
{
    return &self->root;
}

bool vault_has_own_root (const struct vault *self)
{
    return self->has_own_root;
}

void vault_use_root (struct vault *self, const struct vault_key *root, bool is_own)
{
    sodium_mprotect_readwrite (self);
    derive_from_root (self, root);
    self->has_own_root = is_own;
    sodium_mprotect_readonly (self);
}

void vault_use_new_root (struct vault *self)
{
    struct vault_key root;
    randombytes_buf (root.bytes, sizeof root.bytes);
    vault_use_root (self, &root, true);
    vault_key_wipe (&root);
}

void vault_use_key_as_root (struct vault *self)
{
    struct vault_key root = self->master;
    vault_use_root (self, &root, false);
    vault_key_wipe (&root);
}

static void exchange (struct vault_key *one, struct vault_key *other)
{
    struct vault_key before = *one;
    *one = *other;
    *other = before;
    vault_key_wipe (&before);
}

void vault_go_back (struct vault *self)
{
    sodium_mprotect_readwrite (self);
    exchange (&self->keyring, &self->former);
    exchange (&self->master, &self->former_master);
    sodium_mprotect_readonly (self);
}

bool vault_is_keyed_as (const struct vault *self, const struct vault *other)
{
    return vault_equal (&self->keyring, &other->keyring, sizeof self->keyring);
}

bool vault_was_keyed_as (const struct vault *self, const struct vault *other)
{
    return self->has_former && vault_equal (&self->former, &other->keyring, sizeof self->former);
}

void vault_exchange_keys (struct vault *self, struct vault *other)
{
    sodium_mprotect_readwrite (self);
    sodium_mprotect_readwrite (other);
    bool had_former = self->has_former;
    exchange (&self->keyring, &other->keyring);
    exchange (&self->former, &other->former);
    exchange (&self->master, &other->master);
    exchange (&self->former_master, &other->former_master);
    self->has_former = other->has_former;
    other->has_former = had_former;
    sodium_mprotect_readonly (self);
    sodium_mprotect_readonly (other);
}

const struct vault_key *vault_system_key (const struct vault *self)
{
    return &self->system;
}

const struct vault_key *vault_journal_key (const struct vault *self)
{
    return &self->journal;
}

void vault_key_name (const struct vault_key *key, uint8_t name[VAULT_ID_SIZE])
{
    static const uint8_t label[] = "name";
    crypto_generichash (name, VAULT_ID_SIZE, label, sizeof label, key->bytes, sizeof key->bytes);
}

void vault_key_wipe (struct vault_key *key)
{
    sodium_memzero (key, sizeof *key);
}
