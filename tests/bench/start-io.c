/* SPDX-License-Identifier: ISC */
/* Floor: linked as qmail-remote-io is, with all of its modules. */
#include "config.h"

#include <stddef.h>

#include "mail/message.h"
#include "mail/transaction.h"

int main(void)
{
	static void (*const volatile linked[])(void) = {
	    (void (*)(void))transaction_run, (void (*)(void))message_open};

	return linked[0] == NULL;
}
