#pragma once
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// OpenSSL offers these only as function-like macros, which Swift does not import.

static inline long tessera_SSL_CTX_set_mode(SSL_CTX *context, long mode) {
  return SSL_CTX_set_mode(context, mode);
}
static inline long tessera_SSL_CTX_set_min_proto_version(SSL_CTX *context, int version) {
  return SSL_CTX_set_min_proto_version(context, version);
}
static inline long tessera_SSL_set_tlsext_host_name(SSL *ssl, const char *name) {
  return SSL_set_tlsext_host_name(ssl, (char *)name);
}
static inline long tessera_BIO_set_mem_eof_return(BIO *bio, int value) {
  return BIO_set_mem_eof_return(bio, value);
}
static inline long tessera_BIO_get_mem_data(BIO *bio, char **data) { return BIO_get_mem_data(bio, data); }
static inline void tessera_BIO_reset(BIO *bio) { (void)BIO_reset(bio); }
static inline int tessera_GENERAL_NAME_count(GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }
static inline GENERAL_NAME *tessera_GENERAL_NAME_at(GENERAL_NAMES *names, int index) {
  return sk_GENERAL_NAME_value(names, index);
}
static inline const ASN1_STRING *tessera_GENERAL_NAME_text(const GENERAL_NAME *name) {
  return name->d.ia5;
}
static inline int tessera_GENERAL_NAME_kind(const GENERAL_NAME *name) { return name->type; }
static inline void tessera_GENERAL_NAMES_free(GENERAL_NAMES *names) { GENERAL_NAMES_free(names); }
// No renegotiation and no compression: both only serve attacks. No resumption: connections live long, and a resumed
// session would skip the check of a client certificate against reloaded authorities.
static inline void tessera_SSL_CTX_set_safe_options(SSL_CTX *context) {
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  // Groups of finite-field Diffie-Hellman as strong as the certificate's key.
  SSL_CTX_set_dh_auto(context, 1);
}
// RFC 2253 without turning UTF-8 letters into escapes.
static inline void tessera_X509_NAME_print(BIO *bio, const X509_NAME *name) {
  X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
}
