// Time-based one-time passwords (RFC 6238 with SHA-1, six digits, 30 seconds) and the texts around
// them. Pure: seed, code and instant are arguments. Used by desk/second_factor.
#pragma once

#include "base/clock.h"

#define TOTP_SEED_BYTES 20
#define TOTP_STEP_MS 30000

// The code of a step (instant / TOTP_STEP_MS).
guint totp_code(const guint8 seed[TOTP_SEED_BYTES], gint64 step);

// The step whose code this is, of now, the one before and the one after, if it is later than
// last_step (each counts once); -1: none.
gint64 totp_match(const guint8 seed[TOTP_SEED_BYTES], const char *code, Instant now,
                  gint64 last_step);

// Base32 of RFC 4648 without padding.
char *totp_base32(const guint8 *bytes, gsize length) G_GNUC_WARN_UNUSED_RESULT;

// otpauth://totp/ISSUER:ACCOUNT?secret=...&issuer=ISSUER for the app's QR code.
char *totp_uri(const guint8 seed[TOTP_SEED_BYTES], const char *issuer,
               const char *account) G_GNUC_WARN_UNUSED_RESULT;
