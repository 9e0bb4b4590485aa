// An OAuth 2 access token that renews itself: the refresh token is traded for a new one at the
// provider's token endpoint five minutes before the old one ends (channels.md 17.5). Shared by the
// fetch and send threads of one channel. Does not store anything: a rotated refresh token is handed
// to whoever asked to hear of it.
#pragma once

#include "base/clock.h"

typedef struct OAuthToken OAuthToken;

typedef struct {
    const char *url; // token endpoint; https, or http to loopback
    const char *client_id;
    const char *client_secret; // or NULL
    const char *refresh_token;
    const char *scope; // or NULL
} OAuthGrant;

// Called on the thread that renewed it when the provider gave a new refresh token, which must be
// kept.
typedef void (*OAuthRotated)(const char *refresh_token, gpointer data);

// Copies the grant.
OAuthToken *oauth_token_new(const OAuthGrant *grant, OAuthRotated rotated,
                            gpointer data) G_GNUC_WARN_UNUSED_RESULT;
OAuthToken *oauth_token_ref(OAuthToken *token) G_GNUC_WARN_UNUSED_RESULT;
void oauth_token_unref(OAuthToken *token);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OAuthToken, oauth_token_unref)

// The access token, renewed if need be; owned. NULL with an error: unauthenticated when the
// provider refused the grant (sign in again), upstream when it could not be asked. Blocks up to 30
// s. Any thread.
char *oauth_token_get(OAuthToken *token, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The server refused the access token: the next get renews it.
void oauth_token_expire(OAuthToken *token);

// The answer of a token endpoint (RFC 6749 5.1). Pure. expires_in_s is 3600 when not said.
// FALSE with an error (unauthenticated for invalid_grant and the like, else upstream).
gboolean oauth_answer_decode(const char *body, gsize length, unsigned status, char **access_token,
                             char **refresh_token, gint64 *expires_in_s, GError **error);
