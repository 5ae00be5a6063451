// SPDX-License-Identifier: ISC
//
// A plugin of Haraka that does what cases.sh expects of a server.
'use strict';

const mailbox = require('/interop/mailbox');

exports.hook_rcpt = function (next, connection, [address]) {
	const [code, text] = mailbox.judge(address.user);
	if (code === 550)
		return next(DENY, text);
	if (code === 451)
		return next(DENYSOFT, text);
	next(OK);
};

exports.hook_queue = function (next, connection) {
	const mail = connection.transaction;
	mail.message_stream.get_data({ line_endings: '\n' }, content => {
		mailbox.keep('/interop/mail/all', content,
			mail.rcpt_to.length);
		next(OK);
	});
};
