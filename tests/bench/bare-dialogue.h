/* SPDX-License-Identifier: ISC */
/* What the bare clients say to an SMTP server, whatever it replies. */
#ifndef BARE_DIALOGUE_H
#define BARE_DIALOGUE_H

#define BARE_EHLO "EHLO bench.invalid\r\n"
#define BARE_STARTTLS "STARTTLS\r\n"
#define BARE_ENVELOPE                                                          \
	"MAIL FROM:<sender@bench.invalid>\r\n"                                 \
	"RCPT TO:<recipient@example.test>\r\n"                                 \
	"DATA\r\n"
#define BARE_MESSAGE "Subject: x\r\n\r\nx\r\n.\r\n"
#define BARE_QUIT "QUIT\r\n"

#endif
