/** What the caller hears, and what keys do. */
import type { Cases } from './case.ts';

export const saying: Cases = {
  answer: [{ sets: { 'voipbin.call.status': 'progressing' } }],
  talk: [
    { option: { text: 'Hi' }, verbs: [{ verb: 'speak', text: 'Hi', language: 'en-US', voice: 'WOMAN' }] },
    {
      option: { text: 'Salut ${name}', language: 'fr-FR', voice_id: 'MAN' },
      variables: { name: 'Zoë' },
      verbs: [{ verb: 'speak', text: 'Salut Zoë', language: 'fr-FR', voice: 'MAN' }],
    },
    {
      option: { text: '<speak>${name}</speak>' },
      variables: { name: '<a&' },
      verbs: [{ verb: 'speak', text: '<speak>&#60;a&#38;</speak>' }],
    },
    { option: { text: '${nothing}' }, verbs: [] },
    {
      option: { text: 'Hi', digits_handle: 'next' },
      verbs: [{ verb: 'gather', length: 1, prompts: [{ text: 'Hi' }] }],
      told: { type: 'digits', digits: '5' },
      sets: { 'voipbin.call.digits': '5' },
    },
  ],
  play: [
    {
      option: { stream_urls: ['https://a.test/1.mp3', 'https://a.test/2.wav'] },
      verbs: [
        { verb: 'play', url: 'https://a.test/1.mp3' },
        { verb: 'play', url: 'https://a.test/2.wav' },
      ],
    },
    { option: { stream_urls: ['${url}'] }, variables: { url: '${x}' }, verbs: [] },
  ],
  beep: [{ verbs: [{ verb: 'beep' }] }],
  sleep: [
    { option: { duration: 1500 }, verbs: [{ verb: 'silence' }, { verb: 'wait', secs: 2 }] },
    { option: { duration: 0 }, verbs: [] },
  ],
  stop: [{ verbs: [{ verb: 'hangup' }], says: 'nothing' }],
  hangup: [
    { verbs: [{ verb: 'hangup', reason: 'rejected' }], says: 'nothing' },
    { option: { reason: 'busy' }, verbs: [{ verb: 'hangup', reason: 'busy' }], says: 'nothing' },
  ],
  digits_send: [
    { option: { digits: '12#' }, verbs: [{ verb: 'send_digits', digits: '12#' }] },
    { option: { digits: '12', interval: 1000 }, verbs: [{ verb: 'send_digits', digits: '1ww2' }] },
    { option: { digits: '${pin}' }, variables: { pin: 'AB' }, verbs: [] },
  ],
  digits_receive: [
    {
      option: { length: 3, duration: 8000 },
      verbs: [{ verb: 'gather', length: 3, window_secs: 8, pause_secs: 2, prompts: [] }],
      told: { type: 'digits', digits: '123' },
      sets: { 'voipbin.call.digits': '123', 'digits.result': 'length' },
    },
  ],
  conference_join: [
    {
      option: { conference_id: 'team' },
      verbs: [{ verb: 'silence' }, { verb: 'conference', room: 'conference-team' }],
      told: { type: 'room_left' },
    },
  ],
  confbridge_join: [
    {
      option: { confbridge_id: 'team' },
      verbs: [{ verb: 'silence' }, { verb: 'conference', room: 'bridge-team' }],
      told: { type: 'room_left' },
    },
  ],
};
