/*
 * Records the sample HAR files of this directory's parent from the demo shop, in Chromium:
 *
 *     shop-chromium.har     Playwright's recorder, everything embedded
 *     shop-devtools.har     as DevTools export it: initiators, raw headers, WebSocket messages
 *     planted.txt           every secret of all samples, one a line: none may survive
 *     planted-pii.txt       names, streets, birth dates, found only by what they are called
 *
 * Use (any directory outside the repository will do for the driver):
 *
 *     npm install --prefix /tmp/driver playwright-core
 *     node record.mjs /tmp/driver [/usr/bin/chromium]
 *
 * No host but loopback is asked: shop.test and cdn.shop.test are mapped to the demo shop, every
 * other name is refused. Times are shifted to a fixed day and the browser calls itself a plain
 * one. The secrets of the hand-written samples come from handmade.txt and handmade-pii.txt beside
 * this file.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DevtoolsHar } from './devtools-har.mjs';
import { shop } from './demo-shop.mjs';
import { listValues, personal, planted } from './planted.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const SAMPLES = dirname(HERE);
const PORT = 8411;
const SHOP = 'http://shop.test';
const FIRST_DAY = Date.parse('2026-01-05T10:00:00Z');
const SETTLE = 400; /* milliseconds */
const SIZE_LIMIT = 300_000; /* bytes a sample may have */
const FLAGS = [
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-features=HttpsUpgrades,OptimizationHints',
    `--host-resolver-rules=MAP shop.test 127.0.0.1:${PORT}, MAP cdn.shop.test 127.0.0.1:${PORT}, ` +
        'MAP * ^NOTFOUND',
];

/* ---------------------------------------------------------------- the visit */

/* Runs in the page: the calls of a one-page application after login. */
async function useApi({ planted, bearer }) {
    const json = (body, headers = {}) => ({
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify(body),
    });
    const authorized = { headers: { Authorization: `Bearer ${bearer}` } };
    const call = async (url, options) => (await fetch(url, options)).arrayBuffer();
    const csrf = { 'X-CSRF-Token': document.querySelector('meta[name=csrf-token]').content };

    await call(
        '/api/login',
        json({ email: planted.email, password: planted.password, remember: true }, csrf),
    );
    await call(
        `/api/customers?q=${encodeURIComponent(planted.otherEmail)}&page=1&sort=name`,
        authorized,
    );
    await call('/api/products');
    await call('/api/report', authorized);
    await call('/files/export.json.gz');
    await call('/avatar.png');
    await call('/api/legacy', {
        headers: { Authorization: `Basic ${btoa(`theodosia:${planted.legacyPassword}`)}` },
    });
    await call(
        '/graphql',
        json(
            {
                operationName: 'SignIn',
                query:
                    'mutation SignIn($login: LoginInput!) { signIn(login: $login) { authToken viewer { email } } ' +
                    `setPhone(number: "${planted.thirdPhone}") }`,
                variables: {
                    login: { username: planted.plusEmail, password: planted.newPassword },
                },
            },
            csrf,
        ),
    );
    await call('/oauth/token', {
        method: 'POST',
        body: new URLSearchParams({
            grant_type: 'authorization_code',
            code: planted.oauthCode,
            client_id: 'demo-shop',
            client_secret: planted.clientSecret,
            redirect_uri: `${location.origin}/oauth/callback`,
        }),
    });
    await call(`/api/orders/999?api_key=${planted.apiKey}`, authorized);
    await call(
        'http://cdn.shop.test/files/invoice-417.txt?expires=1767610800&signature=' +
            planted.signature,
    );
    await call('/password/forgot', json({ email: planted.email }, csrf));
}

/* Runs in the page: two files and a field. */
async function upload({ planted }) {
    const form = new FormData();
    form.append('note', `call ${planted.otherPhone}`);
    form.append('_csrf', planted.csrf);
    form.append(
        'list',
        new Blob([`name,email\nOsei,${planted.otherEmail}\n`], { type: 'text/csv' }),
        'customers.csv',
    );
    form.append('icon', new Blob([Uint8Array.of(0, 1, 2, 3, 255, 254, 0, 10)]), 'icon.bin');
    await (await fetch('/api/upload', { method: 'POST', body: form })).text();
}

/* Runs in the page: a socket that logs in, and an event stream to its end. */
async function listen({ planted }) {
    await new Promise((done) => {
        const socket = new WebSocket(`ws://shop.test/socket?ticket=${planted.socketToken}`);
        let received = 0;
        socket.onopen = () =>
            socket.send(JSON.stringify({ type: 'auth', token: planted.socketToken, v: 2 }));
        socket.onmessage = () => (++received === 2 ? socket.close() : undefined);
        socket.onclose = done;
    });
    await new Promise((done) => {
        const source = new EventSource('/api/events');
        /* the end of the stream is reported as an error; closing earlier would cut the recording */
        source.onerror = () => {
            source.close();
            done();
        };
    });
}

/* Runs in the page. */
async function logOut({ planted }) {
    await fetch('/logout', { method: 'POST', body: new URLSearchParams({ _csrf: planted.csrf }) });
}

/* Calls a function in the page under the name of a script, whose URL then stands in call stacks. */
async function run(page, step) {
    const facts = JSON.stringify({ planted, bearer: shop.bearer });
    await page.evaluate(
        `(${step})(${facts})\n//# sourceURL=${SHOP}/assets/app.js?v=3&api_key=${planted.apiKey}`,
    );
    /* recorders ask for bodies afterwards, and the next navigation drops them */
    await page.waitForTimeout(SETTLE);
}

async function visit(page) {
    await page.goto(`${SHOP}/`);
    await page.click('a[href="/login"]');
    await page.fill('#email', planted.email);
    await page.fill('#password', planted.password);
    await Promise.all([page.waitForURL('**/account*'), page.click('button')]);
    await run(page, useApi);
    await run(page, upload);
    await run(page, listen);
    const back = encodeURIComponent(`${SHOP}/oauth/callback`);
    await page.goto(
        `${SHOP}/oauth/authorize?response_type=code&client_id=demo-shop&state=shop-417` +
            `&login_hint=${encodeURIComponent(planted.plusEmail)}&redirect_uri=${back}`,
    );
    await page.goto(`${SHOP}/reset/${planted.resetToken}`);
    await page.fill('[name=new_password]', planted.newPassword);
    await Promise.all([page.waitForURL('**/login'), page.click('button')]);
    await run(page, logOut);
}

/* ---------------------------------------------------------------- recordings */

async function recordPlaywright(browser, file) {
    const context = await browser.newContext({
        recordHar: { path: file, mode: 'full', content: 'embed' },
        userAgent: plainAgent(browser),
    });
    await visit(await context.newPage());
    await context.close();
    return JSON.parse(readFileSync(file, 'utf8'));
}

async function recordDevtools(browser) {
    const context = await browser.newContext({ userAgent: plainAgent(browser) });
    const page = await context.newPage();
    const recorder = await DevtoolsHar.attach(await context.newCDPSession(page));
    await visit(page);
    const har = await recorder.finish();
    await context.close();
    return har;
}

function plainAgent(browser) {
    const major = browser.version().split('.')[0];
    return `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${major}.0.0.0 Safari/537.36`;
}

/* ---------------------------------------------------------------- clean-up and files */

/* Moves every time of the recording so that it begins at FIRST_DAY. */
function shiftTimes(har) {
    const first = Math.min(...har.log.entries.map((e) => Date.parse(e.startedDateTime)));
    const move = (text) => new Date(Date.parse(text) - first + FIRST_DAY).toISOString();
    for (const item of [...har.log.pages, ...har.log.entries]) {
        item.startedDateTime = move(item.startedDateTime);
        for (const message of item._webSocketMessages ?? []) {
            /* seconds in DevTools, milliseconds in Playwright */
            message.time += (FIRST_DAY - first) / (message.time < 1e11 ? 1000 : 1);
        }
    }
}

/* Script ids and evaluated sources depend on the driver. */
function dropDriverFrames(stack) {
    for (let at = stack; at; at = at.parent) {
        at.callFrames = at.callFrames.filter((frame) => !/evaluationscript|^$/i.test(frame.url));
    }
}

function save(name, har) {
    shiftTimes(har);
    har.log.entries.forEach((entry) => dropDriverFrames(entry._initiator?.stack));
    const text = JSON.stringify(har, undefined, 2).replaceAll('HeadlessChrome', 'Chrome');
    const leak = [/\/root\//, /\/home\//, /\/tmp\//, /[Hh]eadless/].find((pattern) =>
        pattern.test(text),
    );
    if (leak) {
        throw new Error(`${name}: trace of the machine, ${leak}`);
    }
    if (Buffer.byteLength(text) > SIZE_LIMIT) {
        throw new Error(`${name}: ${Buffer.byteLength(text)} bytes`);
    }
    writeFileSync(join(SAMPLES, name), text);
    console.log(`${name}: ${har.log.entries.length} entries, ${Buffer.byteLength(text)} bytes`);
}

function saveList(name, values, handmade) {
    const own = readFileSync(join(HERE, handmade), 'utf8').split('\n');
    const lines = [...new Set([...values, ...own].filter(Boolean))];
    writeFileSync(join(SAMPLES, name), `${lines.join('\n')}\n`);
}

async function main(driver, executablePath = '/usr/bin/chromium') {
    const { chromium } = createRequire(join(resolve(driver), 'x.js'))('playwright-core');
    const scratch = mkdtempSync(join(tmpdir(), 'har-'));
    await shop.start(PORT, false);
    const browser = await chromium.launch({
        executablePath,
        args: FLAGS,
        chromiumSandbox: process.getuid() !== 0,
    });
    try {
        save('shop-chromium.har', await recordPlaywright(browser, join(scratch, 'shop.har')));
        save('shop-devtools.har', await recordDevtools(browser));
        saveList('planted.txt', listValues(planted), 'handmade.txt');
        saveList('planted-pii.txt', listValues(personal), 'handmade-pii.txt');
    } finally {
        await browser.close();
        shop.stop();
        rmSync(scratch, { recursive: true });
    }
}

if (process.argv.length < 3) {
    console.error('usage: node record.mjs DRIVER_DIRECTORY [CHROMIUM]');
    process.exitCode = 2;
} else {
    await main(process.argv[2], process.argv[3]);
}
