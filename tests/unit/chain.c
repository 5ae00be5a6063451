/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "chain.h"

#include <check.h>

#include "tls/anchor_files.h"

/* What is presented is read: what was made lacks some of what is looked at. */
static void add(struct chain *chain, const struct cert *cert)
{
	gnutls_datum_t *encoded = &chain->encoded[chain->count];
	gnutls_x509_crt_t *read = &chain->certificates[chain->count++];

	ck_assert_int_eq(gnutls_x509_crt_export2(
			     cert->certificate, GNUTLS_X509_FMT_DER, encoded),
	    0);
	ck_assert_int_eq(gnutls_x509_crt_init(read), 0);
	ck_assert_int_eq(
	    gnutls_x509_crt_import(*read, encoded, GNUTLS_X509_FMT_DER), 0);
}

void chain_make(struct chain *chain, const struct cert *const list[])
{
	for (chain->count = 0; *list != NULL; list++) {
		ck_assert_uint_lt(chain->count, CHAIN_ROOM);
		add(chain, *list);
	}
}

void chain_free(struct chain *chain)
{
	for (unsigned i = 0; i < chain->count; i++) {
		gnutls_free(chain->encoded[i].data);
		gnutls_x509_crt_deinit(chain->certificates[i]);
	}
}

static bool ask(
    void *context, const struct parcel *question, struct parcel *answer)
{
	struct parcel heard = {0};

	*answer = (struct parcel){0};
	parcel_put_parcel(&heard, question);
	anchors_answer(answer, &heard, context, "run/qmail-remote");
	parcel_free(&heard);
	return true;
}

struct trust_oracle chain_oracle(const char *path)
{
	return (struct trust_oracle){(void *)path, ask};
}

static int verify(
    void *context, gnutls_x509_trust_list_t list, unsigned *verdict)
{
	struct chain *chain = context;
	gnutls_typed_vdata_st purpose = {.type = GNUTLS_DT_KEY_PURPOSE_OID,
	    .data = (unsigned char *)GNUTLS_KP_TLS_WWW_SERVER};
	int status = gnutls_x509_trust_list_verify_crt2(list,
	    chain->certificates, chain->count, &purpose, 1, 0, verdict, NULL);

	gnutls_x509_trust_list_deinit(list, 1);
	return status;
}

struct verifier chain_verifier(struct chain *chain)
{
	return (struct verifier){chain, verify};
}

bool chain_is_trusted(struct chain *chain, const struct anchors *anchors)
{
	struct verifier verifier = chain_verifier(chain);
	unsigned verdict = 1;

	return tls_verify(&verifier, anchors, &verdict) == 0 && verdict == 0;
}
