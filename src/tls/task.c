/* SPDX-License-Identifier: ISC */
#include "config.h"

#include "tls/task.h"

#include "xalloc.h"

static void put_names(struct parcel *parcel, const struct tls_task *task)
{
	parcel_put_number(parcel, task->name_count);
	for (size_t i = 0; i < task->name_count; i++) {
		parcel_put_text(parcel, task->names[i].pattern);
		parcel_put_number(parcel, task->names[i].uses);
	}
}

static void take_names(struct parcel *parcel, struct tls_task *task)
{
	size_t count = parcel_take_count(parcel, TLS_NAMES_MAX);
	struct tls_name *names = xcalloc(count, sizeof *names);

	for (size_t i = 0; i < count; i++) {
		const char *pattern = parcel_take_text(parcel);

		names[i].pattern = pattern != NULL ? pattern : "";
		names[i].uses = (unsigned)parcel_take_number(parcel);
	}
	task->names = names;
	task->name_count = count;
}

static void put_records(struct parcel *parcel, const struct tls_task *task)
{
	parcel_put_number(parcel, task->record_count);
	for (size_t i = 0; i < task->record_count; i++) {
		const struct tlsa_record *record = &task->records[i];

		parcel_put_number(parcel, record->usage);
		parcel_put_number(parcel, record->selector);
		parcel_put_number(parcel, record->matching);
		parcel_put_bytes(parcel, record->data, record->size);
	}
}

static void take_records(struct parcel *parcel, struct tls_task *task)
{
	size_t count = parcel_take_count(parcel, TLS_RECORDS_MAX);
	struct tlsa_record *records = xcalloc(count, sizeof *records);

	for (size_t i = 0; i < count; i++) {
		records[i].usage = (uint8_t)parcel_take_number(parcel);
		records[i].selector = (uint8_t)parcel_take_number(parcel);
		records[i].matching = (uint8_t)parcel_take_number(parcel);
		records[i].data = (unsigned char *)parcel_take_bytes(
		    parcel, &records[i].size);
	}
	task->records = records;
	task->record_count = count;
}

static void put_pins(struct parcel *parcel, const struct tls_task *task)
{
	parcel_put_number(parcel, task->pin_count);
	for (size_t i = 0; i < task->pin_count; i++)
		parcel_put_bytes(parcel, task->pins[i], TLS_PIN_SIZE);
}

static void take_pins(struct parcel *parcel, struct tls_task *task)
{
	size_t count = parcel_take_count(parcel, TLS_PINS_MAX);
	unsigned char(*pins)[TLS_PIN_SIZE] = xcalloc(count, sizeof *pins);

	for (size_t i = 0; i < count; i++)
		parcel_take_copy(parcel, pins[i], TLS_PIN_SIZE);
	task->pins = (const unsigned char(*)[TLS_PIN_SIZE])pins;
	task->pin_count = count;
}

void tls_task_put(struct parcel *parcel, const struct tls_task *task)
{
	parcel_put_version(parcel);
	parcel_put_text(parcel, task->server);
	parcel_put_text(parcel, task->sni);
	put_names(parcel, task);
	parcel_put_text(parcel, task->anchors);
	put_records(parcel, task);
	put_pins(parcel, task);
	parcel_put_text(parcel, task->clientcert);
	parcel_put_text(parcel, task->clientkey);
	parcel_put_text(parcel, task->run_directory);
	parcel_put_number(parcel, task->lenient);
	parcel_put_number(parcel, task->binding);
	parcel_put_number(parcel, task->certificates);
}

bool tls_task_take(struct parcel *parcel, struct tls_task *task)
{
	*task = (struct tls_task){0};
	parcel_take_version(parcel);
	task->server = parcel_take_text(parcel);
	task->sni = parcel_take_text(parcel);
	take_names(parcel, task);
	task->anchors = parcel_take_text(parcel);
	take_records(parcel, task);
	take_pins(parcel, task);
	task->clientcert = parcel_take_text(parcel);
	task->clientkey = parcel_take_text(parcel);
	task->run_directory = parcel_take_text(parcel);
	task->lenient = parcel_take_number(parcel) != 0;
	task->binding = parcel_take_number(parcel) != 0;
	task->certificates = parcel_take_number(parcel) != 0;
	return parcel_is_empty(parcel) && task->server != NULL;
}
