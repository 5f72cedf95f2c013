import { afterEach, describe, expect, it } from 'vitest';
import type { Manners } from '../../carrier/index.ts';
import { AGENT, AGENT_2, closeAll, DID, oneCall, type Pages } from './app.ts';

afterEach(closeAll);

const dialing = (attributes = '', numbers = [AGENT], after = '<Speak>After</Speak>'): Pages => ({
  '/answer': `<Response><Speak>Hello</Speak><Dial action="app:/done" callbackUrl="app:/leg" ${attributes}>${numbers
    .map(number => `<Number>${number}</Number>`)
    .join('')}</Dial>${after}</Response>`,
  '/done': '<Response><Speak>Done</Speak></Response>',
});
const phone = (manner: Manners[string]): Manners => ({ [AGENT]: manner });

describe('a Dial that is answered', () => {
  it('tells of the leg, then requests the action when the agent hangs up', async () => {
    const { app, story } = await oneCall(dialing(`callerId="${DID}"`));
    expect(app.log()).toEqual([
      '/answer StartApp',
      '/leg DialAnswer',
      '/leg DialConnected',
      '/leg DialHangup',
      '/done DialAction',
      '/hangup Hangup',
    ]);
    const [answer, connected, hangup] = app.at('/leg').map(({ fields }) => fields);
    expect(answer).toMatchObject({
      DialAction: 'answer',
      DialBLegStatus: 'answer',
      DialBLegFrom: DID.slice(1),
      DialBLegTo: AGENT.slice(1),
      DialBLegPosition: '1',
      DialALegUUID: answer?.CallUUID,
    });
    expect(connected).toMatchObject({ DialAction: 'connected', DialBLegUUID: answer?.DialBLegUUID });
    expect(connected?.AnswerTime).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    expect(hangup).toMatchObject({
      DialBLegDuration: '10',
      DialBLegBillDuration: '60',
      DialBLegHangupSource: 'Callee',
    });
    expect(app.at('/done')[0]?.fields).toMatchObject({
      DialStatus: 'completed',
      DialBLegUUID: answer?.DialBLegUUID,
    });
    expect(story.heard()).toEqual(['Hello', 'Done']);
    expect(story.of('rings')[0]).toMatchObject({ to: AGENT, position: 1 });
  });

  it('plays nothing after a bridge when the action does not redirect', async () => {
    const { app, story, call } = await oneCall(dialing('redirect="false"'));
    expect(app.at('/done')).toHaveLength(1);
    expect(story.heard()).toEqual(['Hello']);
    expect(call.ended?.code).toBe(4010);
  });

  it('sends DialHangup, Hangup, the action and RecordStop, in this order, when the caller hangs up', async () => {
    const pages = dialing();
    const recorded = String(pages['/answer']).replace(
      '<Dial',
      '<Record recordSession="true" callbackUrl="app:/file"/><Dial',
    );
    const { app } = await oneCall(
      { ...pages, '/answer': recorded },
      { phones: phone({ does: 'answer', hangsUp: 'caller' }) },
    );
    expect(app.log().slice(-4)).toEqual([
      '/leg DialHangup',
      '/hangup Hangup',
      '/done Redirect',
      '/file RecordStop',
    ]);
    expect(app.at('/done')[0]?.fields).toMatchObject({ DialStatus: 'completed', CallStatus: 'completed' });
    expect(app.at('/leg').at(-1)?.fields).toMatchObject({ DialBLegHangupSource: 'Caller' });
  });

  it('ends at the time limit, and at a star where that is wanted', async () => {
    const limited = await oneCall(dialing('timeLimit="5"'), {
      phones: phone({ does: 'answer', talks: 'forever' }),
    });
    expect(limited.app.at('/leg').at(-1)?.fields).toMatchObject({
      DialBLegHangupCauseCode: '6000',
      DialBLegDuration: '5',
    });
    const starred = await oneCall(
      dialing('hangupOnStar="true"'),
      { phones: phone({ does: 'answer', talks: 'forever' }) },
      { presses: [{ digits: '*', on: 'bridged', after: 2 }] },
    );
    expect(starred.app.at('/done')[0]?.fields.DialStatus).toBe('completed');
  });
});

describe('a Dial that is not answered', () => {
  const cases: [string, Manners[string], Record<string, string>, string][] = [
    ['busy', { does: 'busy' }, { DialStatus: 'busy', DialHangupCause: 'USER_BUSY' }, '3010'],
    ['nobody there', { does: 'ignore' }, { DialStatus: 'no-answer', DialHangupCause: 'NO_ANSWER' }, '6010'],
    ['rejected', { does: 'reject' }, { DialStatus: 'failed', DialHangupCause: 'CALL_REJECTED' }, '3020'],
    ['unreachable', { does: 'fail' }, { DialStatus: 'failed' }, '5020'],
  ];
  it.each(cases)('reports a phone that is %s', async (_, manner, result, code) => {
    const { app, story } = await oneCall(dialing('timeout="8"'), { phones: phone(manner) });
    expect(app.at('/done')[0]?.fields).toMatchObject({ ...result, DialBLegUUID: '' });
    expect(app.at('/leg')).toHaveLength(1);
    expect(app.at('/leg')[0]?.fields).toMatchObject({ Event: 'DialHangup', DialBLegHangupCauseCode: code });
    expect(story.heard()).toEqual(['Hello', 'Done']);
  });

  it('goes on with the next element when the action does not redirect', async () => {
    const { story } = await oneCall(dialing('redirect="false"'), { phones: phone({ does: 'busy' }) });
    expect(story.heard()).toEqual(['Hello', 'After']);
  });

  it('rings for the timeout and no longer', async () => {
    const { story } = await oneCall(dialing('timeout="8"'), { phones: phone({ does: 'answer', after: 20 }) });
    const rang = (story.of('phone')[0]?.at ?? 0) - (story.of('rings')[0]?.at ?? 0);
    expect(rang).toBeGreaterThanOrEqual(8_000);
    expect(rang).toBeLessThan(9_500);
  });

  it('is cancelled, with its action after the Hangup, when the caller gives up', async () => {
    const script = { hangsUp: { on: 'rings', after: 4 } };
    const { app } = await oneCall(dialing(), { phones: phone({ does: 'ignore' }) }, script);
    expect(app.log().slice(-3)).toEqual(['/leg DialHangup', '/hangup Hangup', '/done Redirect']);
    expect(app.at('/leg')[0]?.fields.DialBLegHangupCause).toBe('ORIGINATOR_CANCEL');
    expect(app.at('/done')[0]?.fields.DialStatus).toBe('cancel');
  });

  it('follows a sequence of attempts', async () => {
    const again = {
      '/done': (_: unknown, count: number) => String(count < 2 ? dialing()['/answer'] : '<Response/>'),
    };
    const phones = phone([{ does: 'busy' }, { does: 'answer', talks: 3 }]);
    const { app } = await oneCall({ ...dialing(), ...again }, { phones });
    expect(app.at('/done').map(({ fields }) => fields.DialStatus)).toEqual(['busy', 'completed']);
  });
});

describe('several numbers', () => {
  it('ring at once; the first to answer wins and the others lose the race', async () => {
    const phones: Manners = {
      [AGENT]: { does: 'answer', after: 9 },
      [AGENT_2]: { does: 'answer', after: 3 },
    };
    const { app, story } = await oneCall(dialing('', [AGENT, AGENT_2]), { phones });
    const rings = story.of('rings').map(({ at }) => at);
    expect(Math.abs((rings[0] ?? 0) - (rings[1] ?? 0))).toBeLessThan(200);
    expect(story.of('bridged').map(({ to }) => to)).toEqual([AGENT_2]);
    expect(app.at('/leg').map(({ fields }) => `${fields.DialBLegPosition} ${fields.Event}`)).toEqual([
      '2 DialAnswer',
      '1 DialHangup',
      '2 DialConnected',
      '2 DialHangup',
    ]);
    expect(app.at('/leg')[1]?.fields).toMatchObject({
      DialBLegHangupCause: 'LOSE_RACE',
      DialBLegHangupCauseCode: '9000',
    });
  });

  it('fail together only when all have failed', async () => {
    const phones: Manners = { [AGENT]: { does: 'busy' }, [AGENT_2]: { does: 'ignore' } };
    const { app } = await oneCall(dialing('timeout="5"', [AGENT, AGENT_2]), { phones });
    expect(app.at('/done')[0]?.fields.DialStatus).toBe('no-answer');
  });
});

describe('confirmation', () => {
  const confirming = (timeoutSecs: number) => ({
    ...dialing(`confirmSound="app:/ask" confirmKey="1" confirmTimeout="${timeoutSecs}"`),
    '/ask': '<Response><Speak>Press 1</Speak></Response>',
  });

  it('bridges a person who presses the key', async () => {
    const { app, story } = await oneCall(confirming(60), { phones: phone({ does: 'answer', presses: '1' }) });
    expect(story.of('whispers')[0]?.text).toBe('Press 1');
    expect(story.heard()).not.toContain('Press 1');
    expect(app.at('/done')[0]?.fields.DialStatus).toBe('completed');
  });

  it('turns away a voicemail that presses nothing', async () => {
    const { app } = await oneCall(confirming(4), { phones: phone({ does: 'voicemail', after: 3 }) });
    expect(app.at('/leg').map(({ fields }) => fields.Event)).toEqual(['DialAnswer', 'DialHangup']);
    expect(app.at('/leg')[1]?.fields.DialBLegHangupCauseCode).toBe('9110');
    expect(app.at('/done')[0]?.fields.DialStatus).toBe('no-answer');
  });
});

it('fails an inbound call that dials before it is answered', async () => {
  const { call, app } = await oneCall({ '/answer': `<Response><Dial>${AGENT}</Dial></Response>` });
  expect(call.ended).toMatchObject({ code: 5010, source: 'Error' });
  expect(app.log()).toEqual(['/answer StartApp', '/hangup Hangup']);
});

it('rings nobody for a caller ID that the account does not own', async () => {
  const { app, story } = await oneCall(dialing(), { ownedNumbers: [DID] });
  expect(app.at('/leg')).toHaveLength(0);
  expect(story.of('rings')).toHaveLength(0);
  expect(app.at('/done')[0]?.fields).toMatchObject({ DialStatus: 'failed', DialBLegUUID: '' });
  const owned = await oneCall(dialing(`callerId="${DID}"`), { ownedNumbers: [DID] });
  expect(owned.story.of('bridged')).toHaveLength(1);
});
