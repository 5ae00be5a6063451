/* SPDX-License-Identifier: ISC */
/*
 * What the test DNS server answers: a pure function of zone and question.
 */
#ifndef DNS_ANSWER_H
#define DNS_ANSWER_H

#include "dns-message.h"
#include "dns-zone.h"

/* Builds the answer that the plan for this question demands. */
void dns_answer_build(struct dns_message *message, const struct dns_zone *zone,
    const struct dns_plan *plan, const struct dns_question *question,
    enum dns_transport transport);

#endif
