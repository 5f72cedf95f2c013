import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { DEMO, missingFrom } from '../../carrier/assistant/demo.ts';
import { actOf, openInput } from '../../carrier/assistant/input.ts';
import { readTalkOptions } from '../../carrier/assistant/options.ts';
import type { CallRecord } from '../../carrier/assistant/record.ts';
import { Screen } from '../../carrier/assistant/screen.ts';
import { scenarioOf, talk } from '../../carrier/assistant/talk.ts';
import { UsageError } from '../../carrier/usage-error.ts';
import { ACCOUNT, closeAll, together } from './app.ts';
import { closeFarEnds, type Far, farEnd } from './far-end.ts';

afterEach(async () => {
  await closeAll();
  closeFarEnds();
});

describe('the command line', () => {
  it('takes an assistant, or none, and says what is wrong', () => {
    expect(readTalkOptions(['--assistant'])).toMatchObject({
      assistant: 'default',
      demo: false,
      to: '+918071230042',
    });
    expect(readTalkOptions(['--assistant', 'sales', '--demo'])).toMatchObject({
      assistant: 'sales',
      demo: true,
    });
    expect(readTalkOptions(['--assistant=sales', '--to', '918888888888', '--wav', 'a.wav'])).toMatchObject({
      assistant: 'sales',
      to: '+918888888888',
      wav: 'a.wav',
    });
    for (const args of [['--speed', '3'], ['sales'], ['--wav'], ['--to', 'me']]) {
      expect(() => readTalkOptions(['--assistant', '--demo', ...args])).toThrow(UsageError);
    }
  });
});

describe('a file for the sound', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wav-'));
  const wav = (file: string) => readTalkOptions(['--assistant', '--wav', file]).wav;
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is known to be writable before anybody speaks', () => {
    expect(() => wav(join(folder, 'none', 'a.wav'))).toThrow(/--wav is ".*a\.wav" but there is no folder/);
    expect(() => wav(folder)).toThrow('is no file');
    expect(() => wav(join(folder, 'none', 'a.wav'))).toThrow(UsageError);
  });

  it('may be new or there already, and is not touched yet', () => {
    const file = join(folder, 'a.wav');
    expect(wav(file)).toBe(file);
    expect(existsSync(file)).toBe(false);
    writeFileSync(file, 'old');
    expect(wav(file)).toBe(file);
    expect(readFileSync(file, 'utf8')).toBe('old');
  });
});

describe('a line of input', () => {
  it('is said at once when typed; from a pipe in its turn, or as an interruption', () => {
    expect(actOf(' hello ', 'typed')).toEqual({ say: { text: 'hello', after: 0 } });
    expect(actOf('hello', 'piped')).toEqual({ say: { text: 'hello' } });
    expect(actOf('! stop it', 'piped')).toEqual({ say: { text: 'stop it', interrupts: 1 } });
  });

  it('may be a command', () => {
    expect(actOf('/press 5#', 'typed')).toEqual({ say: { presses: '5#', after: 0 } });
    expect(actOf('/play my file.wav', 'piped')).toEqual({ say: { wav: 'my file.wav' } });
    expect(actOf('/hangup', 'typed')).toEqual({ say: { hangsUp: true, after: 0 } });
    expect(actOf('/press', 'typed')).toEqual({ unknown: '/press' });
    expect(actOf('/dance', 'typed')).toEqual({ unknown: '/dance' });
  });

  it('is missing when the pipe is empty', async () => {
    const [empty, full] = [new PassThrough(), new PassThrough()];
    empty.end();
    full.write('hello\n');
    const kindOf = async (stdin: PassThrough) => (await openInput(stdin as never, process.stdout)).kind;
    expect([await kindOf(empty), await kindOf(full)]).toEqual(['none', 'piped']);
  });
});

/** What a test reads as the terminal's output. */
function output() {
  const stream = new PassThrough();
  const chunks: string[] = [];
  stream.on('data', chunk => chunks.push(String(chunk)));
  return { stream: stream as never as NodeJS.WriteStream, text: () => chunks.join('') };
}

describe('the screen', () => {
  it('lets a line grow word by word, and begins a new one after a pause', () => {
    const { stream, text } = output();
    const screen = new Screen(stream, false);
    const hears = (word: string, from: number) =>
      screen.tell({ caller: 0, since: 0, entry: { at: from + 200, kind: 'hears', text: word, from } });
    hears('good', 0);
    hears('day', 200);
    hears('next', 3_000);
    screen.print('end');
    expect(text()).toMatch(/^ 0:00\.2 {2}hears {2}good day\n 0:03\.2 {2}hears {2}next\nend\n$/);
  });
});

describe('a call to an assistant', () => {
  /** The carrier's command against an application that talks like `act`, with these lines piped in. */
  async function piped(lines: string[], act: (far: Far) => unknown, wav?: string) {
    const far = await farEnd(act);
    const attributes = 'bidirectional="true" keepCallAlive="true" contentType="audio/x-mulaw;rate=8000"';
    const { carrier } = await together({
      '/answer': `<Response><Stream ${attributes}>${far.url}</Stream><Speak>Goodbye</Speak></Response>`,
    });
    const stack = {
      url: '',
      apiKey: '',
      carrierUrl: carrier.url,
      carrierToken: ACCOUNT.authToken,
      ours: true,
      stop: async () => undefined,
    };
    const input = new PassThrough();
    const { stream, text } = output();
    const options = { ...readTalkOptions(['--assistant']), ...(wav && { wav }) };
    const scenario = { ...scenarioOf(options, false), speed: 10 };
    const piped = { kind: 'piped' as const, source: input };
    input.end(lines.map(line => `${line}\n`).join(''));
    const talked = await talk(stack, scenario, piped, new Screen(stream, false), AbortSignal.timeout(10_000));
    expect(far.failures).toEqual([]);
    return { ...talked, text: text(), far: far.connections[0] };
  }

  it('takes turns, interrupts, and hangs up when the last line was answered', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'talk-'));
    try {
      const { text, far, differences, caller } = await piped(
        ['first', '! second'],
        async far => {
          far.play('welcome');
          await far.until(({ said }) => said.includes('first'));
          far.play('a long answer that goes on and on and on and on and on');
          await far.until(({ said }) => said.includes('sec'));
          far.tell('clearAudio');
          await far.until(({ said }) => said.includes('second'));
          far.play('well then');
        },
        join(folder, 'both.wav'),
      );
      expect(far?.said).toBe('firstsecond');
      expect(text).toContain('hears  welcome\n');
      expect(text).toMatch(/caller first\n.*hears {2}a long answer/);
      expect(text).toMatch(/caller second\n/);
      expect(text).toMatch(/well then\n/);
      expect(text).not.toContain('Goodbye');
      expect(differences).toEqual([]);
      const sound = await caller.sound();
      expect(Buffer.from(sound).toString('latin1', 0, 4)).toBe('RIFF');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('tells what the application did wrong', async () => {
    const { differences } = await piped(['/press 5', '/hangup'], async far => {
      far.send({ event: 'clearAudio' });
      far.play('hi');
      await far.until(far => far.of('dtmf').length === 1);
      far.play('bye');
    });
    expect(differences).toEqual(['On the stream clearAudio lacked its streamId.']);
  });
});

describe('the demo', () => {
  const turn = {
    who: 'assistant' as const,
    at: '',
    text: 'one two',
    heard: 'one two',
    latency: { total_ms: 1 },
  };
  const good: CallRecord = {
    call_id: 'c',
    state: 'ended',
    outcome: 'connected',
    agent: '+91',
    transcript: [
      ...DEMO.map(({ text = '' }) => ({ who: 'caller' as const, at: '', text })),
      turn,
      { ...turn, heard: 'one', interrupted: true },
    ],
  };

  it('is content with a record that shows all of it', () => {
    expect(missingFrom(good)).toEqual([]);
  });

  it.each([
    [{ outcome: 'abandoned' }, 'not connected'],
    [{ transcript: good.transcript?.slice(1) ?? [] }, '3 of 4'],
    [{ transcript: good.transcript?.slice(0, 5) ?? [] }, 'interrupted'],
  ])('misses what is not there: %#', (change, words) => {
    expect(missingFrom({ ...good, ...change }).join()).toContain(words);
  });
});

it('the scenario of the demo is valid and ends', () => {
  const scenario = scenarioOf(readTalkOptions(['--assistant', '--demo']), true);
  expect(scenario.callers[0]).toMatchObject({ says: DEMO, hangsUp: { after: 120 } });
});
