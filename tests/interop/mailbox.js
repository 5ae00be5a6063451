// SPDX-License-Identifier: ISC
//
// What cases.sh expects of a server, for those that are written for node.
'use strict';

const fs = require('fs');

const early = new Set(['grey']);
let kept = 0;

// The code and the text of the answer to a recipient.
exports.judge = function (user) {
	if (user === 'refused')
		return [550, 'no such mailbox'];
	if (early.delete(user))
		return [451, 'greylisted'];
	return [250, 'ok'];
};

// Keeps a message, with LF for line ends, so many times in a maildir.
exports.keep = function (maildir, content, copies) {
	for (; copies > 0; copies--) {
		const name = `${Date.now()}.${process.pid}_${kept++}`;
		fs.writeFileSync(`${maildir}/tmp/${name}`, content);
		fs.renameSync(`${maildir}/tmp/${name}`,
			`${maildir}/new/${name}`);
	}
};
