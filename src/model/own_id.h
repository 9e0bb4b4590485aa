// Our own Message-IDs and +tokens: they carry the conversation and a signature, so that a reply
// finds its thread and nobody can attach mail to a conversation by guessing (channels.md 17.1;
// reliability.md E01, E04). Pure.
#pragma once

#include "base/id.h"
#include "base/secret.h"

// c<conversation>.m<message>.<mac>@<domain>, without <>. The MAC has 128 bits.
char *own_id_make(const SecretKey *key, Id conversation_id, Id message_id,
                  const char *domain) G_GNUC_WARN_UNUSED_RESULT;

// TRUE when the Message-ID (without <>) is one that this key signed, at whatever domain. Out
// parameters may be NULL.
gboolean own_id_find(const SecretKey *key, const char *message_id, Id *conversation_id,
                     Id *message);

// support@example.org -> support+c<conversation>.<mac>@example.org
char *own_token_make(const SecretKey *key, Id conversation_id,
                     const char *address) G_GNUC_WARN_UNUSED_RESULT;

// TRUE when the address bears a token that this key signed.
gboolean own_token_find(const SecretKey *key, const char *address, Id *conversation_id);
