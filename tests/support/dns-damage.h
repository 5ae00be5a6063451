/* SPDX-License-Identifier: ISC */
/*
 * Ways to damage the finished answer of the test DNS server.
 */
#ifndef DNS_DAMAGE_H
#define DNS_DAMAGE_H

#include "dns-message.h"
#include "dns-zone.h"

void dns_damage_apply(struct dns_message *message, enum dns_damage damage);

#endif
