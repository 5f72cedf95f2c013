import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import {
  conference,
  dial,
  dtmf,
  gather,
  hangup,
  number,
  play,
  preAnswer,
  record,
  redirect,
  render,
  response,
  speak,
  ssml,
  stream,
  user,
  type Verb,
  wait,
} from '../../lambda/vobiz/xml.ts';

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
const URL = 'https://pbx.example/next?call=1&step=2';
const ESCAPED = 'https://pbx.example/next?call=1&amp;step=2';

const xml = (...verbs: Verb[]) => render(response(...verbs)).slice(DECLARATION.length);

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  htmlEntities: true,
  processEntities: { enabled: true, maxTotalExpansions: Infinity, maxExpandedLength: Infinity },
  alwaysCreateTextNode: true,
});

/** What XML 1.0 can hold of a text, straight from the grammar's production Char. */
const legal = (text: string) =>
  [...text]
    .filter(character => {
      const point = character.codePointAt(0) ?? 0;
      if (point >= 0xd800 && point <= 0xdfff) return false;
      if (point < 0x20) return [0x9, 0xa, 0xd].includes(point);
      return point !== 0xfffe && point !== 0xffff;
    })
    .join('');

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      '&',
      '<',
      '>',
      '"',
      "'",
      ']]>',
      '\r\n',
      '\t',
      '\0',
      '\ud800',
      '\udc00',
      '\uffff',
      '&amp;',
      'é',
      '😀',
      ' ',
    ),
  }),
);

describe('a document', () => {
  it('starts with the declaration and may be empty', () => {
    expect(render(response())).toBe(`${DECLARATION}<Response/>`);
  });

  it('holds its verbs in the order given', () => {
    expect(
      xml(speak('One moment.', { language: 'en-IN' }), play('https://pbx.example/a.mp3'), redirect(URL)),
    ).toBe(
      '<Response><Speak language="en-IN">One moment.</Speak><Play>https://pbx.example/a.mp3</Play>' +
        `<Redirect>${ESCAPED}</Redirect></Response>`,
    );
  });

  it('leaves out what is undefined and spells booleans out', () => {
    expect(xml(record({ playBeep: false, recordSession: true, maxLength: undefined }))).toBe(
      '<Response><Record playBeep="false" recordSession="true"/></Response>',
    );
  });

  it('keeps any spoken text, but for what XML cannot hold', () => {
    fc.assert(
      fc.property(anyText, text => {
        const document = render(response(speak(text)));
        expect(XMLValidator.validate(document)).toBe(true);
        expect(parser.parse(document).Response.Speak['#text']).toBe(legal(text));
      }),
    );
  });

  it('keeps any attribute, line ends included', () => {
    fc.assert(
      fc.property(anyText, text => {
        const document = render(response(dial({ callerName: text }, number('+919876543210'))));
        expect(XMLValidator.validate(document)).toBe(true);
        expect(parser.parse(document).Response.Dial['@callerName']).toBe(legal(text));
      }),
    );
  });

  it('is refused beyond 100 KB, counted in bytes', () => {
    expect(() => render(response(speak('x'.repeat(99_000))))).not.toThrow();
    expect(() => render(response(speak('ü'.repeat(60_000))))).toThrow('at most');
  });

  it('is refused with elements that would never be executed', () => {
    expect(() => response(redirect(URL), hangup())).toThrow('after a Redirect');
    expect(() => response(hangup(), speak('Too late.'))).toThrow('after a Hangup');
    expect(() => response(hangup({ schedule: 10 }))).toThrow('schedule');
    expect(xml(hangup({ schedule: 10 }), speak('Ten seconds.'))).toContain('<Hangup schedule="10"/><Speak>');
  });

  it('is refused with a stream and a conference together', () => {
    expect(() => response(stream('wss://pbx.example/media'), conference('room'))).toThrow('cannot stand');
  });
});

describe('each element', () => {
  const elements: [string, Verb, string][] = [
    [
      'Speak',
      speak('Hi', { voice: 'MAN', language: 'hi-IN', loop: 0 }),
      '<Speak voice="MAN" language="hi-IN" loop="0">Hi</Speak>',
    ],
    [
      'Speak with SSML',
      speak(['Code ', ssml('say-as', { 'interpret-as': 'digits' }, '4<7'), ssml('break', { time: '1s' })]),
      '<Speak>Code <say-as interpret-as="digits">4&lt;7</say-as><break time="1s"/></Speak>',
    ],
    ['Play', play(URL, { loop: 2 }), `<Play loop="2">${ESCAPED}</Play>`],
    [
      'Wait',
      wait(3, { silence: true, minSilence: 500, beep: false }),
      '<Wait length="3" silence="true" minSilence="500" beep="false"/>',
    ],
    [
      'Gather',
      gather(
        {
          action: URL,
          inputType: 'dtmf speech',
          executionTimeout: 5,
          digitEndTimeout: 'auto',
          finishOnKey: '',
          numDigits: 1,
          hints: ['yes', 'no'],
        },
        speak('Press 1.'),
        play('https://pbx.example/a.wav'),
      ),
      `<Gather action="${ESCAPED}" inputType="dtmf speech" executionTimeout="5" digitEndTimeout="auto" finishOnKey="" ` +
        'numDigits="1" hints="yes,no"><Speak>Press 1.</Speak><Play>https://pbx.example/a.wav</Play></Gather>',
    ],
    [
      'Record',
      record({
        action: URL,
        fileFormat: 'wav',
        redirect: true,
        timeout: 5,
        maxLength: 120,
        finishOnKey: '#*',
        callbackUrl: URL,
      }),
      `<Record action="${ESCAPED}" fileFormat="wav" redirect="true" timeout="5" maxLength="120" finishOnKey="#*" callbackUrl="${ESCAPED}"/>`,
    ],
    ['Redirect', redirect(URL, { method: 'GET' }), `<Redirect method="GET">${ESCAPED}</Redirect>`],
    ['Hangup', hangup({ reason: 'busy' }), '<Hangup reason="busy"/>'],
    [
      'PreAnswer',
      preAnswer(speak('Hi'), wait(1)),
      '<PreAnswer><Speak>Hi</Speak><Wait length="1"/></PreAnswer>',
    ],
    ['DTMF', dtmf('1w2W#', { async: false }), '<DTMF async="false">1w2W#</DTMF>'],
    [
      'Conference',
      conference('room 1', { stayAlone: true, waitSound: URL, digitsMatch: ['1', '22'], relayDTMF: false }),
      `<Conference stayAlone="true" waitSound="${ESCAPED}" digitsMatch="1,22" relayDTMF="false">room 1</Conference>`,
    ],
    [
      'Dial',
      dial(
        {
          action: URL,
          timeout: 15,
          callerId: '+918012345678',
          confirmKey: '1',
          dialMusic: 'real',
          digitsMatchBLeg: ['9'],
          sipHeaders: { 'ReasonX-VH': 'billing', 'TierX-VH': '1' },
        },
        number('+919876543210', { sendDigits: 'ww1', sendOnPreanswer: true }),
        user('sip:ana@registrar.example', { sipHeaders: { aX: 'b' } }),
        record({ startOnDialAnswer: true }),
      ),
      `<Dial action="${ESCAPED}" timeout="15" callerId="+918012345678" confirmKey="1" dialMusic="real" digitsMatchBLeg="9" ` +
        'sipHeaders="ReasonX-VH=billing,TierX-VH=1"><Number sendDigits="ww1" sendOnPreanswer="true">+919876543210</Number>' +
        '<User sipHeaders="aX=b">sip:ana@registrar.example</User><Record startOnDialAnswer="true"/></Dial>',
    ],
    [
      'Stream',
      stream('wss://media.example/s?token=a&b=c', {
        bidirectional: true,
        keepCallAlive: true,
        contentType: 'audio/x-mulaw;rate=8000',
        statusCallbackUrl: URL,
        maxRetries: 3,
        extraHeaders: { tid: 'x1' },
      }),
      `<Stream bidirectional="true" keepCallAlive="true" contentType="audio/x-mulaw;rate=8000" statusCallbackUrl="${ESCAPED}" ` +
        'maxRetries="3" extraHeaders="tid=x1">wss://media.example/s?token=a&amp;b=c</Stream>',
    ],
  ];
  it.each(elements)('%s is written with its attributes', (_name, verb, text) => {
    expect(xml(verb)).toBe(`<Response>${text}</Response>`);
  });
});

describe('an element is refused', () => {
  const faults: [string, () => unknown, string][] = [
    ['Dial without anybody to ring', () => dial({ action: URL }), 'number or a user'],
    ['Dial with a recording only', () => dial({}, record()), 'number or a user'],
    ['Dial with a time-out of zero', () => dial({ timeout: 0 }, number('+919876543210')), 'Dial timeout'],
    [
      'Dial with a header the carrier would choke on',
      () => dial({ sipHeaders: { a: 'b,c' } }, number('+919876543210')),
      'sipHeaders',
    ],
    ['Number that is no number', () => number('sip:a@b'), 'E.164'],
    ['User that is no SIP URI', () => user('+919876543210'), 'SIP URI'],
    ['Wait of no length', () => wait(0), 'Wait length'],
    ['Wait of a fraction', () => wait(1.5), 'Wait length'],
    ['Wait that is not a number', () => wait(Number.NaN), 'Wait length'],
    ['Gather that ends too early', () => gather({ action: URL, executionTimeout: 4 }), 'from 5 to 60'],
    ['Gather that ends too late', () => gather({ action: URL, executionTimeout: 61 }), 'from 5 to 60'],
    ['Gather with a slow digit time-out', () => gather({ action: URL, digitEndTimeout: 11 }), 'from 2 to 10'],
    ['Gather of 33 digits', () => gather({ action: URL, numDigits: 33 }), 'from 1 to 32'],
    ['Gather with a long hint', () => gather({ action: URL, hints: ['x'.repeat(101)] }), 'hints'],
    ['Gather with a relative action', () => gather({ action: '/next' }), 'absolute URL'],
    ['Play of a file name', () => play('music.mp3'), 'absolute URL'],
    ['Play of a URL with a space', () => play('https://pbx.example/a b.mp3'), 'absolute URL'],
    ['Redirect to another scheme', () => redirect('javascript:alert(1)'), 'absolute URL'],
    ['Record of no length', () => record({ maxLength: 0 }), 'maxLength'],
    ['Record that ends on a letter', () => record({ finishOnKey: 'a' }), 'finishOnKey'],
    ['DTMF of letters', () => dtmf('12x'), 'DTMF'],
    ['Conference without a room', () => conference('  '), 'room'],
    [
      'Stream in both directions on both tracks',
      () => stream('wss://a.example', { bidirectional: true, audioTrack: 'both' }),
      'inbound',
    ],
    [
      'Stream that keeps the call alive one way',
      () => stream('wss://a.example', { keepCallAlive: true }),
      'bidirectional',
    ],
    ['Stream over http', () => stream('https://a.example'), 'wss or ws'],
    ['Stream with eleven retries', () => stream('wss://a.example', { maxRetries: 11 }), 'from 0 to 10'],
    [
      'Stream with long headers',
      () => stream('wss://a.example', { extraHeaders: { a: 'x'.repeat(512) } }),
      '512',
    ],
  ];
  it.each(faults)('%s', (_name, build, message) => {
    expect(build).toThrow(message);
  });

  it('by the compiler when it stands in the wrong parent', () => {
    // @ts-expect-error Gather takes prompts only
    gather({ action: URL }, hangup());
    // @ts-expect-error PreAnswer takes Speak, Play and Wait only
    preAnswer(dial({}, number('+919876543210')));
    // @ts-expect-error Dial takes Number, User and Record only
    dial({}, number('+919876543210'), speak('Hi'));
    // @ts-expect-error Number belongs into Dial
    expect(response(number('+919876543210')).name).toBe('Response');
  });
});
