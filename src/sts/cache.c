/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "sts/cache.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "descriptors.h"
#include "dns/domain.h"
#include "lock.h"
#include "ownfile.h"
#include "sts/policy.h"
#include "xalloc.h"

/* What is longest in the name of a policy host, and what stands above a text.
 */
enum { DOMAIN_LENGTH_MAX = DOMAIN_MAX - sizeof "mta-sts" };
enum {
	HEAD_SIZE_MAX = 1024,
	FILE_SIZE_MAX = HEAD_SIZE_MAX + STS_POLICY_SIZE_MAX
};

/* No domain begins with a dot. */
#define LOCK_PREFIX ".lock-"
#define NEW_PREFIX ".new-"

bool sts_cache_takes(const char *domain)
{
	return domain_is_plain(domain) && strlen(domain) <= DOMAIN_LENGTH_MAX &&
	       domain[0] != '\0' && domain[0] != '.';
}

void sts_cache_open(
    struct sts_cache *cache, const char *run_directory, const char *domain)
{
	cache->directory = xasprintf("%s/mta-sts", run_directory);
	cache->domain = xstrdup(domain);
	cache->lock = -1;
}

static char *file_name(const struct sts_cache *cache, const char *prefix)
{
	return xasprintf("%s/%s%s", cache->directory, prefix, cache->domain);
}

/* The lock goes with its file: whoever waits for it makes a new one. */
void sts_cache_close(struct sts_cache *cache)
{
	if (cache->lock >= 0) {
		char *file = file_name(cache, LOCK_PREFIX);

		unlink(file);
		free(file);
		close(cache->lock);
	}
	free(cache->directory);
	free(cache->domain);
	*cache = (struct sts_cache){.lock = -1};
}

/* FNV-1a: against accidents, and a single wrong octet always shows. */
static uint64_t add_to_seal(uint64_t seal, const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		seal =
		    (seal ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001b3);
	return seal;
}

static const char *shown(const char *id)
{
	return *id != '\0' ? id : "-";
}

/* The file up to the text; the caller frees it. */
static char *encode_head(
    const struct sts_cache *cache, const struct sts_entry *entry)
{
	uint64_t seal = UINT64_C(0xcbf29ce484222325);
	char *facts = xasprintf("MTA-STS policy of %s\n"
				"id %s fetched %" PRId64 "\n"
				"failed-id %s failed %" PRId64 "\n"
				"policy %d size %zu\n",
	    cache->domain, shown(entry->id), entry->fetched,
	    shown(entry->failed_id), entry->failed, entry->text != NULL,
	    entry->size);
	char *head;

	seal = add_to_seal(seal, facts, strlen(facts));
	if (entry->text != NULL)
		seal = add_to_seal(seal, entry->text, entry->size);
	head = xasprintf("%sseal %016" PRIx64 "\n\n", facts, seal);
	free(facts);
	return head;
}

/* Reads what the head says; whether it says so is for the seal to tell. */
static bool decode_head(const char *bytes, struct sts_entry *entry)
{
	int policy = 0;

	if (sscanf(bytes,
		"MTA-STS policy of %*s "
		"id %32[-A-Za-z0-9] fetched %20" SCNd64 " "
		"failed-id %32[-A-Za-z0-9] failed %20" SCNd64 " "
		"policy %1d size %6zu seal ",
		entry->id, &entry->fetched, entry->failed_id, &entry->failed,
		&policy, &entry->size) != 6)
		return false;
	if (strcmp(entry->id, "-") == 0)
		entry->id[0] = '\0';
	if (strcmp(entry->failed_id, "-") == 0)
		entry->failed_id[0] = '\0';
	entry->text = policy != 0 ? xcalloc(entry->size + 1, 1) : NULL;
	return true;
}

/* What is read is what would be written, octet for octet, or it is nothing. */
static bool decode(const struct sts_cache *cache, const char *bytes,
    size_t size, struct sts_entry *entry)
{
	const char *end = memmem(bytes, size, "\n\n", 2);
	size_t head_size = end != NULL ? (size_t)(end - bytes) + 2 : 0;
	char *head;
	bool good;

	if (end == NULL || !decode_head(bytes, entry) ||
	    entry->size != size - head_size)
		return false;
	if (entry->text != NULL)
		memcpy(entry->text, bytes + head_size, entry->size);
	else if (entry->size > 0)
		return false;
	head = encode_head(cache, entry);
	good = strlen(head) == head_size && memcmp(head, bytes, head_size) == 0;
	free(head);
	return good;
}

/* The whole file, ended by a NUL; NULL when there is none of ours. */
static char *read_file(const char *file, size_t *size)
{
	int descriptor =
	    open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat status;
	char *bytes = NULL;

	if (descriptor < 0)
		return NULL;
	if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) &&
	    status.st_size <= FILE_SIZE_MAX) {
		*size = (size_t)status.st_size;
		bytes = xcalloc(*size + 1, 1);
		if (read(descriptor, bytes, *size) != (ssize_t)*size) {
			free(bytes);
			bytes = NULL;
		}
	}
	close(descriptor);
	return bytes;
}

bool sts_cache_read(const struct sts_cache *cache, struct sts_entry *entry)
{
	char *file = file_name(cache, "");
	size_t size = 0;
	char *bytes = read_file(file, &size);
	bool good;

	free(file);
	*entry = (struct sts_entry){.text = NULL};
	good = bytes != NULL && decode(cache, bytes, size, entry);
	if (!good)
		sts_entry_free(entry);
	free(bytes);
	return good;
}

void sts_entry_free(struct sts_entry *entry)
{
	free(entry->text);
	*entry = (struct sts_entry){.text = NULL};
}

/* Whether the locked file is still the one of that name. */
static bool is_current(int descriptor, const char *file)
{
	struct stat held, named;

	return fstat(descriptor, &held) == 0 && stat(file, &named) == 0 &&
	       held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

static int open_lock(const struct sts_cache *cache, const char *file)
{
	int descriptor = ownfile_open(file, 0600);

	if (descriptor < 0 && ownfile_make_directory(cache->directory))
		descriptor = ownfile_open(file, 0600);
	return descriptor;
}

bool sts_cache_lock(
    struct sts_cache *cache, struct deadline deadline, bool *waited)
{
	char *file = file_name(cache, LOCK_PREFIX);
	bool good = false;

	*waited = false;
	while (!good && (cache->lock = open_lock(cache, file)) >= 0) {
		if (!lock_take_until(cache->lock, deadline_in_ms(0))) {
			*waited = true;
			if (!lock_take_until(cache->lock, deadline))
				break;
		}
		good = is_current(cache->lock, file);
		if (!good)
			close(cache->lock);
	}
	if (!good && cache->lock >= 0) {
		close(cache->lock);
		cache->lock = -1;
	}
	free(file);
	return good;
}

bool sts_cache_write(
    const struct sts_cache *cache, const struct sts_entry *entry)
{
	char *file = file_name(cache, ""), *new = file_name(cache, NEW_PREFIX);
	char *head = encode_head(cache, entry);
	int descriptor;
	bool good = false;

	unlink(new);
	descriptor = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (descriptor >= 0) {
		good =
		    descriptors_write(descriptor, head, strlen(head)) &&
		    descriptors_write(descriptor, entry->text, entry->size) &&
		    fsync(descriptor) == 0 && rename(new, file) == 0;
		close(descriptor);
		if (!good)
			unlink(new);
	}
	free(head);
	free(new);
	free(file);
	return good;
}
