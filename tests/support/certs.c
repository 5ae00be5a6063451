/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "certs.h"

#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gnutls/crypto.h>

#include "certs-extensions.h"

enum {
	DAYS = 24 * 60 * 60,
	VALID_DAYS = 60,
	SERIAL_SIZE = 16,
	KEY_ID_SIZE = 64,
	X509_V3 = 3,
};

static const struct {
	gnutls_pk_algorithm_t algorithm;
	unsigned bits;
	unsigned usage; /* of a certificate that is no CA */
} keys[] = {
    [CERT_ECDSA] = {GNUTLS_PK_ECDSA,
	GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1),
	GNUTLS_KEY_DIGITAL_SIGNATURE},
    [CERT_RSA] = {GNUTLS_PK_RSA, 2048,
	GNUTLS_KEY_DIGITAL_SIGNATURE | GNUTLS_KEY_KEY_ENCIPHERMENT},
    [CERT_ED25519] = {GNUTLS_PK_EDDSA_ED25519, 256,
	GNUTLS_KEY_DIGITAL_SIGNATURE},
};

static const char *const purposes[] = {
    [CERT_SERVER] = GNUTLS_KP_TLS_WWW_SERVER,
    [CERT_CLIENT] = GNUTLS_KP_TLS_WWW_CLIENT,
    [CERT_CODE_SIGNING] = GNUTLS_KP_CODE_SIGNING,
    [CERT_ANY_USE] = NULL,
    [CERT_CA] = NULL,
};

static void must(int result, const char *what)
{
	if (result < 0)
		errx(99, "%s: %s", what, gnutls_strerror(result));
}

static void make_key(struct cert *cert, const struct cert_request *request)
{
	must(gnutls_x509_privkey_init(&cert->key), "key");
	if (request->key_of != NULL)
		must(gnutls_x509_privkey_cpy(cert->key, request->key_of->key),
		    "copy of a key");
	else
		must(gnutls_x509_privkey_generate(cert->key,
			 keys[request->key].algorithm, keys[request->key].bits,
			 0),
		    "new key");
}

static void set_names(
    gnutls_x509_crt_t certificate, const struct cert_request *request)
{
	const char *common_name = request->common_name;
	const char *const *name = request->names;

	if (common_name == NULL && name != NULL)
		common_name = *name;
	if (common_name != NULL)
		must(gnutls_x509_crt_set_dn_by_oid(certificate,
			 GNUTLS_OID_X520_COMMON_NAME, 0, common_name,
			 (unsigned)strlen(common_name)),
		    common_name);
	for (; name != NULL && *name != NULL; name++)
		must(gnutls_x509_crt_set_subject_alt_name(certificate,
			 GNUTLS_SAN_DNSNAME, *name, (unsigned)strlen(*name),
			 GNUTLS_FSAN_APPEND),
		    *name);
}

static void set_addresses(
    gnutls_x509_crt_t certificate, const char *const *address)
{
	for (; address != NULL && *address != NULL; address++) {
		uint8_t octets[16];
		unsigned size = 4;

		if (inet_pton(AF_INET, *address, octets) != 1) {
			size = 16;
			if (inet_pton(AF_INET6, *address, octets) != 1)
				errx(99, "%s: not an address", *address);
		}
		must(
		    gnutls_x509_crt_set_subject_alt_name(certificate,
			GNUTLS_SAN_IPADDRESS, octets, size, GNUTLS_FSAN_APPEND),
		    *address);
	}
}

static void set_validity(
    gnutls_x509_crt_t certificate, const struct cert_request *request)
{
	const time_t margin = (time_t)VALID_DAYS * DAYS;
	time_t now = time(NULL);
	time_t until = request->until != 0 ? request->until : now + margin;
	time_t from = request->from;

	if (from == 0)
		from = (until < now ? until : now) - margin;
	must(gnutls_x509_crt_set_activation_time(certificate, from), "from");
	must(gnutls_x509_crt_set_expiration_time(certificate, until), "until");
}

static void set_use(
    gnutls_x509_crt_t certificate, const struct cert_request *request)
{
	const char *purpose = purposes[request->use];
	bool ca = request->use == CERT_CA;

	must(gnutls_x509_crt_set_basic_constraints(
		 certificate, ca, request->path_length - 1),
	    "basic constraints");
	must(gnutls_x509_crt_set_key_usage(certificate,
		 request->key_usage != 0 ? request->key_usage
		 : ca ? GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN
		      : keys[request->key].usage),
	    "key usage");
	if (purpose != NULL)
		must(gnutls_x509_crt_set_key_purpose_oid(
			 certificate, purpose, 0),
		    "key purpose");
}

static void set_serial(gnutls_x509_crt_t certificate)
{
	uint8_t serial[SERIAL_SIZE];

	must(gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof serial), "random");
	serial[0] = (uint8_t)((serial[0] & 0x3f) | 0x40);
	must(gnutls_x509_crt_set_serial(certificate, serial, sizeof serial),
	    "serial number");
}

static void set_key_ids(struct cert *cert, const struct cert *issuer)
{
	uint8_t id[KEY_ID_SIZE];
	size_t size = sizeof id;

	must(gnutls_x509_crt_get_key_id(cert->certificate, 0, id, &size),
	    "key id");
	must(gnutls_x509_crt_set_subject_key_id(cert->certificate, id, size),
	    "subject key id");
	size = sizeof id;
	must(gnutls_x509_crt_get_key_id(issuer->certificate, 0, id, &size),
	    "key id of the issuer");
	must(gnutls_x509_crt_set_authority_key_id(cert->certificate, id, size),
	    "authority key id");
}

static void sign(struct cert *cert, const struct cert_request *request)
{
	const struct cert *issuer =
	    request->issuer != NULL ? request->issuer : cert;
	const struct cert *signer =
	    request->signer != NULL ? request->signer : issuer;

	if (!request->without_key_ids)
		set_key_ids(cert, issuer);
	must(gnutls_x509_crt_sign2(cert->certificate, issuer->certificate,
		 signer->key, GNUTLS_DIG_SHA256, 0),
	    "signature");
}

struct cert *certs_make(const struct cert_request *request)
{
	struct cert *cert = calloc(1, sizeof *cert);

	if (cert == NULL)
		err(99, "certificate");
	cert->issuer = request->issuer;
	make_key(cert, request);
	must(gnutls_x509_crt_init(&cert->certificate), "certificate");
	must(
	    gnutls_x509_crt_set_version(cert->certificate, X509_V3), "version");
	must(gnutls_x509_crt_set_key(cert->certificate, cert->key),
	    "public key");
	set_serial(cert->certificate);
	set_names(cert->certificate, request);
	set_addresses(cert->certificate, request->addresses);
	set_validity(cert->certificate, request);
	set_use(cert->certificate, request);
	certs_add_extensions(cert->certificate, request);
	sign(cert, request);
	return cert;
}

struct cert *certs_make_ca(const char *common_name)
{
	return certs_make(&(struct cert_request){
	    .common_name = common_name,
	    .use = CERT_CA,
	});
}

struct cert *certs_make_server(const struct cert *issuer, const char *name)
{
	return certs_make(&(struct cert_request){
	    .names = (const char *const[]){name, NULL},
	    .issuer = issuer,
	});
}

void certs_free(struct cert *cert)
{
	gnutls_x509_crt_deinit(cert->certificate);
	gnutls_x509_privkey_deinit(cert->key);
	free(cert);
}

static FILE *open_file(const char *path, mode_t mode)
{
	int descriptor =
	    open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	FILE *file = descriptor == -1 ? NULL : fdopen(descriptor, "w");

	if (file == NULL)
		err(99, "%s", path);
	return file;
}

static void close_file(FILE *file, const char *path)
{
	bool failed = ferror(file);

	if (fclose(file) != 0 || failed)
		err(99, "%s", path);
}

/* Takes what GnuTLS has exported. */
static void put_pem(FILE *file, int result, gnutls_datum_t *pem)
{
	must(result, "export");
	fwrite(pem->data, 1, pem->size, file);
	gnutls_free(pem->data);
}

static void put_certificate(FILE *file, const struct cert *cert)
{
	gnutls_datum_t pem;

	put_pem(file,
	    gnutls_x509_crt_export2(
		cert->certificate, GNUTLS_X509_FMT_PEM, &pem),
	    &pem);
}

static void put_list(FILE *file, const struct cert *const list[])
{
	for (; *list != NULL; list++)
		put_certificate(file, *list);
}

void certs_write(const char *path, const struct cert *const list[])
{
	FILE *file = open_file(path, 0644);

	put_list(file, list);
	close_file(file, path);
}

void certs_write_chain(const char *path, const struct cert *cert)
{
	FILE *file = open_file(path, 0644);

	put_certificate(file, cert);
	for (cert = cert->issuer; cert != NULL && cert->issuer != NULL;
	     cert = cert->issuer)
		put_certificate(file, cert);
	close_file(file, path);
}

static void write_key(
    const char *path, const struct cert *cert, const char *passphrase)
{
	FILE *file = open_file(path, 0600);
	unsigned form =
	    passphrase != NULL ? GNUTLS_PKCS_PBES2_AES_128 : GNUTLS_PKCS_PLAIN;
	gnutls_datum_t pem;

	put_pem(file,
	    gnutls_x509_privkey_export2_pkcs8(
		cert->key, GNUTLS_X509_FMT_PEM, passphrase, form, &pem),
	    &pem);
	close_file(file, path);
}

void certs_write_key(const char *path, const struct cert *cert)
{
	write_key(path, cert, NULL);
}

void certs_write_locked_key(const char *path, const struct cert *cert)
{
	write_key(path, cert, "passphrase");
}

static const char *join(char path[PATH_MAX], const char *directory,
    const char *name, const char *suffix)
{
	int length =
	    snprintf(path, PATH_MAX, "%s/%s%s", directory, name, suffix);

	if (length < 0 || length >= PATH_MAX)
		errx(99, "%s: path too long", directory);
	return path;
}

void certs_save(
    const struct cert *cert, const char *directory, const char *name)
{
	char path[PATH_MAX];

	certs_write_chain(join(path, directory, name, ".pem"), cert);
	certs_write_key(join(path, directory, name, ".key"), cert);
}

void certs_write_directory(
    const char *path, const struct cert *const list[], enum certs_links links)
{
	char file[PATH_MAX];
	char name[32];

	if (mkdir(path, 0755) == -1)
		err(99, "%s", path);
	for (unsigned i = 0; list[i] != NULL; i++) {
		snprintf(name, sizeof name, "anchor-%02u.pem", i);
		certs_write(join(file, path, name, ""),
		    (const struct cert *const[]){list[i], NULL});
		if (links == CERTS_NO_LINKS)
			continue;
		snprintf(file, sizeof file, "%s/%08x.0", path, i);
		if (symlink(name, file) == -1)
			err(99, "%s", file);
	}
}

static void put_strangers(
    FILE *file, const struct cert *key_of, size_t from, size_t until)
{
	char name[64];

	for (size_t i = from; i < until; i++) {
		struct cert *cert;

		snprintf(name, sizeof name, "Unrelated CA %zu", i);
		cert = certs_make(&(struct cert_request){
		    .common_name = name,
		    .use = CERT_CA,
		    .key_of = key_of,
		});
		put_certificate(file, cert);
		certs_free(cert);
	}
}

void certs_write_bundle(const char *path, size_t count, enum cert_key key,
    const struct cert *const list[])
{
	FILE *file = open_file(path, 0644);
	struct cert *key_of =
	    certs_make(&(struct cert_request){.use = CERT_CA, .key = key});

	put_strangers(file, key_of, 0, count / 2);
	put_list(file, list);
	put_strangers(file, key_of, count / 2, count);
	certs_free(key_of);
	close_file(file, path);
}
