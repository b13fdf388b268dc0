/*
 * The made-up person and the made-up secrets of the demo shop.
 *
 * Every secret is drawn from a hash of a fixed seed and its name, so recordings agree in content
 * from one run to the next and a new secret does not change the others. The alphabet has eleven
 * characters and no vowels: the values look made by a machine, are easy to spot, spell no word and
 * have the shape of no vendor's token. Mail addresses stand at a made-up domain (reserved ones
 * such as .example are no secrets to harsan); phone numbers are from ranges set aside for fiction.
 */
import { createHash } from 'node:crypto';

const SEED = 'harsan-demo-shop-1';
const ALPHABET = 'hkvwxz24579';

export function secret(name, length) {
    let out = '';
    for (let round = 0; out.length < length; round++) {
        for (const byte of createHash('sha256').update(`${SEED}:${name}:${round}`).digest()) {
            /* 253 = 23 * 11: without the rest every character is as likely as any other */
            if (byte < 253 && out.length < length) {
                out += ALPHABET[byte % ALPHABET.length];
            }
        }
    }
    return out;
}

/* Version 4: version f is what harsan's own stand-ins have. */
function makeUuid(name) {
    const hex = createHash('sha256').update(`${SEED}:${name}`).digest('hex');
    return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/, '$1-$2-4$3-a$4-$5');
}

/* Parts that show also where the whole is escaped. */
const cores = {
    password: secret('password', 10),
    newPassword: secret('new password', 12),
    email: 'theodosia.thistlewaite',
    alias: 'theodosia+shop',
    phone: '+447700900417',
};

/* Credentials, mail addresses and phone numbers: must not survive with the default rules. */
export const planted = {
    anonymousSession: secret('anonymous session', 32),
    session: secret('session', 32),
    rememberToken: secret('remember', 40),
    csrf: secret('csrf', 36),
    password: `${cores.password}&=+${secret('password tail', 5)}!`,
    newPassword: `"${cores.newPassword}\\%`,
    legacyPassword: secret('legacy password', 14),
    accessToken: secret('access', 48),
    refreshToken: secret('refresh', 64),
    oauthCode: secret('oauth code', 30),
    oauthToken: secret('oauth token', 44),
    clientSecret: secret('client secret', 32),
    apiKey: secret('api key', 32),
    socketToken: secret('socket', 36),
    streamToken: secret('stream', 36),
    exportToken: secret('export', 36),
    xmlToken: secret('xml', 28),
    resetToken: secret('reset', 40),
    signature: secret('signature', 43),
    deviceSecret: makeUuid('device'),
    email: `${cores.email}@maltbarrow-post.net`,
    plusEmail: `${cores.alias}@maltbarrow-post.net`,
    otherEmail: 'osei.brackenridge@maltbarrow-post.net',
    phone: '+44 7700 900417',
    otherPhone: '(202) 555-2147',
    thirdPhone: '+49 30 23125 417',
    cores,
};

/* Names, addresses, a birth date: found only by what they are called, used only under such names. */
export const personal = {
    firstName: 'Theodosia',
    lastName: 'Thistlewaite',
    otherLastName: 'Brackenridge',
    street: '17 Quarrymead Terrace',
    otherStreet: '4417 Hollowgate Road',
    birthDate: '1984-03-27',
};

/* One value a line. */
export const listValues = (values) =>
    Object.values(values).flatMap((v) => (typeof v === 'string' ? [v] : Object.values(v)));
