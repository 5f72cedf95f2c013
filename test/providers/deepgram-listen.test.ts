import { describe, expect, test } from 'vitest';
import { encodeUlaw } from '../../doubles/g711.ts';
import type { Fault } from '../../doubles/script.ts';
import { encodeTones } from '../../doubles/tones.ts';
import { deepgramListen } from '../../lambda/voice/providers/deepgram-listen.ts';
import type { SttEvent } from '../../lambda/voice/providers/provider.ts';
import { eventually, KEY, useDoubles } from './doubles.ts';

const doubles = useDoubles();
const STT = { model: 'nova-2-phonecall', language: 'en-US', keyterms: ['Vobiz', 'call centre'] };

function open({ url = doubles().deepgramUrl, key = (): string => KEY, connectMs = 3000, stt = STT } = {}) {
  const events: SttEvent[] = [];
  const stream = deepgramListen({ url, key, connectMs })(stt, event => events.push(event));
  const of = <T extends SttEvent['type']>(type: T) =>
    events.filter((event): event is Extract<SttEvent, { type: T }> => event.type === type);
  const closed = async () => {
    await eventually(() => expect(of('closed')).toHaveLength(1));
    return of('closed')[0];
  };
  return { stream, events, of, closed };
}

const silence = (ms: number) => new Uint8Array(ms * 8).fill(0xff);
const say = (text: string) => encodeUlaw(encodeTones(text, { rate: 8000 }));
const fault = (...faults: Fault[]) => doubles().script({ faults: { listen: faults } });

describe('a stream', () => {
  test('tells what was said and when, also of what was sent before it was open', async () => {
    const { stream, of, events, closed } = open();
    for (const audio of [silence(400), say('hello there'), silence(1500)]) {
      for (let at = 0; at < audio.length; at += 160) stream.send(audio.subarray(at, at + 160));
    }
    await eventually(() => expect(of('utterance_end')).toHaveLength(1));
    expect(of('speech_started')[0]?.at).toBeCloseTo(0.4, 2);
    const transcripts = of('transcript');
    expect(transcripts.filter(one => !one.final).map(one => one.text)).toContain('hello');
    expect(transcripts.at(-1)).toMatchObject({ text: 'hello there', final: true, speech_final: true });
    expect(transcripts.at(-1)?.began).toBeCloseTo(0.4, 2);
    expect(transcripts.at(-1)?.ended).toBeCloseTo(0.83, 2);
    expect(of('utterance_end')[0]?.last_word_ended).toBe(transcripts.at(-1)?.ended);
    expect(events[0]).toEqual({ type: 'alive' });
    stream.close();
    expect(await closed()).toEqual({ type: 'closed', refused: false, reason: 'closed by us' });
  });

  test('is asked for as Deepgram wants it, and ended by CloseStream', async () => {
    const { stream, of, closed } = open();
    stream.keepAlive();
    await eventually(() => expect(of('alive')).toHaveLength(1));
    stream.keepAlive();
    stream.send(say('bye'));
    stream.send(new Uint8Array(0));
    stream.close();
    stream.close();
    await closed();
    expect(of('transcript').at(-1)).toMatchObject({ text: 'bye', final: true });
    await eventually(() => expect(doubles().requests.listen[0]?.closed_at).toBeDefined());
    expect(doubles().requests.listen[0]).toMatchObject({ code: 1000, keep_alives: 1, bytes: 960 });
    expect(doubles().requests.listen[0]?.query).toEqual({
      encoding: 'mulaw',
      sample_rate: '8000',
      channels: '1',
      model: 'nova-2-phonecall',
      language: 'en-US',
      interim_results: 'true',
      punctuate: 'true',
      smart_format: 'true',
      endpointing: '300',
      utterance_end_ms: '1000',
      vad_events: 'true',
      keywords: ['Vobiz', 'call', 'centre'],
    });
  });

  test('of the newest models gets phrases as keyterms', async () => {
    const { stream, of, closed } = open({ stt: { ...STT, model: 'nova-3' } });
    await eventually(() => expect(of('alive')).toHaveLength(1));
    expect(doubles().requests.listen[0]?.query).toMatchObject({ keyterm: ['Vobiz', 'call centre'] });
    stream.close();
    await closed();
  });
});

test('a region that Deepgram does not know is not asked for', async () => {
  const { stream, of, closed } = open({ stt: { ...STT, model: 'nova-3', language: 'hi-IN' } });
  await eventually(() => expect(of('alive')).toHaveLength(1));
  expect(doubles().requests.listen[0]?.query).toMatchObject({ language: 'hi' });
  stream.close();
  await closed();
});

describe('closed comes once, and says whether another key may help', () => {
  const refusals: [kind: Fault['kind'], refused: boolean, reason: string][] = [
    ['refuse_key', true, 'Deepgram answered 401'],
    ['no_credit', true, 'Deepgram answered 402'],
    ['rate_limit', false, 'Deepgram answered 429'],
    ['error', false, 'Deepgram answered 500'],
    ['hang', false, 'the connection failed (network error)'],
    ['error_inside', false, 'Deepgram reported an error'],
  ];
  test.each(refusals)('%s', async (kind, refused, reason) => {
    fault({ kind });
    const { stream, closed, of } = open({ connectMs: kind === 'hang' ? 60 : 3000 });
    stream.send(say('hello'));
    expect(await closed()).toEqual({ type: 'closed', refused, reason });
    stream.send(say('hello'));
    stream.keepAlive();
    stream.close();
    await new Promise(resolve => setTimeout(resolve, 20));
    expect(of('closed')).toHaveLength(1);
  });

  test('cut off in the middle of a word', async () => {
    fault({ kind: 'close', after: 300 });
    const { stream, closed } = open();
    stream.send(say('hello there'));
    expect(await closed()).toMatchObject({ refused: false, reason: 'Deepgram closed (1006)' });
  });

  test('without audio or a sign of life Deepgram closes', async () => {
    doubles().script({ timing: { idle_ms: 30 } });
    const { closed } = open();
    expect(await closed()).toMatchObject({ refused: false, reason: 'Deepgram closed (1011, net0001)' });
  });

  test('nobody there, no address, a key with a line break', async () => {
    const nobody = await open({ url: 'ws://127.0.0.1:1/v1/listen' }).closed();
    expect(nobody).toEqual({
      type: 'closed',
      refused: false,
      reason: 'the connection failed (ECONNREFUSED)',
    });
    expect(await open({ url: 'nonsense' }).closed()).toMatchObject({ refused: true });
    const broken = await open({ key: () => 'secret\nkey' }).closed();
    expect(broken).toMatchObject({ refused: true });
    expect(broken?.reason).not.toContain('secret');
  });

  test('closed before it was open, and closed by a listener', async () => {
    const early = open();
    early.stream.close();
    expect(await early.closed()).toMatchObject({ reason: 'closed by us' });
    fault({ kind: 'refuse_key' });
    let times = 0;
    const stream = deepgramListen({ url: doubles().deepgramUrl, key: () => KEY })(STT, event => {
      if (event.type === 'closed') times++;
      stream.close();
    });
    await eventually(() => expect(times).toBe(1));
  });

  test('more audio than can wait', async () => {
    fault({ kind: 'hang' });
    const { stream, closed } = open();
    for (let second = 0; second < 61; second++) stream.send(silence(1000));
    expect(await closed()).toMatchObject({ reason: 'too much audio waits for the connection' });
  });
});

test('a slow handshake loses nothing that was said meanwhile', async () => {
  fault({ kind: 'slow', ms: 40 });
  const { stream, of, closed } = open();
  stream.send(say('one '));
  await eventually(() => expect(of('alive')).toHaveLength(1));
  stream.send(say('two'));
  stream.close();
  await closed();
  expect(of('transcript').at(-1)).toMatchObject({ text: 'one two', final: true });
});

test('what is no message of Deepgram is a sign of life', async () => {
  fault({ kind: 'garbage' });
  const { stream, of, closed } = open();
  stream.send(say('still here'));
  stream.close();
  stream.send(silence(20));
  await eventually(() => expect(of('closed')).toHaveLength(1));
  await closed();
});

test('an ear that hears nothing says nothing but stays open', async () => {
  fault({ kind: 'empty' });
  const { stream, of, events, closed } = open();
  await eventually(() => expect(of('alive')).toHaveLength(1));
  stream.send(say('hello'));
  await eventually(() => expect(doubles().requests.listen[0]?.bytes).toBe(1600));
  expect(events).toHaveLength(1);
  stream.close();
  await closed();
});
