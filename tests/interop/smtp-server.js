// SPDX-License-Identifier: ISC
//
// usage: node smtp-server.js MAILDIR ADDRESS PORT KIND ...
//
// npm's smtp-server with a maildir.  KIND is "starttls"; "unaware", the same
// without REQUIRETLS; "tls", from the first byte; or "naked", without.  At port 25 nobody logs in, elsewhere everybody
// must, as /interop/account says and by the mechanisms that
// /interop/mechanisms names at that time.  Does what cases.sh expects of a
// server, and says who has tried to log in and what came with MAIL.
'use strict';

const fs = require('fs');
const { SMTPServer } = require('smtp-server');
const mailbox = require('./mailbox');

const LIMIT = 1000000;
const [maildir, ...listeners] = process.argv.slice(2);

function answer(code, text) {
	return Object.assign(new Error(text), { responseCode: code });
}

function words(file) {
	return fs.readFileSync(file, 'utf8').split(/\s+/).filter(Boolean);
}

function takeMail(address, session, done) {
	console.log('MAIL', Object.keys(address.args || {}).join(' '));
	done();
}

function takeRecipient(address, session, done) {
	const [code, text] = mailbox.judge(address.address.split('@')[0]);
	done(code === 250 ? null : answer(code, text));
}

function takeData(stream, session, done) {
	const chunks = [];
	stream.on('data', chunk => chunks.push(chunk));
	stream.on('end', () => {
		if (stream.sizeExceeded)
			return done(answer(552, 'too large'));
		const trace = `Received: from ${session.remoteAddress}\n`;
		const text = trace + Buffer.concat(chunks).toString('latin1');
		mailbox.keep(maildir,
			Buffer.from(text.replace(/\r\n/g, '\n'), 'latin1'),
			session.envelope.rcptTo.length);
		done();
	});
}

function knows(auth, user, password) {
	if (auth.username !== user)
		return false;
	return auth.validatePassword ? auth.validatePassword(password) :
		(auth.password || auth.accessToken) === password;
}

function logIn(auth, session, done) {
	const [user, password] = words('/interop/account');
	console.log('AUTH', auth.method, auth.username);
	done(null, knows(auth, user, password) ? { user } :
		{ message: 'no', data: { status: '401' } });
}

function listen(host, port, kind) {
	const inward = port === '25';
	const server = new SMTPServer({
		name: 'smtp-server.example',
		key: fs.readFileSync('/interop/tls/server.key'),
		cert: fs.readFileSync('/interop/tls/server.pem'),
		secure: kind === 'tls',
		hideSTARTTLS: kind === 'naked',
		hideREQUIRETLS: kind === 'unaware',
		allowInsecureAuth: kind === 'naked',
		disabledCommands: inward ? ['AUTH'] : [],
		authOptional: inward,
		disableReverseLookup: true,
		size: LIMIT,
		onConnect(session, done) {
			if (!inward)
				server.options.authMethods =
					words('/interop/mechanisms');
			done();
		},
		onAuth: logIn,
		onMailFrom: takeMail,
		onRcptTo: takeRecipient,
		onData: takeData,
	});
	server.on('error', error => console.log(error.message));
	server.listen(Number(port), host);
}

while (listeners.length)
	listen(...listeners.splice(0, 3));
