/** What flows write and queues do not: keys without an end key, recordings of whole calls, SIP phones, languages. */
import { afterEach, describe, expect, it } from 'vitest';
import { ACCOUNT, AGENT, closeAll, oneCall, type Pages, together } from './app.ts';

afterEach(closeAll);

const answerWith = (inside: string): Pages => ({ '/answer': `<Response>${inside}</Response>` });

describe('Gather without an end key', () => {
  const menu = answerWith(
    '<Gather action="app:/got" inputType="dtmf" numDigits="15" finishOnKey="none" executionTimeout="15" digitEndTimeout="2"><Speak>Your number, then pound</Speak></Gather><Redirect>app:/got</Redirect>',
  );
  const pressing = (digits: string) => oneCall(menu, {}, { presses: [{ digits, on: 'listens', after: 1 }] });

  it('tells every key, and ends at the pause', async () => {
    const { app, story } = await pressing('5557654321#');
    expect(app.at('/got')[0]?.fields.Digits).toBe('5557654321#');
    expect(story.of('cut')).toHaveLength(1);
  });

  it('tells a lone pound', async () => {
    expect((await pressing('#')).app.at('/got')[0]?.fields.Digits).toBe('#');
  });

  it.each([
    'continue',
    'post_empty',
  ] as const)('asks once when nothing is pressed (%s)', async gatherNoInput => {
    const { app } = await oneCall(menu, { gatherNoInput });
    expect(app.at('/got').map(({ fields }) => fields.Digits ?? 'none')).toEqual([
      gatherNoInput === 'continue' ? 'none' : '',
    ]);
  });
});

describe('Record of a whole call', () => {
  const recorded = (attributes: string, after: string) =>
    answerWith(
      `<Record recordSession="true" redirect="false" action="app:/rec" callbackUrl="app:/rec" ${attributes}/>${after}`,
    );

  it('ends after a minute, unless it is told how long it may last', async () => {
    const short = await oneCall(recorded('', '<Wait length="90"/>'));
    const [, stop] = short.app.at('/rec');
    expect(stop?.fields).toMatchObject({ RecordingEndReason: 'maxLength', RecordingDuration: '60' });
    const long = await oneCall(recorded('maxLength="14400"', '<Wait length="90"/>'));
    const { RecordingEndReason, RecordingDurationMs } = long.app.at('/rec')[1]?.fields ?? {};
    expect(RecordingEndReason).toBe('HungUp');
    expect(Number(RecordingDurationMs)).toBeGreaterThanOrEqual(90_000);
  });

  it('ends by the REST API, and the call goes on', async () => {
    const { app, carrier } = await together(recorded('', '<Wait length="20"/><Speak>Still here</Speak>'));
    const { call, done } = carrier.call({ from: AGENT, to: AGENT });
    const stop = () =>
      fetch(`${carrier.url}/api/v1/Account/${ACCOUNT.authId}/Call/${call.uuid}/Record/`, {
        method: 'DELETE',
        headers: { 'X-Auth-ID': ACCOUNT.authId, 'X-Auth-Token': ACCOUNT.authToken },
      });
    const stopping = new Promise<number>(resolve => {
      call.story.follow(entry => entry.kind === 'waits' && resolve(stop().then(({ status }) => status)));
    });
    expect(await stopping).toBe(204);
    await done;
    expect((await stop()).status).toBe(404);
    expect(app.at('/rec').map(({ fields }) => fields.Event)).toEqual(['Record', 'RecordStop']);
    expect(app.at('/rec')[1]?.fields.RecordingEndReason).toBeUndefined();
    expect(app.log().indexOf('/rec RecordStop')).toBeLessThan(app.log().indexOf('/hangup Hangup'));
    expect(call.story.heard()).toEqual(['Still here']);
  });
});

it('Dial rings telephones and SIP phones at once; the first wins and the others lose the race', async () => {
  const desk = 'sip:desk@example.com';
  const { app, story } = await oneCall(
    {
      '/answer': `<Response><Speak>Hi</Speak><Dial callbackUrl="app:/leg" action="app:/done"><Number>${AGENT}</Number><User>${desk}</User></Dial></Response>`,
    },
    { phones: { [AGENT]: { does: 'answer', after: 9 }, [desk]: { does: 'answer', after: 3, talks: 5 } } },
  );
  expect(story.of('bridged').map(({ to }) => to)).toEqual([desk]);
  const ends = app.at('/leg').filter(({ fields }) => fields.Event === 'DialHangup');
  expect(ends.map(({ fields }) => `${fields.DialBLegTo} ${fields.DialBLegHangupCause}`)).toEqual([
    `${AGENT.slice(1)} LOSE_RACE`,
    `${desk} NORMAL_CLEARING`,
  ]);
  expect(app.at('/done')[0]?.fields.DialStatus).toBe('completed');
});

it('the story tells in which language something is said, where the document names one', async () => {
  const { story } = await oneCall(
    answerWith(
      '<Speak language="es-ES">Hola</Speak><Speak>Hello</Speak><Speak><lang xml:lang="fr-FR">Salut</lang></Speak>',
    ),
  );
  expect(story.of('says').map(({ text, language }) => [text, language])).toEqual([
    ['Hola', 'es-ES'],
    ['Hello', undefined],
    ['Salut', undefined],
  ]);
});

it('a caller can wait for the second time that something is said', async () => {
  const { story, call } = await oneCall(
    answerWith('<Speak>Again</Speak><Speak>Again</Speak><Wait length="30"/>'),
    {},
    { hangsUp: { hearing: 'again', times: 2, after: 1 } },
  );
  const [, second] = story.of('says');
  expect((call.endedAt ?? 0) - call.startedAt - (second?.at ?? 0)).toBeGreaterThanOrEqual(1000);
});
