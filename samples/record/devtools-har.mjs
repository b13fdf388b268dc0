/*
 * Builds a HAR as Chromium's DevTools export it, from the events of a DevTools protocol session:
 * _initiator with call stacks, _priority, _resourceType, _transferSize, raw request headers with
 * cookies, _webSocketMessages. Playwright's own recorder has none of these.
 *
 *     const recorder = await DevtoolsHar.attach(cdpSession);
 *     ... drive the page ...
 *     const har = await recorder.finish();
 */

const pairs = (headers) =>
    Object.entries(headers).flatMap(([name, value]) =>
        value.split('\n').map((line) => ({ name, value: line })),
    );

const headerOf = (headers, name) =>
    Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];

function parseCookies(header) {
    return (header ?? '')
        .split('; ')
        .filter(Boolean)
        .map((item) => {
            const at = item.indexOf('=');
            return { name: item.slice(0, at), value: item.slice(at + 1) };
        });
}

function parseSetCookies(header) {
    return (header ?? '')
        .split('\n')
        .filter(Boolean)
        .map((line) => {
            const [first, ...attributes] = line.split('; ');
            const cookie = parseCookies(first)[0];
            for (const attribute of attributes) {
                const [name, value] = attribute.split('=');
                const key = { path: 'path', domain: 'domain', samesite: 'sameSite' }[
                    name.toLowerCase()
                ];
                if (key) {
                    cookie[key] = value;
                }
            }
            cookie.httpOnly = /; httponly/i.test(line);
            cookie.secure = /; secure/i.test(line);
            return cookie;
        });
}

function makePostData(record) {
    if (record.postText === undefined) {
        return {};
    }
    const mimeType = headerOf(record.requestHeaders, 'content-type') ?? '';
    const postData = { mimeType, text: record.postText };
    if (mimeType.startsWith('application/x-www-form-urlencoded')) {
        /* Chromium leaves params percent-encoded */
        postData.params = record.postText.split('&').map((item) => {
            const at = item.indexOf('=');
            return { name: item.slice(0, at), value: item.slice(at + 1) };
        });
    }
    return { postData };
}

function makeRequest(record) {
    const url = new URL(record.url);
    return {
        bodySize: record.postText === undefined ? 0 : Buffer.byteLength(record.postText),
        method: record.method,
        url: record.url,
        httpVersion: record.response?.protocol ?? 'http/1.1',
        headers: pairs(record.requestHeaders),
        queryString: [...url.searchParams].map(([name, value]) => ({ name, value })),
        cookies: parseCookies(headerOf(record.requestHeaders, 'cookie')),
        headersSize: -1,
        ...makePostData(record),
    };
}

function makeContent(record) {
    const content = { size: record.size, mimeType: record.response?.mimeType ?? 'x-unknown' };
    if (record.body?.body) {
        content.text = record.body.body;
        if (record.body.base64Encoded) {
            content.encoding = 'base64';
        }
    }
    return content;
}

function makeResponse(record) {
    const headers = record.responseHeaders ?? {};
    return {
        status: record.response?.status ?? 0,
        statusText: record.response?.statusText ?? '',
        httpVersion: record.response?.protocol ?? 'http/1.1',
        headers: pairs(headers),
        cookies: parseSetCookies(headerOf(headers, 'set-cookie')),
        content: makeContent(record),
        redirectURL: headerOf(headers, 'location') ?? '',
        headersSize: -1,
        bodySize: -1,
        _transferSize: record.transferred,
        _error: record.error ?? null,
        _fetchedViaServiceWorker: false,
    };
}

function makeEntry(record) {
    const time = Math.max(0, (record.ended - record.started) * 1000);
    const entry = {
        _connectionId: String(record.response?.connectionId ?? 0),
        _initiator: record.initiator,
        _priority: record.priority,
        _resourceType: record.type,
    };
    if (record.messages.length > 0) {
        entry._webSocketMessages = record.messages;
    }
    return {
        ...entry,
        cache: {},
        connection: '80',
        pageref: record.pageref,
        request: makeRequest(record),
        response: makeResponse(record),
        serverIPAddress: '127.0.0.1',
        startedDateTime: new Date(record.wallTime * 1000).toISOString(),
        time,
        timings: {
            blocked: -1,
            dns: -1,
            ssl: -1,
            connect: -1,
            send: 0,
            wait: time,
            receive: 0,
            _blocked_queueing: -1,
        },
    };
}

export class DevtoolsHar {
    static async attach(session) {
        const recorder = new DevtoolsHar(session);
        for (const name of Object.getOwnPropertyNames(DevtoolsHar.prototype)) {
            if (name.startsWith('on_')) {
                session.on(`Network.${name.slice(3)}`, (event) => recorder[name](event));
            }
        }
        await session.send('Network.enable', { maxPostDataSize: 1 << 20 });
        await session.send('Debugger.enable');
        await session.send('Debugger.setAsyncCallStackDepth', { maxDepth: 8 });
        return recorder;
    }

    constructor(session) {
        this.session = session;
        this.records = [];
        this.current = new Map(); /* requestId -> the latest record: a redirect opens a new one */
        this.extra = new Map(); /* requestId -> raw headers, one element per hop */
        this.pages = [];
        this.pending = [];
    }

    open(id, record) {
        const filled = {
            id,
            ended: record.started,
            size: 0,
            transferred: 0,
            messages: [],
            requestHeaders: {},
            pageref: this.pages.at(-1)?.id ?? 'page_0',
            ...record,
        };
        this.records.push(filled);
        this.current.set(id, filled);
        return filled;
    }

    hops(id) {
        if (!this.extra.has(id)) {
            this.extra.set(id, { requests: [], responses: [] });
        }
        return this.extra.get(id);
    }

    on_requestWillBeSent(event) {
        const last = this.current.get(event.requestId);
        if (last && event.redirectResponse) {
            last.response = event.redirectResponse;
            last.responseHeaders = event.redirectResponse.headers;
            last.ended = event.timestamp;
        }
        if (
            event.type === 'Document' &&
            event.requestId === event.loaderId &&
            !event.redirectResponse
        ) {
            this.pages.push({
                startedDateTime: new Date(event.wallTime * 1000).toISOString(),
                id: `page_${this.pages.length + 1}`,
                title: event.documentURL,
                pageTimings: { onContentLoad: 12.25, onLoad: 17.5 },
            });
        }
        const record = this.open(event.requestId, {
            url: event.request.url + (event.request.urlFragment ?? ''),
            method: event.request.method,
            requestHeaders: event.request.headers,
            postText: event.request.postData,
            initiator: event.initiator,
            priority: event.request.initialPriority,
            type: event.type.toLowerCase(),
            started: event.timestamp,
            wallTime: event.wallTime,
        });
        if (event.request.hasPostData && event.request.postData === undefined) {
            this.fetchPost(record);
        }
    }

    on_requestWillBeSentExtraInfo(event) {
        this.hops(event.requestId).requests.push(event.headers);
    }

    on_responseReceivedExtraInfo(event) {
        this.hops(event.requestId).responses.push(event.headers);
    }

    on_responseReceived(event) {
        const record = this.current.get(event.requestId);
        record.response = event.response;
        record.responseHeaders = event.response.headers;
        record.type = event.type.toLowerCase();
    }

    on_dataReceived(event) {
        this.current.get(event.requestId).size += event.dataLength;
    }

    on_loadingFinished(event) {
        const record = this.current.get(event.requestId);
        record.ended = event.timestamp;
        record.transferred = event.encodedDataLength;
        this.pending.push(
            this.session.send('Network.getResponseBody', { requestId: event.requestId }).then(
                (body) => {
                    record.body = body;
                },
                () => {
                    /* none kept, as after a redirect */
                },
            ),
        );
    }

    on_loadingFailed(event) {
        const record = this.current.get(event.requestId);
        record.ended = event.timestamp;
        record.error = event.errorText;
    }

    on_webSocketCreated(event) {
        this.open(event.requestId, {
            url: event.url,
            method: 'GET',
            initiator: event.initiator,
            priority: null,
            type: 'websocket',
            started: 0,
        });
    }

    on_webSocketWillSendHandshakeRequest(event) {
        const record = this.current.get(event.requestId);
        Object.assign(record, {
            requestHeaders: event.request.headers,
            started: event.timestamp,
            wallTime: event.wallTime,
        });
        this.clock = event.wallTime - event.timestamp;
    }

    on_webSocketHandshakeResponseReceived(event) {
        const record = this.current.get(event.requestId);
        record.response = { ...event.response, protocol: 'http/1.1' };
        record.responseHeaders = event.response.headers;
    }

    addMessage(type, event) {
        const { opcode, payloadData } = event.response;
        this.current
            .get(event.requestId)
            .messages.push({ type, time: this.clock + event.timestamp, opcode, data: payloadData });
    }

    on_webSocketFrameSent(event) {
        this.addMessage('send', event);
    }

    on_webSocketFrameReceived(event) {
        this.addMessage('receive', event);
    }

    on_webSocketClosed(event) {
        this.current.get(event.requestId).ended = event.timestamp;
    }

    /* Bodies with files are not part of the event. Text holds one character a byte. */
    fetchPost(record) {
        this.pending.push(
            this.session.send('Network.getRequestPostData', { requestId: record.id }).then(
                ({ postData, base64Encoded }) => {
                    record.postText = base64Encoded
                        ? Buffer.from(postData, 'base64').toString('latin1')
                        : postData;
                },
                () => {
                    /* the page is gone */
                },
            ),
        );
    }

    /* Raw headers come in events of their own, before or after, in the order of the hops. */
    mergeRawHeaders() {
        const seen = new Map();
        for (const record of this.records) {
            const hop = seen.get(record.id) ?? 0;
            const { requests, responses } = this.hops(record.id);
            seen.set(record.id, hop + 1);
            record.requestHeaders = requests[hop] ?? record.requestHeaders;
            record.responseHeaders = responses[hop] ?? record.responseHeaders;
        }
    }

    async finish() {
        await Promise.all(this.pending);
        this.mergeRawHeaders();
        return {
            log: {
                version: '1.2',
                creator: { name: 'WebInspector', version: '537.36' },
                pages: this.pages,
                entries: this.records.map(makeEntry),
            },
        };
    }
}
