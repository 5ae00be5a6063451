/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "dns-log.h"

#include <err.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <time.h>

struct dns_log *dns_log_new(void)
{
	void *memory = mmap(NULL, sizeof(struct dns_log),
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		err(99, "mmap");
	return memory;
}

void dns_log_free(struct dns_log *log)
{
	munmap(log, sizeof *log);
}

int64_t dns_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

bool dns_log_add(struct dns_log *log, const struct dns_event *event)
{
	size_t count = atomic_load(&log->count);

	if (count == DNS_LOG_MAX)
		return false;
	log->events[count] = *event;
	log->events[count].at = dns_now();
	atomic_store(&log->count, count + 1);
	return true;
}

bool dns_event_matches(
    const struct dns_event *event, const struct dns_match *match)
{
	return (match->kind == 0 || event->kind == match->kind) &&
	       (match->transport == 0 ||
		   event->transport == match->transport) &&
	       (match->name == NULL ||
		   strcasecmp(event->name, match->name) == 0) &&
	       (match->type == NULL || strcmp(event->type, match->type) == 0);
}

static bool is_address(const struct dns_event *event)
{
	return strcmp(event->type, "A") == 0 ||
	       strcmp(event->type, "AAAA") == 0;
}

/* True for an A or AAAA query that repeats none before it. */
static bool is_first(const struct dns_log *log, size_t index)
{
	const struct dns_event *event = &log->events[index];
	const struct dns_match same = {
	    .kind = DNS_QUERY,
	    .name = event->name,
	    .type = event->type,
	};

	if (event->kind != DNS_QUERY || !is_address(event))
		return false;
	for (size_t i = 0; i < index; i++)
		if (dns_event_matches(&log->events[i], &same))
			return false;
	return true;
}

size_t dns_log_addresses(const struct dns_log *log)
{
	size_t count = atomic_load(&log->count);
	size_t first = 0;

	for (size_t i = 0; i < count; i++)
		if (is_first(log, i))
			first++;
	return first;
}

bool dns_log_asked_at_once(const struct dns_log *log)
{
	size_t count = atomic_load(&log->count);
	bool answered = false;

	for (size_t i = 0; i < count; i++) {
		const struct dns_event *event = &log->events[i];

		if (event->kind == DNS_ANSWER && is_address(event))
			answered = true;
		else if (answered && is_first(log, i))
			return false;
	}
	return true;
}
