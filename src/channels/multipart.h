// Bodies of multipart/form-data (RFC 7578), for providers that take files that way. Used by codecs'
// encode; pure: the boundary comes from the contents, so the same parts give the same bytes.
#pragma once

#include "model/channel_kind.h"

typedef struct Multipart Multipart;

Multipart *multipart_new(void) G_GNUC_WARN_UNUSED_RESULT;
void multipart_free(Multipart *multipart);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Multipart, multipart_free)

void multipart_add_text(Multipart *multipart, const char *name, const char *value);

// A file; its name and type are made safe for a header.
void multipart_add_file(Multipart *multipart, const char *name, const Attachment *attachment);

// Puts the body and its Content-Type into the request. The multipart is spent.
void multipart_finish(Multipart *multipart, HttpRequest *request);
