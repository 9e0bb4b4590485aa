#include "desk/second_factor.h"

#include <string.h>

#include "base/error.h"
#include "model/totp.h"
#include "store/credential.h"

#define ISSUER "dialogd"
#define CODE_BYTES 14 // 112 bits
#define CODE_GROUP 6

static char *owner_of(Id agent_id) {
    char id[ID_TEXT_SIZE];
    return g_strconcat("totp/", id_format(agent_id, id), "/seed", NULL);
}

gboolean second_factor_begin(Db *db, const SecretKey *key, Id agent_id, char **secret, char **uri,
                             GError **error) {
    guint8 seed[TOTP_SEED_BYTES];
    g_autofree char *owner = owner_of(agent_id);
    g_autoptr(Credential) credential = credential_get(db, agent_id, error);
    if (credential == NULL)
        return FALSE;
    if (credential->has_totp) {
        error_set(error, ERROR_CONFLICT, "totp_enrolled",
                  "a second factor is in force: take it away first");
        return FALSE;
    }
    secret_random(seed, sizeof seed);
    g_autoptr(GBytes) plain = g_bytes_new(seed, sizeof seed);
    g_autoptr(GBytes) sealed = secret_seal(key, owner, plain);
    if (!credential_totp_add(db, agent_id, sealed, clock_now(), error))
        return FALSE;
    *secret = totp_base32(seed, sizeof seed);
    *uri = totp_uri(seed, ISSUER, credential->email);
    return TRUE;
}

static gboolean open_seed(const SecretKey *key, Id agent_id, const CredentialTotp *totp,
                          guint8 seed[TOTP_SEED_BYTES], GError **error) {
    g_autofree char *owner = owner_of(agent_id);
    g_autoptr(GBytes) plain = secret_open(key, owner, totp->seed, error);
    if (plain == NULL)
        return FALSE;
    g_assert(g_bytes_get_size(plain) == TOTP_SEED_BYTES);
    memcpy(seed, g_bytes_get_data(plain, NULL), TOTP_SEED_BYTES);
    return TRUE;
}

gboolean second_factor_confirm(Db *db, const SecretKey *key, Id agent_id, const char *code,
                               Instant now, GError **error) {
    guint8 seed[TOTP_SEED_BYTES];
    g_auto(CredentialTotp) totp = {0};
    if (!credential_totp_find(db, agent_id, &totp, error))
        return FALSE;
    if (totp.seed == NULL || totp.is_confirmed) {
        error_set(error, ERROR_CONFLICT, "totp_not_begun",
                  "there is no new second factor to confirm");
        return FALSE;
    }
    if (!open_seed(key, agent_id, &totp, seed, error))
        return FALSE;
    gint64 step = totp_match(seed, code, now, 0);
    if (step >= 0)
        return credential_totp_confirm(db, agent_id, step, now, error);
    error_set(error, ERROR_INVALID, "code_wrong",
              "this code is not right: see that the clock of the device is");
    return FALSE;
}

// As people type it: with any dashes, blanks and capitals.
static void sign_code(const SecretKey *key, Id agent_id, const char *code, guint8 mac[32]) {
    char id[ID_TEXT_SIZE];
    GString *text = g_string_new(id_format(agent_id, id));
    for (const char *at = code; *at != '\0' && text->len < 100; at++)
        if (g_ascii_isalnum(*at))
            g_string_append_c(text, g_ascii_toupper(*at));
    secret_sign(key, "recovery-code", text->str, text->len, mac);
    g_string_free(text, TRUE);
}

static char *make_code(void) {
    guint8 bytes[CODE_BYTES];
    secret_random(bytes, sizeof bytes);
    g_autofree char *letters = totp_base32(bytes, sizeof bytes);
    GString *code = g_string_new(NULL);
    for (gsize at = 0; letters[at] != '\0'; at++) {
        if (at > 0 && at % CODE_GROUP == 0)
            g_string_append_c(code, '-');
        g_string_append_c(code, g_ascii_tolower(letters[at]));
    }
    return g_string_free(code, FALSE);
}

GPtrArray *second_factor_make_codes(Db *db, const SecretKey *key, Id agent_id, GError **error) {
    guint8 macs[SECOND_FACTOR_CODES][32];
    g_autoptr(GPtrArray) codes = g_ptr_array_new_with_free_func(g_free);
    for (gsize at = 0; at < SECOND_FACTOR_CODES; at++) {
        g_ptr_array_add(codes, make_code());
        sign_code(key, agent_id, codes->pdata[at], macs[at]);
    }
    if (!credential_codes_set(db, agent_id, (const guint8(*)[32])macs, SECOND_FACTOR_CODES, error))
        return NULL;
    return g_steal_pointer(&codes);
}

static gboolean use_totp(Db *db, const SecretKey *key, Id agent_id, const char *code, Instant now,
                         gboolean *won, GError **error) {
    guint8 seed[TOTP_SEED_BYTES];
    g_auto(CredentialTotp) totp = {0};
    if (!credential_totp_find(db, agent_id, &totp, error))
        return FALSE;
    if (totp.seed == NULL || !totp.is_confirmed)
        return TRUE;
    if (!open_seed(key, agent_id, &totp, seed, error))
        return FALSE;
    gint64 step = totp_match(seed, code, now, totp.last_step);
    *won = step >= 0;
    return !*won || credential_totp_note_step(db, agent_id, step, error);
}

gboolean second_factor_use(Db *db, const SecretKey *key, Id agent_id, const char *code,
                           const char *recovery_code, Instant now, GError **error) {
    gboolean won = FALSE;
    if (code != NULL && !use_totp(db, key, agent_id, code, now, &won, error))
        return FALSE;
    if (code == NULL && recovery_code != NULL) {
        guint8 mac[32];
        sign_code(key, agent_id, recovery_code, mac);
        if (!credential_code_use(db, agent_id, mac, now, &won, error))
            return FALSE;
    }
    if (!won)
        error_set(error, ERROR_UNAUTHENTICATED, "code_wrong",
                  "this code is not right, or was used before");
    return won;
}
