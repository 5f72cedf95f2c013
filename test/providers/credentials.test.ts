/** What an endpoint is shown: the key, or nothing where there is none. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deepgramListen } from '../../lambda/voice/providers/deepgram-listen.ts';
import { deepgramSpeak } from '../../lambda/voice/providers/deepgram-speak.ts';
import { openaiChat } from '../../lambda/voice/providers/openai-chat.ts';
import { openaiSpeech } from '../../lambda/voice/providers/openai-speech.ts';
import { all, NEVER } from './doubles.ts';

const shown: (string | undefined)[] = [];
/** Refuses everybody, having looked. */
const endpoint = createServer((request, response) => {
  shown.push(request.headers.authorization);
  response.writeHead(401).end();
}).on('upgrade', (request, socket) => {
  shown.push(request.headers.authorization);
  socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
});
let host = '';
beforeAll(async () => {
  await new Promise<void>(resolve => endpoint.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(endpoint.address() as AddressInfo).port}`;
});
afterAll(() => void endpoint.close());

const speech = { text: 'Hello', model: 'm', voice: 'v', language: 'en-US' };
const question = { model: 'm', temperature: 0, max_tokens: 9, messages: [], tools: [] };

type Ask = (key: () => string) => Promise<unknown>;
const asks: [name: string, scheme: string, ask: Ask][] = [
  ['the model', 'Bearer', key => all(openaiChat({ baseUrl: `http://${host}`, key })(question, NEVER))],
  [
    'a voice of OpenAI',
    'Bearer',
    key => all(openaiSpeech({ baseUrl: `http://${host}`, key })(speech, NEVER)),
  ],
  ['a voice of Deepgram', 'Token', key => all(deepgramSpeak({ url: `http://${host}`, key })(speech, NEVER))],
  [
    'the transcriber',
    'Token',
    key =>
      new Promise((_, reject) =>
        deepgramListen({ url: `ws://${host}`, key })({ model: 'm', language: 'en', keyterms: [] }, reject),
      ),
  ],
];

describe.each(asks)('%s', (_, scheme, ask) => {
  test.each([
    ['dg-1 ', `${scheme} dg-1`],
    ['', undefined],
    [' \n', undefined],
  ])('is shown for the key %j: %s', async (key, header) => {
    await expect(ask(() => key)).rejects.toMatchObject({});
    expect(shown.at(-1)).toBe(header);
  });
});
