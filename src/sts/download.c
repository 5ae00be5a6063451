/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "sts/download.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <curl/curl.h>

#include "ascii.h"
#include "bind.h"
#include "sts/shown.h"
#include "xalloc.h"

enum { HEAD_SIZE_MAX = 64 * 1024, STATUS_OK = 200 };

static bool refuse(struct sts_download *download, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool refuse(struct sts_download *download, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(download->reason, sizeof download->reason, format, arguments);
	va_end(arguments);
	return false;
}

/* An answer of no size is given up; fewer octets than offered say so. */
static size_t take_body(char *bytes, size_t one, size_t size, void *context)
{
	struct sts_download *download = context;

	(void)one;
	if (size > STS_POLICY_SIZE_MAX - download->size) {
		refuse(download, "the policy has more than %d octets",
		    STS_POLICY_SIZE_MAX);
		return 0;
	}
	memcpy(download->body + download->size, bytes, size);
	download->size += size;
	return size;
}

/* Whether a line is the header that an answer in chunks has. */
static bool is_chunked(const char *line, size_t size)
{
	static const char name[] = "Transfer-Encoding:";
	size_t length = strlen(name);

	if (size < length || !ascii_is_word(line, length, name))
		return false;
	while (length < size && (line[length] == ' ' || line[length] == '\t'))
		length++;
	while (size > length && strchr("\r\n\t ", line[size - 1]) != NULL)
		size--;
	return ascii_is_word(line + length, size - length, "chunked");
}

/* Line by line. */
static size_t take_head(char *line, size_t one, size_t size, void *context)
{
	struct sts_download *download = context;

	(void)one;
	if (download->certificate == NULL)
		download->certificate = shown_in_session(download->curl);
	download->head_size += size;
	download->chunked = download->chunked || is_chunked(line, size);
	if (download->head_size <= HEAD_SIZE_MAX)
		return size;
	refuse(download, "the server's answer does not come to its body");
	return 0;
}

static bool is_listed(const struct sts_call *call, const struct ip *ip)
{
	for (size_t i = 0; i < call->address_count; i++)
		if (ip_equal(&call->addresses[i], ip))
			return true;
	return false;
}

static bool bind_source(
    int descriptor, const struct sts_call *call, const struct ip *ip)
{
	bool v4 = ip->version == 4;

	if (v4 ? !call->bind_v4 : !call->bind_v6)
		return true;
	return bind_to(descriptor, v4 ? &call->v4 : &call->v6);
}

/* Whatever libcurl believes: no socket but for the addresses of the call. */
static curl_socket_t open_socket(
    void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	const struct sts_download *download = context;
	struct sockaddr_storage copy = {0};
	struct ip ip;
	int descriptor;

	if (purpose != CURLSOCKTYPE_IPCXN || address->addrlen > sizeof copy)
		return CURL_SOCKET_BAD;
	memcpy(&copy, &address->addr, address->addrlen);
	if (!ip_from_sockaddr(&ip, (struct sockaddr *)&copy) ||
	    !is_listed(download->call, &ip))
		return CURL_SOCKET_BAD;
	descriptor = socket(address->family, address->socktype | SOCK_CLOEXEC,
	    address->protocol);
	if (descriptor >= 0 && bind_source(descriptor, download->call, &ip))
		return descriptor;
	if (descriptor >= 0)
		close(descriptor);
	return CURL_SOCKET_BAD;
}

/* HOST:PORT:ADDRESS,ADDRESS,... for libcurl to find instead of asking. */
static struct curl_slist *list_addresses(const struct sts_call *call)
{
	char *text = xasprintf("%s:%u:", call->host, (unsigned)call->port);
	struct curl_slist *list;

	for (size_t i = 0; i < call->address_count; i++) {
		const struct ip *ip = &call->addresses[i];
		char address[IP_TEXT_SIZE];
		char *longer =
		    xasprintf(ip->version == 4 ? "%s%s%s" : "%s%s[%s]", text,
			i > 0 ? "," : "", ip_format(ip, address));

		free(text);
		text = longer;
	}
	list = curl_slist_append(NULL, text);
	free(text);
	return list;
}

static char *make_url(const struct sts_call *call)
{
	const char *path = "/.well-known/mta-sts.txt";

	if (call->port == 443)
		return xasprintf("https://%s%s", call->host, path);
	return xasprintf(
	    "https://%s:%u%s", call->host, (unsigned)call->port, path);
}

/* https alone, and nothing that environment or files could say. */
static bool set_transport(CURL *curl)
{
#if LIBCURL_VERSION_NUM >= 0x075500
	CURLcode only = curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
#else
	CURLcode only =
	    curl_easy_setopt(curl, CURLOPT_PROTOCOLS, (long)CURLPROTO_HTTPS);
#endif
	return only == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_PROXY, "") == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_NOPROXY, "*") == CURLE_OK &&
	       curl_easy_setopt(
		   curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_HTTP_CONTENT_DECODING, 0L) ==
		   CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_HTTP_VERSION,
		   (long)CURL_HTTP_VERSION_1_1) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK;
}

/* The library's own anchors, of file and directory, must not count. */
static bool set_trust(CURL *curl, const char *anchors)
{
	return curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_SSLVERSION,
		   (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_CAINFO, anchors) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_CAPATH, (char *)NULL) ==
		   CURLE_OK &&
	       shown_prepare(curl);
}

static bool set_task(CURL *curl, struct sts_download *download, const char *url,
    struct curl_slist *addresses)
{
	return curl_easy_setopt(curl, CURLOPT_URL, url) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_RESOLVE, addresses) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS,
		   (long)download->call->milliseconds) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
		   (long)download->call->milliseconds) == CURLE_OK &&
	       curl_easy_setopt(
		   curl, CURLOPT_OPENSOCKETFUNCTION, open_socket) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, download) ==
		   CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body) ==
		   CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_WRITEDATA, download) ==
		   CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_head) ==
		   CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_HEADERDATA, download) == CURLE_OK;
}

/* The type without its parameters, in either case. */
static bool is_plain_text(const char *type)
{
	size_t length = strcspn(type, "; \t");

	return ascii_is_word(type, length, "text/plain");
}

/*
 * Whether the end of the body is its end.  Where it is only that of the
 * connection, whoever cuts that can shorten the policy: not every TLS library
 * minds that it was not closed.
 */
static bool is_whole(CURL *curl, const struct sts_download *download)
{
	curl_off_t length = -1;

	curl_easy_getinfo(curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
	return download->chunked || length == (curl_off_t)download->size;
}

/* What came, when libcurl has no complaint. */
static bool check_answer(CURL *curl, struct sts_download *download)
{
	const char *type = NULL;
	long status = 0;

	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
	if (status != STATUS_OK)
		return refuse(download, "the answer has status %ld", status);
	if (type == NULL || !is_plain_text(type))
		return refuse(download, "the answer is of type %.64s",
		    type != NULL ? type : "none");
	if (!is_whole(curl, download))
		return refuse(download, "the answer does not say its length");
	return true;
}

/* Unless it was there with the first line of the answer. */
static bool take_certificate(CURL *curl, struct sts_download *download)
{
	if (download->certificate == NULL)
		download->certificate = shown_in_answer(curl);
	return download->certificate != NULL ||
	       refuse(download, "the server showed no certificate");
}

/* libcurl's own words come last: what a callback said tells more. */
static bool perform(CURL *curl, struct sts_download *download)
{
	char words[CURL_ERROR_SIZE] = "";
	CURLcode code;

	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, words);
	code = curl_easy_perform(curl);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, (char *)NULL);
	if (code == CURLE_OK)
		return check_answer(curl, download) &&
		       take_certificate(curl, download);
	if (download->reason[0] != '\0')
		return false;
	return refuse(download, "%s",
	    words[0] != '\0' ? words : curl_easy_strerror(code));
}

bool sts_download_prepare(void)
{
	return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

bool sts_download(struct sts_download *download, const struct sts_call *call,
    const char *anchors)
{
	struct curl_slist *addresses = list_addresses(call);
	CURL *curl = curl_easy_init();
	char *url = make_url(call);
	bool good = false;

	*download = (struct sts_download){.call = call, .curl = curl};
	if (curl != NULL && addresses != NULL && set_transport(curl) &&
	    set_trust(curl, anchors) &&
	    set_task(curl, download, url, addresses))
		good = perform(curl, download);
	else
		refuse(download, "libcurl cannot be set up for it");
	curl_easy_cleanup(curl);
	curl_slist_free_all(addresses);
	free(url);
	return good;
}
