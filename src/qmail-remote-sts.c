/* SPDX-License-Identifier: ISC */
/*
 * qmail-remote-sts: fetches the MTA-STS policy of one domain for qmail-remote,
 * which gives it what call.h says and reads its standard output.
 *
 * It knows nothing of the message: neither host nor sender, nor any descriptor
 * but that pipe.  It asks nobody for addresses, and writes no file.
 */
#include "config.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "confine.h"
#include "environment.h"
#include "sts/call.h"
#include "sts/download.h"
#include "tls/bundle.h"

/* How much longer than its time it may live, in seconds. */
enum { SPARE_SECONDS = 2 };

static bool keep_none(const char *variable)
{
	(void)variable;
	return false;
}

static void fail(struct sts_result *result, const char *reason)
{
	*result = (struct sts_result){.outcome = STS_OUTCOME_FAILED,
	    .text = reason,
	    .size = strlen(reason)};
}

/* It must not run as it is. */
static void refuse(struct sts_result *result, const char *reason)
{
	*result = (struct sts_result){.outcome = STS_OUTCOME_MISSING,
	    .text = reason,
	    .size = strlen(reason)};
}

static void fetch(struct sts_download *download, const struct sts_call *call,
    struct sts_result *result)
{
	int file = bundle_open(call->anchors);
	struct failure failure;
	char anchors[32];

	if (file < 0) {
		fail(result, "there are no trust anchors");
		return;
	}
	snprintf(anchors, sizeof anchors, "/dev/fd/%d", file);
	if (!sts_download_prepare())
		fail(result, "libcurl does not start");
	else if (!confine_to_calls(&failure))
		refuse(result, "it cannot give up its rights");
	else if (!sts_download(download, call, anchors))
		fail(result, download->reason);
	else if (!bundle_bears(download->certificate, call->host))
		fail(result,
		    "no subject alternative name of the certificate is that "
		    "of the policy host");
	else if (!bundle_is_for_servers(download->certificate))
		fail(result, "the certificate is not for a server");
	else
		*result = (struct sts_result){.outcome = STS_OUTCOME_POLICY,
		    .text = download->body,
		    .size = download->size};
}

int main(int argc, char **argv)
{
	static struct sts_download download;
	struct sts_result result = {.outcome = STS_OUTCOME_FOREIGN, .text = ""};
	struct sts_call call;

	environment_clean(keep_none);
	if (argc == 2 && strcmp(argv[1], "--version") == 0)
		return puts(PACKAGE_STRING) < 0 ? 1 : 0;
	confine_memory();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGALRM, SIG_DFL);
	if (sts_call_from_arguments(&call, argc, argv)) {
		alarm((unsigned)(call.milliseconds / 1000) + SPARE_SECONDS);
		fetch(&download, &call, &result);
	}
	_exit(sts_result_write(STDOUT_FILENO, &result) ? 0 : 1);
}
