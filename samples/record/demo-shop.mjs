/*
 * A demo shop for recording HAR files: plain node:http (Node 20.15 or later), loopback only, no
 * dependencies.
 *
 * It does what a shop with a login does, and leaks as such shops leak: session and CSRF cookies,
 * tokens in URLs, fragments, headers, bodies, frames and events, personal data in JSON and HTML,
 * an error page that echoes credentials. It checks nothing and keeps no state: whoever calls gets
 * the planted answer. Every answer is the same in every run but for the token of `bearer` with
 * --jwt.
 *
 *     node demo-shop.mjs [--jwt] [port]      then open http://127.0.0.1:8411/
 *
 * --jwt issues a JWT, built at the start with a random key, in place of the opaque access token.
 * Never commit what is recorded that way: filters take it for a live one.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';
import { crc32, deflateSync, gzipSync } from 'node:zlib';
import { personal, planted } from './planted.mjs';

const CDN = 'http://cdn.shop.test';
const SOCKET_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'; /* RFC 6455, 1.3 */
const FIXED_DATE = 'Mon, 05 Jan 2026 10:00:00 GMT';

/* ---------------------------------------------------------------- small tools */

function escapeHtml(text) {
    return text.replace(
        /[&<>"]/g,
        (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c],
    );
}

function pngChunk(type, data) {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const frame = Buffer.alloc(8 + body.length);
    frame.writeUInt32BE(data.length, 0);
    body.copy(frame, 4);
    frame.writeUInt32BE(crc32(body), 4 + body.length);
    return frame;
}

/* A square of side `size` with a colour gradient, 8 bits a channel, no alpha. */
export function makePng(size) {
    const header = Buffer.alloc(13);
    header.writeUInt32BE(size, 0);
    header.writeUInt32BE(size, 4);
    header.set([8, 2, 0, 0, 0], 8);
    const rows = Buffer.alloc(size * (1 + 3 * size));
    for (let y = 0; y < size; y++) {
        for (let x = 0; x < size; x++) {
            rows.set(
                [(x * 37) & 255, (y * 53) & 255, (x * y * 7) & 255],
                y * (1 + 3 * size) + 1 + 3 * x,
            );
        }
    }
    return Buffer.concat([
        Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
        pngChunk('IHDR', header),
        pngChunk('IDAT', deflateSync(rows)),
        pngChunk('IEND', Buffer.alloc(0)),
    ]);
}

function makeJwt(claims) {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
    return `${signed}.${createHmac('sha256', randomBytes(32)).update(signed).digest('base64url')}`;
}

function send(res, status, type, body, headers = {}) {
    res.sendDate = false;
    res.writeHead(status, {
        Date: FIXED_DATE,
        Server: 'demo-shop',
        'Content-Type': type,
        ...headers,
    });
    res.end(body);
}

const sendJson = (res, value, headers) =>
    send(res, 200, 'application/json; charset=utf-8', JSON.stringify(value), headers);
const redirect = (res, location, headers) =>
    send(res, 302, 'text/plain', `Found. Redirecting to ${location}`, {
        Location: location,
        ...headers,
    });

/* ---------------------------------------------------------------- what the shop knows */

const customers = [
    {
        id: 1001,
        firstName: personal.firstName,
        lastName: personal.lastName,
        email: planted.email,
        phone: planted.phone,
        birthDate: personal.birthDate,
        newsletter: true,
        address: { street: personal.street, city: 'Barrowby', countryCode: 'GB' },
    },
    {
        id: 1002,
        firstName: 'Osei',
        lastName: personal.otherLastName,
        email: planted.otherEmail,
        phone: planted.otherPhone,
        newsletter: false,
        address: { street: personal.otherStreet, city: 'Fairlea', countryCode: 'US' },
    },
];

const products = ['Kettle', 'Lantern', 'Teapot', 'Whisk'].map((name, i) => ({
    id: 7000 + i,
    name,
    price: 12.5 + i * 3.25,
    currency: 'EUR',
    tokens_earned: i + 1,
    tags: ['kitchen'],
}));

/* ---------------------------------------------------------------- pages */

function layout(title, body) {
    return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="csrf-param" content="_csrf">
<meta name="csrf-token" content="${planted.csrf}">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${CDN}/style.css">
</head>
<body>
${body}
<footer>Caf\u00e9 &amp; Kitchen \u00b7 <a href="mailto:you@example.com?subject=Hi">Write to us</a></footer>
</body>
</html>
`;
}

function homePage() {
    const image = makePng(6).toString('base64');
    return layout(
        'Demo shop',
        `<h1>Demo shop</h1>
<img alt="logo" src="data:image/png;base64,${image}">
<ul>${products.map((p) => `<li>${p.name}: ${p.price.toFixed(2)} EUR</li>`).join('')}</ul>
<p><a href="/login">Log in</a></p>`,
    );
}

function loginPage() {
    return layout(
        'Log in',
        `<form id="login" method="post" action="/login">
<input type="hidden" name="_csrf" value="${planted.csrf}">
<label for="email">E-mail</label><input id="email" name="email" autocomplete="username" placeholder="you@example.com">
<label for="password">Password</label><input id="password" type="password" name="password" autocomplete="current-password">
<label><input type="checkbox" name="remember" value="1" checked>Remember me</label>
<button>Log in</button>
</form>`,
    );
}

function accountPage() {
    const state = {
        user: customers[0],
        apiKey: planted.apiKey,
        features: { darkMode: true, tokens: 3 },
    };
    return layout(
        'Your account',
        `<h1>Your account</h1>
<dl>
<dt>E-mail</dt><dd><a href="mailto:${planted.email}?subject=Order">${planted.email.replace('@', '&#64;')}</a></dd>
<dt>Alias</dt><dd>${planted.plusEmail.replace('+', '&#43;').replace('@', '&commat;')}</dd>
<dt>Phone</dt><dd><a href="tel:${planted.phone.replaceAll(' ', '')}">${planted.phone}</a></dd>
</dl>
<input name="first_name" autocomplete="given-name" value="${personal.firstName}">
<input name="last_name" autocomplete="family-name" value="${personal.lastName}">
<input name="street_address" autocomplete="street-address" value="${personal.street}">
<form action="/password" method="post">
<input type="hidden" name="_csrf" value="${planted.csrf}">
<input type="password" name="current_password" value="${escapeHtml(planted.password)}">
</form>
<script>window.__STATE__ = ${JSON.stringify(state)};</script>
<script src="${CDN}/app.js"></script>`,
    );
}

const welcomePage = () => layout('Welcome', '<p id="state">Signed in.</p>');
const resetPage = () =>
    layout(
        'New password',
        `<form method="post" action="/reset/${planted.resetToken}">
<input type="password" name="new_password"><button>Save</button>
</form>
<p>Link broken? Paste http://shop.test/reset/${planted.resetToken}?lang=en</p>`,
    );

function errorPage(req) {
    return `<html><body><h1>500 Internal error</h1><pre>
Error: no such order
    at findOrder (orders.js:41:9)
request headers:
  authorization: ${req.headers.authorization ?? '-'}
  cookie: ${req.headers.cookie ?? '-'}
session ${planted.session} of ${planted.email} was active
</pre></body></html>`;
}

const SCRIPT = `'use strict';
// strings that only look like secrets
const token = 'next';
const passwordPolicy = { minLength: 8, maxLength: 64 };
function nextToken(stream) { return stream.tokens[stream.position++]; }
const csrfHeader = 'X-CSRF-Token';
`;
const STYLE =
    '@media screen and (min-width: 40em) { body { margin: 2em auto; color: #24579f; } }\n';

/* ---------------------------------------------------------------- answers */

function logIn(req, res) {
    if ((req.headers['content-type'] ?? '').startsWith('application/json')) {
        sendJson(
            res,
            {
                access_token: shop.bearer,
                refresh_token: planted.refreshToken,
                token_type: 'Bearer',
                expires_in: 3600,
                scope: 'profile orders',
                user: customers[0],
            },
            { 'Cache-Control': 'no-store' },
        );
        return;
    }
    redirect(res, '/account?welcome=1', {
        'Set-Cookie': [
            `shop_session=${planted.session}; Path=/; HttpOnly; SameSite=Lax`,
            `remember_token=${planted.rememberToken}; Max-Age=2592000; Path=/; HttpOnly`,
            'theme=dark; Path=/',
        ],
    });
}

function authorize(url, res) {
    const back = new URL(
        url.searchParams.get('redirect_uri') ?? '/oauth/callback',
        'http://shop.test',
    );
    back.searchParams.set('code', planted.oauthCode);
    back.searchParams.set('state', url.searchParams.get('state') ?? '');
    redirect(res, back.href);
}

const finishOauth = (res) =>
    redirect(res, `/welcome#access_token=${planted.oauthToken}&token_type=bearer&expires_in=3600`);

function sendEvents(res) {
    const events = [
        `event: hello\nid: 1\ndata: ${JSON.stringify({ sessionToken: planted.streamToken, retry: 3 })}\n\n`,
        `event: order\nid: 2\ndata: ${JSON.stringify({ order: 417, customer: planted.otherEmail })}\n\n`,
        ': keep-alive\n\nevent: done\nid: 3\ndata: bye\n\n',
    ];
    send(res, 200, 'text/event-stream', events.join(''), { 'Cache-Control': 'no-cache' });
}

function answerGraphql(res) {
    sendJson(res, {
        data: {
            signIn: {
                authToken: shop.bearer,
                viewer: { email: planted.email, phoneNumber: planted.thirdPhone },
            },
        },
        extensions: { cost: { requested: 4, limit: 1000 } },
    });
}

function sendLegacy(res) {
    send(
        res,
        200,
        'application/xml',
        `<?xml version="1.0" encoding="UTF-8"?>
<session version="1"><user><email>${planted.email}</email></user><token>${planted.xmlToken}</token>` +
            '<lifetime unit="s">900</lifetime></session>\n',
    );
}

const exportFile = () =>
    gzipSync(
        JSON.stringify({
            format: 'export-1',
            downloadToken: planted.exportToken,
            customers,
            products,
        }),
        { level: 9 },
    );

const ROUTES = {
    'GET /': (req, res) =>
        send(res, 200, 'text/html; charset=utf-8', homePage(), {
            'Set-Cookie': [
                `shop_session=${planted.anonymousSession}; Path=/; HttpOnly`,
                'lang=en; Path=/',
            ],
        }),
    'GET /login': (req, res) =>
        send(res, 200, 'text/html; charset=utf-8', loginPage(), {
            'Set-Cookie': `csrf_token=${planted.csrf}; Path=/; SameSite=Strict`,
        }),
    'POST /login': logIn,
    'POST /api/login': logIn,
    'GET /account': (req, res) => send(res, 200, 'text/html; charset=utf-8', accountPage()),
    'GET /api/customers': (req, res) => sendJson(res, { total: 2, page: 1, items: customers }),
    'GET /api/products': (req, res) => sendJson(res, products, { ETag: '"p-417"' }),
    'GET /oauth/authorize': (req, res, url) => authorize(url, res),
    'GET /oauth/callback': (req, res) => finishOauth(res),
    'POST /oauth/token': (req, res) =>
        sendJson(res, { access_token: planted.oauthToken, token_type: 'bearer' }),
    'GET /welcome': (req, res) => send(res, 200, 'text/html; charset=utf-8', welcomePage()),
    'POST /api/upload': (req, res) =>
        sendJson(res, { stored: 2, deviceSecret: planted.deviceSecret }),
    'GET /api/events': (req, res) => sendEvents(res),
    'GET /avatar.png': (req, res) => send(res, 200, 'image/png', makePng(24)),
    'GET /api/report': (req, res) =>
        send(
            res,
            200,
            'application/json',
            gzipSync(JSON.stringify({ recipient: planted.plusEmail, rows: products })),
            { 'Content-Encoding': 'gzip' },
        ),
    'GET /files/export.json.gz': (req, res) =>
        send(res, 200, 'application/octet-stream', exportFile(), {
            'Content-Disposition': 'attachment; filename="export.json.gz"',
        }),
    'POST /graphql': (req, res) => answerGraphql(res),
    'GET /api/orders/999': (req, res) => send(res, 500, 'text/html; charset=utf-8', errorPage(req)),
    'GET /api/legacy': (req, res) => sendLegacy(res),
    'POST /password/forgot': (req, res) =>
        sendJson(res, {
            sent: true,
            resetUrl: `http://shop.test/reset/${planted.resetToken}`,
        }),
    [`GET /reset/${planted.resetToken}`]: (req, res) =>
        send(res, 200, 'text/html; charset=utf-8', resetPage()),
    [`POST /reset/${planted.resetToken}`]: (req, res) => redirect(res, '/login'),
    'POST /logout': (req, res) =>
        send(res, 204, 'text/plain', undefined, {
            'Set-Cookie': [
                'shop_session=; Max-Age=0; Path=/',
                'remember_token=; Max-Age=0; Path=/',
            ],
            'Clear-Site-Data': '"cache"',
        }),
    'GET /style.css': (req, res) => send(res, 200, 'text/css', STYLE),
    'GET /app.js': (req, res) => send(res, 200, 'text/javascript', SCRIPT),
    'GET /files/invoice-417.txt': (req, res) =>
        send(
            res,
            200,
            'text/plain; charset=utf-8',
            `Invoice 417\nBill to: ${planted.email}\nTel. ${planted.otherPhone}\n`,
            { 'Access-Control-Allow-Origin': '*' },
        ),
};

/* ---------------------------------------------------------------- WebSocket, RFC 6455 */

/* An unmasked text frame of less than 64 KiB. */
function textFrame(text) {
    const body = Buffer.from(text);
    const head =
        body.length < 126
            ? Buffer.from([0x81, body.length])
            : Buffer.from([0x81, 126, body.length >> 8, body.length & 255]);
    return Buffer.concat([head, body]);
}

/* The text of a masked client frame that lies whole in `data`; undefined for any other frame. */
function readText(data) {
    const opcode = data[0] & 15;
    let length = data[1] & 127;
    let at = 2;
    if (length === 126) {
        length = data.readUInt16BE(2);
        at = 4;
    }
    if (opcode !== 1 || length === 127 || data.length < at + 4 + length) {
        return undefined;
    }
    const mask = data.subarray(at, at + 4);
    return Buffer.from(
        data.subarray(at + 4, at + 4 + length).map((byte, i) => byte ^ mask[i & 3]),
    ).toString();
}

function talk(req, socket) {
    const accept = createHash('sha1')
        .update(req.headers['sec-websocket-key'] + SOCKET_GUID)
        .digest('base64');
    socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
            `Sec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    socket.on('error', () => socket.destroy());
    socket.on('data', (data) => {
        if (readText(data) === undefined) {
            socket.end();
            return;
        }
        socket.write(
            textFrame(
                JSON.stringify({ type: 'welcome', user: { email: planted.email }, online: 2 }),
            ),
        );
        socket.write(textFrame(`42["resume",{"resumeToken":"${planted.socketToken}","seq":7}]`));
    });
}

/* ---------------------------------------------------------------- the server */

export const shop = {
    bearer: planted.accessToken,
    server: undefined,

    async start(port, jwt) {
        if (jwt) {
            this.bearer = makeJwt({ sub: '1001', email: planted.email, exp: 4102444800 });
        }
        this.server = createServer((req, res) => {
            const url = new URL(req.url, 'http://shop.test');
            const route = ROUTES[`${req.method} ${url.pathname}`];
            req.resume().on('end', () =>
                route ? route(req, res, url) : send(res, 404, 'text/plain', 'Not found\n'),
            );
        });
        this.server.on('upgrade', talk);
        await new Promise((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    },

    stop() {
        this.server.closeAllConnections();
        this.server.close();
    },
};

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
    const args = process.argv.slice(2);
    const port = Number(args.find((a) => /^\d+$/.test(a)) ?? 8411);
    await shop.start(port, args.includes('--jwt'));
    console.log(`http://127.0.0.1:${port}/`);
}
