/**
 * The same question to a model that needs two seconds for five sentences and a voice of ordinary speed, asked side by
 * side: by a caller of ours, and in the way of the public example, which waits 1.2 s after the final transcript, then
 * for the whole reply, then for the whole of its speech.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Doubles } from '../../doubles/start.ts';
import { atDesk, type Desk } from '../../test/session/desk.ts';
import { heard } from '../../test/support/heard.ts';
import { percentile, print } from '../report.ts';
import { gather, hangUp, questions, sharesOf } from './callers.ts';

const ROUNDS = 4;
const REPLY =
  'The office opens at nine every day. You can come in without any appointment. Please bring your card and a form. ' +
  'A colleague will look at both of them. It takes about ten minutes or so.';
const MODEL_MS = 2000;
const VOICE = { first_byte_ms: 200, speech_speed: 4 };
const EXAMPLE_TIMER_MS = 1200;

export async function benchStreaming(): Promise<void> {
  const ours: number[] = [];
  const examples: number[] = [];
  const rule = { say: REPLY, token_ms: MODEL_MS / REPLY.split(' ').length, persistent: true } as const;
  await heard(
    atDesk({ script: { rules: [rule], timing: VOICE } }, async desk => {
      for (let round = 0; round < ROUNDS; round++) {
        const [our, example] = await Promise.all([ourWay(desk), exampleWay(desk.doubles)]);
        ours.push(...our);
        examples.push(example);
      }
    }),
  );
  print(`Final transcript → first audio; the model takes ${MODEL_MS / 1000} s for five sentences`, [
    {
      what: 'streamed by sentences, p50',
      value: percentile(ours, 0.5),
      unit: 'ms',
      against: { name: 'whole reply, then whole speech', value: percentile(examples, 0.5) },
    },
  ]);
}

async function ourWay(desk: Desk): Promise<number[]> {
  const callers = await gather(1, questions(1), desk.call);
  await Promise.allSettled(
    callers.map(({ call }) => call.ear.until(() => call.ear.sounds.length >= 2, call.line)),
  );
  const shares = await sharesOf(desk, callers);
  await hangUp(callers);
  return shares;
}

/** Milliseconds from a final transcript to when its first audio could be played. */
async function exampleWay({ openaiBaseUrl }: Doubles): Promise<number> {
  const ask = (path: string, body: object) =>
    fetch(`${openaiBaseUrl}/${path}`, {
      method: 'POST',
      headers: { authorization: 'Bearer double-key' },
      body: JSON.stringify(body),
    });
  const began = performance.now();
  await pause(EXAMPLE_TIMER_MS);
  const messages = [{ role: 'user', content: 'caller asks' }];
  const reply = await ask('chat/completions', { model: 'gpt-4o-mini', messages });
  const { choices } = (await reply.json()) as { choices: { message: { content: string } }[] };
  const input = choices[0]?.message.content;
  const speech = await ask('audio/speech', { model: 'tts-1', voice: 'alloy', input, response_format: 'pcm' });
  await speech.arrayBuffer();
  return performance.now() - began;
}
