/* SPDX-License-Identifier: ISC */
/*
 * Certificates made while the tests run, valid around the present moment.
 * Nothing here returns a failure: it ends the process with a message.
 */
#ifndef CERTS_H
#define CERTS_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include <gnutls/x509.h>

/* P-256; 2048 bits, slow to make; not for issuers */
enum cert_key { CERT_ECDSA, CERT_RSA, CERT_ED25519 };

enum cert_use {
	CERT_SERVER,
	CERT_CLIENT,
	CERT_CODE_SIGNING, /* a purpose that is neither */
	CERT_ANY_USE,	   /* no purpose is stated */
	CERT_CA,
};

/* What certs_make makes; members that are 0 or NULL take the default. */
struct cert_request {
	const char *common_name;  /* default: the first of names */
	const char *const *names; /* DNS names, ended by NULL; "*.x" as well */
	const char *const *addresses; /* IPv4 and IPv6, ended by NULL */
	time_t from;		      /* default: 60 days before now or until */
	time_t until;		      /* default: 60 days from now */
	enum cert_use use;
	enum cert_key key;
	const struct cert *key_of; /* use the key of this one, not a new one */
	const struct cert *issuer; /* default: signed by itself */

	/* What is less usual. */
	const char *permitted; /* a name constraint: the domain it is for */
	int path_length;       /* of a CA, and 1 more; 0: no limit */
	bool must_staple;      /* RFC 7633 */
	bool strange;	       /* has a critical extension of no meaning */
	bool without_key_ids;
	unsigned key_usage;	   /* of GnuTLS, in place of what is fit */
	const struct cert *signer; /* whose key has signed, not the issuer's */
};

struct cert {
	gnutls_x509_crt_t certificate;
	gnutls_x509_privkey_t key;
	const struct cert *issuer; /* NULL: itself */
};

/* The issuer must live as long as the result. */
struct cert *certs_make(const struct cert_request *request);

/* A self-signed CA of this name; the same name may be used twice. */
struct cert *certs_make_ca(const char *common_name);

/* A server certificate for one DNS name. */
struct cert *certs_make_server(const struct cert *issuer, const char *name);

void certs_free(struct cert *cert);

/* Writes certificates in PEM to one file, in this order; list ends in NULL. */
void certs_write(const char *path, const struct cert *const list[]);

/* Writes the certificate and its issuers but for the self-signed one. */
void certs_write_chain(const char *path, const struct cert *cert);

/* Writes the private key in PEM, readable by its owner only. */
void certs_write_key(const char *path, const struct cert *cert);

/* Writes the private key under a passphrase. */
void certs_write_locked_key(const char *path, const struct cert *cert);

/* Writes the chain to DIRECTORY/NAME.pem and the key to DIRECTORY/NAME.key. */
void certs_save(
    const struct cert *cert, const char *directory, const char *name);

/*
 * Makes the directory and writes each certificate to a file anchor-NN.pem
 * there; with links, each gets a link like 0000000a.0 too, which only looks
 * like OpenSSL's (the digits are not a hash).
 */
enum certs_links { CERTS_NO_LINKS, CERTS_LINKS };
void certs_write_directory(
    const char *path, const struct cert *const list[], enum certs_links links);

/*
 * Writes a bundle as large as a platform's: count unrelated CAs of different
 * names (they share one key of this kind), with list, which may be empty,
 * in their middle.
 */
void certs_write_bundle(const char *path, size_t count, enum cert_key key,
    const struct cert *const list[]);

#endif
