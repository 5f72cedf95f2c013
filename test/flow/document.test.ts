/** Verbs as the carrier's XML, SSML among them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { documentOf } from '../../lambda/flow/document.ts';
import { escapeSsml, isSsml, ssmlParts } from '../../lambda/flow/ssml.ts';
import type { Wait } from '../../lambda/flow/state.ts';
import type { Verb } from '../../lambda/flow/verb.ts';
import { render } from '../../lambda/vobiz/xml.ts';

const link = (to: string) => `${to === 'transcription' ? 'wss' : 'https'}://s/${to}`;
const xml = (verbs: Verb[], awaited?: Wait['for'], callerId = '') =>
  render(documentOf(verbs, awaited && { for: awaited, since: 0 }, { link, callerId }))
    .split('\n')
    .slice(1)
    .join('');

const cases: [verbs: Verb[], awaited: Wait['for'] | undefined, text: string][] = [
  [[], 'continued', '<Redirect>https://s/continued</Redirect>'],
  [[], undefined, '<Hangup/>'],
  [[{ verb: 'hangup', reason: 'busy' }], 'hung_up', '<Hangup reason="busy"/>'],
  [[{ verb: 'wait', secs: 2 }], 'hung_up', '<Wait length="2"/><Hangup/>'],
  [
    [
      { verb: 'speak', text: 'a < b', language: 'en-US', voice: 'MAN' },
      { verb: 'play', url: 'https://a/b.mp3?c=d&e' },
      { verb: 'beep' },
      { verb: 'silence' },
    ],
    'queue_left',
    '<Speak language="en-US" voice="MAN">a &lt; b</Speak><Play>https://a/b.mp3?c=d&amp;e</Play><Play>https://s/beep</Play><Play>https://s/silence</Play><Redirect>https://s/queue_left</Redirect>',
  ],
  [
    [{ verb: 'gather', prompts: [{ verb: 'beep' }], length: 4, window_secs: 9, pause_secs: 2 }],
    'digits',
    '<Gather action="https://s/digits" inputType="dtmf" numDigits="4" finishOnKey="none" executionTimeout="9" digitEndTimeout="2" log="false"><Play>https://s/beep</Play></Gather><Redirect>https://s/digits</Redirect>',
  ],
  [
    [{ verb: 'record_message', format: 'mp3', max_secs: 120, silence_secs: 5, end_keys: '#', beep: true }],
    'recorded',
    '<Record fileFormat="mp3" redirect="false" action="https://s/recording" callbackUrl="https://s/recording" maxLength="120" timeout="5" finishOnKey="#" playBeep="true"/><Redirect>https://s/recorded</Redirect>',
  ],
  [
    [{ verb: 'record_call', format: 'wav' }],
    'conversed',
    '<Record fileFormat="wav" redirect="false" action="https://s/recording" callbackUrl="https://s/recording" recordSession="true" maxLength="14400" playBeep="false"/><Redirect>https://s/conversed</Redirect>',
  ],
  [
    [
      {
        verb: 'dial',
        legs: [
          { type: 'number', target: '+15550001111' },
          { type: 'sip', target: 'sip:a@b.test' },
        ],
        caller_id: '',
        ring_secs: 60,
        talk_secs: 3600,
      },
    ],
    'dialed',
    '<Dial action="https://s/dialed" callbackUrl="https://s/dial_event" timeout="60" timeLimit="3600"><Number>+15550001111</Number><User>sip:a@b.test</User></Dial><Redirect>https://s/nothing_dialed</Redirect>',
  ],
  [
    [{ verb: 'conference', room: 'r' }],
    'room_left',
    '<Conference stayAlone="true" callbackUrl="https://s/conference_event">r</Conference><Redirect>https://s/room_left</Redirect>',
  ],
  [
    [
      { verb: 'send_digits', digits: '1w2' },
      { verb: 'transcribe', track: 'both' },
    ],
    'answered',
    '<DTMF async="false">1w2</DTMF><Stream bidirectional="false" audioTrack="both" maxRetries="3" contentType="audio/x-mulaw;rate=8000" statusCallbackUrl="https://s/transcription_status">wss://s/transcription</Stream><Redirect>https://s/answered</Redirect>',
  ],
];

test.each(cases)('%j, waiting for %s', (verbs, awaited, text) => {
  expect(xml(verbs, awaited)).toBe(`<Response>${text}</Response>`);
});

test('a bridge calls as the flow says, else as the shell says', () => {
  const dial = (caller_id: string): Verb => ({
    verb: 'dial',
    legs: [{ type: 'number', target: '+15550001111' }],
    caller_id,
    ring_secs: 60,
    talk_secs: 60,
  });
  expect(xml([dial('+15553334444')], 'dialed', '+15559999999')).toContain('callerId="+15553334444"');
  expect(xml([dial('')], 'dialed', '+15559999999')).toContain('callerId="+15559999999"');
});

describe('SSML', () => {
  const spoken = (text: string) =>
    xml([{ verb: 'speak', text, language: 'en-US', voice: 'WOMAN' }])
      .replace('<Response><Speak language="en-US" voice="WOMAN">', '')
      .replace('</Speak><Hangup/></Response>', '');

  test.each([
    ['<speak>Hi</speak>', 'Hi'],
    ["<speak><lang xml:lang='es-ES'>Sí &amp; no</lang></speak>", '<lang xml:lang="es-ES">Sí &amp; no</lang>'],
    ['<speak>a<break time="1s"/>b</speak>', 'a<break time="1s"/>b'],
    ['<speak><voice name="X"><s>a</s></voice><!-- b --></speak>', '<s>a</s>'],
    ['<speak>&#65;&#x42;&lt;&unknown;</speak>', 'AB&lt;&amp;unknown;'],
  ])('%s', (text, markup) => {
    expect(spoken(text)).toBe(markup);
  });

  test.each([
    '<speak>',
    '<speak></p>',
    '<speak>a < b</speak>',
    '</speak>',
    '<speak><p></speak></p>',
  ])('%s is none', text => {
    expect(ssmlParts(text)).toBeUndefined();
  });

  test('begins with its root', () => {
    expect([isSsml(' <speak>'), isSsml('<speak x="y">'), isSsml('<speaker>'), isSsml('say <speak>')]).toEqual(
      [true, true, false, false],
    );
  });

  test('a variable within stays text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), value => {
        expect(ssmlParts(`<speak>${escapeSsml(value)}</speak>`)?.join('')).toBe(value);
      }),
    );
  });
});
