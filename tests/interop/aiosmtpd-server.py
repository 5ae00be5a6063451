# SPDX-License-Identifier: ISC
"""An SMTP server: aiosmtpd with a maildir, on the addresses given.

It listens on port 25 of each address, offers STARTTLS if the certificate of
the test is there, and does what cases.sh expects of a server.
"""

import asyncio
import mailbox
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP

CERTIFICATE = "/interop/tls/server.pem"
KEY = "/interop/tls/server.key"
LIMIT = 1_000_000


class Maildir:
    def __init__(self, path):
        self.box = mailbox.Maildir(path, create=True)
        self.grey = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        local_part = address.partition("@")[0]
        if local_part == "refused":
            return "550 5.1.1 no such mailbox"
        if local_part == "grey" and session.peer[0] not in self.grey:
            self.grey.add(session.peer[0])
            return "451 4.7.1 greylisted"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server, session, envelope):
        trace = f"Received: from {session.peer[0]}\n"
        content = envelope.original_content.replace(b"\r\n", b"\n")
        for _ in envelope.rcpt_tos:
            self.box.add(trace.encode() + content)
        return "250 2.0.0 kept"


async def serve(path, addresses):
    context = None
    if os.path.exists(CERTIFICATE):
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(CERTIFICATE, KEY)
    handler = Maildir(path)

    def session():
        return SMTP(handler, data_size_limit=LIMIT, enable_SMTPUTF8=True,
                    hostname="aiosmtpd.example", tls_context=context)

    loop = asyncio.get_running_loop()
    for address in addresses:
        await loop.create_server(session, address, 25)
    await loop.create_future()


asyncio.run(serve(sys.argv[1], sys.argv[2:]))
