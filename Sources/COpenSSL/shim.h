#pragma once
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
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
static inline long tessera_SSL_CTX_set_max_proto_version(SSL_CTX *context, int version) {
  return SSL_CTX_set_max_proto_version(context, version);
}
static inline long tessera_SSL_CTX_set_session_cache_mode(SSL_CTX *context, long mode) {
  return SSL_CTX_set_session_cache_mode(context, mode);
}
static inline long tessera_SSL_set_tlsext_host_name(SSL *ssl, const char *name) {
  return SSL_set_tlsext_host_name(ssl, (char *)name);
}
static inline size_t tessera_BIO_pending(BIO *bio) { return (size_t)BIO_pending(bio); }
static inline long tessera_BIO_set_mem_eof_return(BIO *bio, int value) {
  return BIO_set_mem_eof_return(bio, value);
}
static inline long tessera_BIO_get_mem_data(BIO *bio, char **data) { return BIO_get_mem_data(bio, data); }
static inline void tessera_BIO_reset(BIO *bio) { (void)BIO_reset(bio); }
static inline int tessera_ERR_GET_REASON(unsigned long code) { return ERR_GET_REASON(code); }
static inline int tessera_GENERAL_NAME_count(GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }
static inline GENERAL_NAME *tessera_GENERAL_NAME_at(GENERAL_NAMES *names, int index) {
  return sk_GENERAL_NAME_value(names, index);
}
static inline const ASN1_STRING *tessera_GENERAL_NAME_text(const GENERAL_NAME *name) {
  return name->d.ia5;
}
static inline int tessera_GENERAL_NAME_kind(const GENERAL_NAME *name) { return name->type; }
static inline void tessera_GENERAL_NAMES_free(GENERAL_NAMES *names) { GENERAL_NAMES_free(names); }
