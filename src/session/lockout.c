/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "session/lockout.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lock.h"
#include "ownfile.h"
#include "random.h"
#include "siphash.h"
#include "xalloc.h"

/* The file. */
struct memory {
	char magic[8];
	unsigned char key[SIPHASH_KEY];
	struct entry {
		uint64_t account; /* its hash */
		int64_t time;	  /* of the refusal; 0: none */
	} entries[LOCKOUT_ENTRIES];
	uint64_t seal; /* hash of all that is before */
};
static const char magic[8] = "refused";
_Static_assert(
    sizeof(struct memory) == 8 + SIPHASH_KEY + 16 * LOCKOUT_ENTRIES + 8,
    "the file has no gaps");

/* Opens the file, and locks it; makes it where it is to be written. */
static int open_memory(const char *directory, bool writing)
{
	char *path = xasprintf("%s/" LOCKOUT_FILE, directory);
	int descriptor =
	    writing ? ownfile_open(path, 0600)
		    : open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	free(path);
	return lock_or_close(descriptor);
}

static uint64_t seal_of(const struct memory *memory)
{
	return siphash(memory->key, memory, offsetof(struct memory, seal));
}

/* Returns false when the file is none of ours, or damaged. */
static bool load(int descriptor, struct memory *memory)
{
	return pread(descriptor, memory, sizeof *memory, 0) == sizeof *memory &&
	       memcmp(memory->magic, magic, sizeof magic) == 0 &&
	       memory->seal == seal_of(memory);
}

/* An empty memory; false when there is no randomness for it. */
static bool begin(struct memory *memory)
{
	memset(memory, 0, sizeof *memory);
	memcpy(memory->magic, magic, sizeof magic);
	return random_fill(memory->key, sizeof memory->key);
}

static size_t append(char *bytes, size_t size, const char *text)
{
	size_t length = strlen(text) + 1;

	memcpy(bytes + size, text, length);
	return size + length;
}

static uint64_t hash_account(
    const struct memory *memory, const struct lockout_account *account)
{
	size_t room = sizeof account->port + strlen(account->relay) +
		      strlen(account->user) + strlen(account->secret) + 3;
	char *bytes = xcalloc(room, 1);
	size_t size = sizeof account->port;
	uint64_t hash;

	memcpy(bytes, &account->port, size);
	size = append(bytes, size, account->relay);
	size = append(bytes, size, account->user);
	size = append(bytes, size, account->secret);
	hash = siphash(memory->key, bytes, size);
	explicit_bzero(bytes, size);
	free(bytes);
	return hash;
}

static int64_t now(void)
{
	return (int64_t)time(NULL);
}

/* A time that is far ahead comes from a clock that was wrong. */
static bool is_recent(const struct entry *entry)
{
	int64_t age = now() - entry->time;

	return age > -LOCKOUT_SECONDS && age < LOCKOUT_SECONDS;
}

bool lockout_holds(const char *directory, const struct lockout_account *account)
{
	int descriptor = open_memory(directory, false);
	struct memory memory;
	uint64_t hash;
	bool loaded;

	if (descriptor < 0)
		return false;
	loaded = load(descriptor, &memory);
	close(descriptor);
	if (!loaded)
		return false;
	hash = hash_account(&memory, account);
	for (size_t i = 0; i < LOCKOUT_ENTRIES; i++)
		if (memory.entries[i].account == hash &&
		    is_recent(&memory.entries[i]))
			return true;
	return false;
}

/* Its own entry, or one of no more use, or the oldest. */
static struct entry *find_place(struct memory *memory, uint64_t hash)
{
	struct entry *place = &memory->entries[0];

	for (size_t i = 0; i < LOCKOUT_ENTRIES; i++) {
		struct entry *entry = &memory->entries[i];

		if (!is_recent(entry))
			*entry = (struct entry){0};
		if (place->account == hash && place->time != 0)
			continue;
		if (entry->time < place->time || entry->account == hash)
			place = entry;
	}
	return place;
}

/* A write that is cut short leaves a file that counts as damaged. */
static bool store(int descriptor, struct memory *memory)
{
	memory->seal = seal_of(memory);
	return fchmod(descriptor, 0600) == 0 &&
	       pwrite(descriptor, memory, sizeof *memory, 0) == sizeof *memory;
}

void lockout_note(const char *directory, const struct lockout_account *account)
{
	int descriptor = open_memory(directory, true);
	struct memory memory;
	uint64_t hash;

	if (descriptor < 0)
		return;
	if (load(descriptor, &memory) || begin(&memory)) {
		hash = hash_account(&memory, account);
		*find_place(&memory, hash) = (struct entry){hash, now()};
		store(descriptor, &memory);
	}
	close(descriptor);
}
