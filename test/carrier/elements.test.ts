import { afterEach, describe, expect, it } from 'vitest';
import { closeAll, oneCall, type Pages } from './app.ts';
import { wav } from './wav.ts';

afterEach(closeAll);

const respond = (inside: string) => `<Response>${inside}</Response>`;
const answerWith = (inside: string, more: Pages = {}): Pages => ({ '/answer': respond(inside), ...more });

describe('Speak, Play and Wait', () => {
  it('play from top to bottom, and the end of the XML is a hang-up with code 4010', async () => {
    const { story, call } = await oneCall(
      answerWith('<Speak>One</Speak><Play>app:/m.wav</Play><Wait length="2"/><Speak>Two</Speak>', {
        '/m.wav': { type: 'audio/wav', body: wav(3) },
      }),
    );
    expect(story.sounds().map(({ kind }) => kind)).toEqual(['says', 'plays', 'waits', 'says']);
    expect(story.musicMs()).toBe(3000);
    expect(call.ended).toMatchObject({ code: 4010, name: 'End Of XML Instructions', source: 'Vobiz' });
  });

  it('speaks longer the longer the text, and repeats with loop', async () => {
    const { story } = await oneCall(
      answerWith(`<Speak loop="3">${'word '.repeat(10)}</Speak><Speak>word</Speak>`),
    );
    const [long, , again, short] = story.of('says');
    expect(long?.text).toBe(again?.text);
    expect(long?.ms).toBeGreaterThan((short?.ms ?? 0) * 2);
  });

  it('skips a file that is missing or is no MP3 or WAV', async () => {
    const { story } = await oneCall(
      answerWith('<Play>app:/gone.wav</Play><Play>app:/a.ogg</Play><Speak>On</Speak>', {
        '/gone.wav': { status: 404 },
        '/a.ogg': { type: 'audio/ogg', body: 'OggS....' },
      }),
    );
    expect(story.of('skips').map(({ reason }) => reason.split(' ').slice(1).join(' '))).toEqual([
      'HTTP 404',
      'not an MP3 or WAV file',
    ]);
    expect(story.heard()).toEqual(['On']);
  });

  it('plays music for ever with loop="0", until the caller hangs up', async () => {
    const { story, call } = await oneCall(
      answerWith('<Play loop="0">app:/m.wav</Play>', { '/m.wav': { type: 'audio/wav', body: wav(4) } }),
      {},
      { hangsUp: { on: 'plays', after: 10 } },
    );
    expect(story.of('plays')).toHaveLength(3);
    expect(story.musicMs()).toBeGreaterThanOrEqual(9_900);
    expect(story.musicMs()).toBeLessThan(11_000);
    expect(call.ended).toMatchObject({ code: 4000, source: 'Caller' });
  });

  it('lets the call ring on while a first Wait runs', async () => {
    const { story } = await oneCall(answerWith('<Wait length="3"/><Speak>Hello</Speak>'));
    expect(story.of('answered')[0]?.at).toBeGreaterThanOrEqual(3000);
  });

  it('plays early media without answering', async () => {
    const { story, call } = await oneCall(answerWith('<PreAnswer><Speak>Soon</Speak></PreAnswer><Hangup/>'));
    expect(story.heard()).toEqual(['Soon']);
    expect(call.answeredAt).toBeUndefined();
  });
});

describe('Hangup, Redirect and DTMF', () => {
  it('refuses an unanswered call as rejected or busy, and ends an answered one normally', async () => {
    const busy = await oneCall(answerWith('<Hangup reason="busy"/>'));
    expect(busy.call.ended).toMatchObject({ cause: 'USER_BUSY', code: 3010 });
    expect(busy.app.at('/hangup')[0]?.fields).toMatchObject({
      CallStatus: 'busy',
      Duration: '0',
      AnswerTime: '',
    });
    const rejected = await oneCall(answerWith('<Hangup/>'));
    expect(rejected.call.ended).toMatchObject({ cause: 'CALL_REJECTED', code: 3020 });
    const normal = await oneCall(answerWith('<Speak>Bye</Speak><Hangup/><Speak>Never</Speak>'));
    expect(normal.call.ended).toMatchObject({ code: 4000, source: 'Answer XML' });
    expect(normal.story.heard()).toEqual(['Bye']);
  });

  it('schedules a hang-up only when something follows', async () => {
    const later = await oneCall(answerWith('<Speak>Hi</Speak><Hangup schedule="3"/><Wait length="30"/>'));
    expect(later.call.ended).toMatchObject({ code: 6000 });
    expect(later.story.of('cut')[0]?.ms).toBeLessThan(4000);
    const atOnce = await oneCall(answerWith('<Speak>Hi</Speak><Hangup schedule="30"/>'));
    expect(atOnce.call.ended).toMatchObject({ code: 4000 });
  });

  it('leaves a document for good with Redirect', async () => {
    const { app, story } = await oneCall(
      answerWith('<Redirect method="GET">app:/next?step=2</Redirect><Speak>Dead</Speak>', {
        '/next': respond('<Speak>Next</Speak>'),
      }),
    );
    expect(story.heard()).toEqual(['Next']);
    expect(app.at('/next')[0]).toMatchObject({ method: 'GET', fields: { step: '2', Event: 'Redirect' } });
  });

  it('sends tones, and waits for them only when not async', async () => {
    const { story } = await oneCall(answerWith('<DTMF async="false">1W2</DTMF><Speak>Done</Speak>'));
    expect(story.of('tones')[0]?.digits).toBe('1W2');
    expect((story.of('says')[0]?.at ?? 0) - (story.of('tones')[0]?.at ?? 0)).toBeGreaterThanOrEqual(1200);
  });
});

describe('Gather', () => {
  const menu =
    '<Gather action="app:/got" numDigits="3"><Speak>Press keys</Speak></Gather><Speak>Nothing</Speak>';
  const got = { '/got': respond('<Speak>Thanks</Speak>') };

  it('posts the digits without the finish key and goes on with the action', async () => {
    const { app, story } = await oneCall(
      answerWith(menu, got),
      {},
      { presses: [{ digits: '42#', on: 'says' }] },
    );
    expect(app.at('/got')[0]?.fields).toMatchObject({ Digits: '42', InputType: 'dtmf' });
    expect(story.heard()).toEqual(['Press keys', 'Thanks']);
    expect(story.of('cut')).toHaveLength(1);
  });

  it('ends at numDigits, and at the pause after the last key', async () => {
    const full = await oneCall(answerWith(menu, got), {}, { presses: [{ digits: '1234', on: 'says' }] });
    expect(full.app.at('/got')[0]?.fields.Digits).toBe('123');
    const paused = await oneCall(answerWith(menu, got), {}, { presses: [{ digits: '7', on: 'says' }] });
    expect(paused.app.at('/got')[0]?.fields.Digits).toBe('7');
  });

  it('without input goes on to the next element, 15 s after the prompt', async () => {
    const { app, story } = await oneCall(answerWith(menu, got));
    expect(app.at('/got')).toHaveLength(0);
    const [prompt, nothing] = story.of('says');
    expect((nothing?.at ?? 0) - (prompt?.at ?? 0) - (prompt?.ms ?? 0)).toBeGreaterThanOrEqual(15_000);
  });

  it('or posts empty digits, when the carrier is set so', async () => {
    const { app, story } = await oneCall(answerWith(menu, got), { gatherNoInput: 'post_empty' });
    expect(app.at('/got')[0]?.fields.Digits).toBe('');
    expect(story.heard()).toEqual(['Press keys', 'Thanks']);
  });

  it('ignores the XML of an action with redirect="false"', async () => {
    const xml = '<Gather action="app:/got" numDigits="1" redirect="false"/><Speak>Here</Speak>';
    const { app, story } = await oneCall(
      answerWith(xml, got),
      {},
      { presses: [{ digits: '1', on: 'answered' }] },
    );
    expect(app.at('/got')).toHaveLength(1);
    expect(story.heard()).toEqual(['Here']);
  });
});

describe('Record', () => {
  const voicemail = (attributes = '') =>
    answerWith(
      `<Record action="app:/started" callbackUrl="app:/file" timeout="3" ${attributes}/><Speak>Thanks</Speak>`,
    );

  it('requests the action near the start and the callback after the end', async () => {
    const { app, story } = await oneCall(voicemail(), {}, { leavesMessage: 8 });
    expect(app.log()).toEqual(['/answer StartApp', '/started Record', '/file RecordStop', '/hangup Hangup']);
    const [start] = app.at('/started');
    const [file] = app.at('/file');
    expect(start?.fields.RecordingDuration).toBeUndefined();
    expect(file?.fields).toMatchObject({
      RecordingID: start?.fields.RecordingID,
      RecordingEndReason: 'RecordingTimeout',
      RecordingDuration: '11',
    });
    expect(file?.fields.RecordUrl).toMatch(/\/media\/.+\.mp3$/);
    expect(story.heard()).toEqual(['Thanks']);
  });

  it('ends at maxLength or at a key', async () => {
    const long = await oneCall(voicemail('maxLength="6"'), {}, { leavesMessage: 60 });
    expect(long.app.at('/file')[0]?.fields.RecordingEndReason).toBe('maxLength');
    const keyed = await oneCall(
      voicemail('finishOnKey="*"'),
      {},
      { leavesMessage: 60, presses: [{ digits: '1*', on: 'records', after: 4 }] },
    );
    expect(keyed.app.at('/file')[0]?.fields.RecordingEndReason).toBe('FinishedOnKey');
  });

  it('sends RecordStop after Hangup when the caller hangs up', async () => {
    const { app } = await oneCall(voicemail(), {}, { hangsUp: { on: 'records', after: 4 } });
    expect(app.log().slice(-2)).toEqual(['/hangup Hangup', '/file RecordStop']);
    expect(app.at('/file')[0]?.fields).toMatchObject({
      RecordingEndReason: 'HungUp',
      RecordingDuration: '4',
    });
  });

  it('with redirect="true" leaves for the action at once, and the message is cut', async () => {
    const { app, story } = await oneCall(voicemail('redirect="true"'), {}, { leavesMessage: 8 });
    expect(app.at('/file')[0]?.fields.RecordingDuration).toBe('0');
    expect(story.heard()).toEqual([]);
  });

  it('serves the recording to whoever shows the credentials', async () => {
    const { app, carrier } = await oneCall(voicemail(), {}, { leavesMessage: 1 });
    const url = app.at('/file')[0]?.fields.RecordUrl ?? '';
    expect((await fetch(url)).status).toBe(401);
    await carrierFile(url);
    expect(carrier.calls.size).toBe(1);
  });

  async function carrierFile(url: string) {
    const reply = await fetch(url, { headers: { 'X-Auth-ID': 'MA_TEST', 'X-Auth-Token': 'a-token' } });
    const bytes = Buffer.from(await reply.arrayBuffer());
    expect(bytes.toString('latin1', 0, 4)).toBe('RIFF');
    expect(bytes.length).toBeGreaterThan(4 * 8000);
  }
});

describe('Conference', () => {
  it('puts a lone member out at once, unless they stay alone', async () => {
    const room = (attributes: string) =>
      answerWith(`<Conference callbackUrl="app:/room" ${attributes}>Lobby</Conference><Speak>Out</Speak>`);
    const alone = await oneCall(room(''));
    expect(alone.app.log().slice(1, 3)).toEqual(['/room ConferenceEnter', '/room ConferenceExit']);
    expect(alone.story.heard()).toEqual(['Out']);
    const [enter, exit] = alone.app.at('/room');
    expect(enter?.fields).toMatchObject({
      ConferenceName: 'Lobby',
      ConferenceFirstMember: 'true',
      Direction: 'inbound',
    });
    expect(exit?.fields.From).toBeUndefined();
    const staying = await oneCall(room('stayAlone="true" timeLimit="5"'));
    const [entered, left] = staying.story.of('conference');
    expect((left?.at ?? 0) - (entered?.at ?? 0)).toBeGreaterThanOrEqual(5000);
  });
});

it('ends the call with a reason when an element is not supported', async () => {
  const { call } = await oneCall(answerWith('<Speak>Hi</Speak><Sing>wss://example.com</Sing>'));
  expect(call.ended).toMatchObject({ code: 8011, reason: '<Sing> is not supported by this carrier yet.' });
});
