#include "base/secret.h"

#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

#define KEY_BYTES crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES crypto_aead_xchacha20poly1305_ietf_ABYTES
#define FORMAT_VERSION 1 // first byte of a sealed value; the key's generation when keys rotate

static unsigned long long password_passes = 2;
static gsize password_memory = (gsize)64 * 1024 * 1024;

struct SecretKey {
    guint8 bytes[KEY_BYTES];
};

void secret_init(void) {
    if (sodium_init() < 0)
        g_error("libsodium does not start: no source of randomness");
}

static gboolean key_create(const char *path, GError **error) {
    guint8 bytes[KEY_BYTES];
    randombytes_buf(bytes, sizeof bytes);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400);
    gboolean written =
        fd >= 0 && write(fd, bytes, sizeof bytes) == (ssize_t)sizeof bytes && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    sodium_memzero(bytes, sizeof bytes);
    if (!written)
        error_set(error, ERROR_UNAVAILABLE, "key_file_unwritable",
                  "cannot write the key file %s: %s", path, g_strerror(errno));
    return written;
}

static gboolean key_read(int fd, const char *path, SecretKey *key, GError **error) {
    struct stat facts;
    if (fstat(fd, &facts) != 0 || facts.st_size != KEY_BYTES || (facts.st_mode & 0077) != 0 ||
        read(fd, key->bytes, KEY_BYTES) != KEY_BYTES) {
        error_set(error, ERROR_UNAVAILABLE, "key_file_wrong",
                  "%s is no key file of dialogd: it must have %d bytes and mode 0400", path,
                  (int)KEY_BYTES);
        return FALSE;
    }
    return TRUE;
}

SecretKey *secret_key_load(const char *path, gboolean create, GError **error) {
    if (create && !g_file_test(path, G_FILE_TEST_EXISTS) && !key_create(path, error))
        return NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        error_set(error, ERROR_UNAVAILABLE, "key_file_missing",
                  "cannot read the key file %s: %s; put it back from where it is kept, without it"
                  " no secret opens",
                  path, g_strerror(errno));
        return NULL;
    }
    g_autoptr(SecretKey) key = sodium_malloc(sizeof *key);
    gboolean good = key_read(fd, path, key, error);
    close(fd);
    return good ? g_steal_pointer(&key) : NULL;
}

void secret_key_free(SecretKey *key) {
    sodium_free(key);
}

GBytes *secret_seal(const SecretKey *key, const char *owner, GBytes *plain) {
    gsize length;
    const guint8 *data = g_bytes_get_data(plain, &length);
    gsize size = 1 + NONCE_BYTES + length + TAG_BYTES;
    guint8 *sealed = g_malloc(size);
    sealed[0] = FORMAT_VERSION;
    randombytes_buf(sealed + 1, NONCE_BYTES);
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + 1 + NONCE_BYTES, NULL, data, length,
                                               (const guint8 *)owner, strlen(owner), NULL,
                                               sealed + 1, key->bytes);
    return g_bytes_new_take(sealed, size);
}

GBytes *secret_open(const SecretKey *key, const char *owner, GBytes *sealed, GError **error) {
    gsize size;
    const guint8 *data = g_bytes_get_data(sealed, &size);
    gsize overhead = 1 + NONCE_BYTES + TAG_BYTES;
    if (size >= overhead && data[0] == FORMAT_VERSION) {
        gsize length = size - overhead;
        g_autofree guint8 *plain = g_malloc(length + 1);
        if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, data + 1 + NONCE_BYTES,
                                                       length + TAG_BYTES, (const guint8 *)owner,
                                                       strlen(owner), data + 1, key->bytes) == 0)
            return g_bytes_new_take(g_steal_pointer(&plain), length);
    }
    error_set(error, ERROR_UNAVAILABLE, "secret_unreadable",
              "the sealed value of %s does not open with this key file", owner);
    return NULL;
}

void secret_sign(const SecretKey *key, const char *purpose, const void *data, gsize length,
                 guint8 mac[32]) {
    guint8 derived[32];
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key->bytes, KEY_BYTES);
    crypto_auth_hmacsha256_update(&state, (const guint8 *)purpose, strlen(purpose));
    crypto_auth_hmacsha256_final(&state, derived);
    crypto_auth_hmacsha256(mac, data, length, derived);
    sodium_memzero(derived, sizeof derived);
}

char *secret_token(const char *prefix, guint bits) {
    guint8 bytes[64];
    char text[96];
    gsize length = bits / 8;
    g_assert(length <= sizeof bytes);
    randombytes_buf(bytes, length);
    sodium_bin2base64(text, sizeof text, bytes, length, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof bytes);
    return g_strconcat(prefix, text, NULL);
}

gboolean secret_equal(const void *a, gsize a_length, const void *b, gsize b_length) {
    return a_length == b_length && sodium_memcmp(a, b, a_length) == 0;
}

void secret_random(void *bytes, gsize size) {
    randombytes_buf(bytes, size);
}

char *secret_password_hash(const char *password) {
    char hash[crypto_pwhash_STRBYTES];
    if (crypto_pwhash_str_alg(hash, password, strlen(password), password_passes, password_memory,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        g_error("no memory for a password hash");
    return g_strdup(hash);
}

// Of a password that nobody knows.
static const char *nobodys_hash(void) {
    static char *hash;
    if (g_once_init_enter(&hash)) {
        g_autofree char *password = secret_token("", 256);
        g_once_init_leave(&hash, secret_password_hash(password));
    }
    return hash;
}

gboolean secret_password_matches(const char *hash, const char *password) {
    const char *other = nobodys_hash();
    gboolean matches =
        crypto_pwhash_str_verify(hash != NULL ? hash : other, password, strlen(password)) == 0;
    return matches && hash != NULL;
}

void secret_password_cheapen(void) {
    password_passes = crypto_pwhash_OPSLIMIT_MIN;
    password_memory = crypto_pwhash_MEMLIMIT_MIN;
}
