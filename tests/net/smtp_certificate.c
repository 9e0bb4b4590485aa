#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>

#include "smtp_sink.h"

static void certificate_add_names(X509 *certificate, const char *name) {
    g_autofree char *names = g_strdup_printf("DNS:%s%s", name != NULL ? name : "localhost",
                                             name != NULL ? "" : ",IP:127.0.0.1");
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, names);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

void smtp_sink_make_certificate(const char *directory, const char *name, gboolean is_expired) {
    g_autofree char *certificate_path = g_build_filename(directory, "cert.pem", NULL);
    g_autofree char *key_path = g_build_filename(directory, "key.pem", NULL);
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -172800);
    X509_gmtime_adj(X509_getm_notAfter(certificate), is_expired ? -86400 : 86400);
    X509_set_pubkey(certificate, key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                               (const guint8 *)"sink", -1, -1, 0);
    X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
    certificate_add_names(certificate, name);
    X509_sign(certificate, key, EVP_sha256());
    FILE *file = fopen(certificate_path, "w");
    PEM_write_X509(file, certificate);
    fclose(file);
    file = fopen(key_path, "w");
    PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL);
    fclose(file);
    X509_free(certificate);
    EVP_PKEY_free(key);
}
