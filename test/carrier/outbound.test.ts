import { afterEach, describe, expect, it } from 'vitest';
import type { Call, Manner } from '../../carrier/index.ts';
import { ACCOUNT, CALLER, closeAll, DID, type Pages, together } from './app.ts';
import { closeFarEnds, farEnd } from './far-end.ts';

afterEach(async () => {
  await closeAll();
  closeFarEnds();
});

/** Places one call to a phone with these manners, and waits for its end. */
async function callOut(manner: Manner, order: object, pages: Pages = {}, speed = 50) {
  const { app, carrier } = await together(
    { '/hello': '<Response><Speak>Hello</Speak></Response>', ...pages },
    { phones: { any: manner }, speed },
  );
  const response = await fetch(`${carrier.url}/api/v1/Account/${ACCOUNT.authId}/Call/`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'X-Auth-ID': ACCOUNT.authId,
      'X-Auth-Token': ACCOUNT.authToken,
    },
    body: JSON.stringify({
      from: DID,
      to: CALLER,
      answer_url: `${app.url}/hello`,
      answer_method: 'POST',
      hangup_url: `${app.url}/over`,
      ...JSON.parse(JSON.stringify(order).replaceAll('app:/', `${app.url}/`)),
    }),
  });
  expect(response.status).toBe(201);
  const { request_uuid } = (await response.json()) as { request_uuid: string };
  const call = carrier.calls.get(request_uuid) as Call;
  await new Promise<void>(resolve => {
    if (call.story.of('done').length > 0) resolve();
    call.story.follow(({ kind }) => kind === 'done' && resolve());
  });
  return { app, call, over: app.at('/over')[0]?.fields ?? {} };
}

it.each([
  [{ does: 'busy' }, 'busy', '3010'],
  [{ does: 'ignore' }, 'no-answer', '6010'],
  [{ does: 'reject' }, 'failed', '3020'],
  [{ does: 'fail' }, 'failed', '5020'],
] as [
  Manner,
  string,
  string,
][])('an unanswered phone (%j) is told by the hang-up alone', async (manner, status, code) => {
  const { app, call, over } = await callOut(manner, { ring_timeout: 10, ring_url: 'app:/ring' });
  expect(app.log()).toEqual(['/ring Ring', '/over Hangup']);
  expect(over).toMatchObject({
    CallUUID: call.uuid,
    CallStatus: status,
    HangupCauseCode: code,
    Duration: '0',
  });
});

describe('machine detection', () => {
  it('hangs up on a machine with code 9100, before any document', async () => {
    const { app, over } = await callOut({ does: 'voicemail' }, { machine_detection: 'hangup' });
    expect(app.log()).toEqual(['/over Hangup']);
    expect(over).toMatchObject({ HangupCauseCode: '9100', HangupCauseName: 'Machine Detected' });
  });

  it('lets a person through', async () => {
    const { app, call } = await callOut({ does: 'answer' }, { machine_detection: 'hangup' });
    expect(app.log()).toEqual(['/hello StartApp', '/over Hangup']);
    expect(app.at('/hello')[0]?.fields).toMatchObject({ Machine: 'false', CallStatus: 'in-progress' });
    expect(call.story.heard()).toEqual(['Hello']);
  });

  it.each([
    ['answer', 'false'],
    ['voicemail', 'true'],
  ] as const)('with a URL tells it beside the call: %s', async (does, machine) => {
    const order = { machine_detection: 'true', machine_detection_url: 'app:/machine' };
    const { app } = await callOut({ does }, order, {
      '/hello': '<Response><Wait length="4"/></Response>',
    });
    expect(app.log()).toEqual(['/hello StartApp', '/machine MachineDetection', '/over Hangup']);
    expect(app.at('/machine')[0]?.fields).toMatchObject({ Machine: machine, CallStatus: 'in-progress' });
  });

  it('with a URL hangs up on a machine after telling', async () => {
    const order = { machine_detection: 'hangup', machine_detection_url: 'app:/machine' };
    const { app, over } = await callOut({ does: 'voicemail' }, order, {
      '/hello': '<Response><Wait length="20"/></Response>',
    });
    expect(app.log()).toEqual(['/hello StartApp', '/machine MachineDetection', '/over Hangup']);
    expect(over.HangupCauseCode).toBe('9100');
  });
});

it('whoever is called speaks on the stream like a caller', async () => {
  const far = await farEnd(async far => {
    far.play('is that you?');
    await far.until(({ said }) => said === 'yes it is');
    far.tell('stop');
  });
  const attributes = 'bidirectional="true" keepCallAlive="true" contentType="audio/x-mulaw;rate=8000"';
  const { call } = await callOut(
    { does: 'answer', talks: 'forever', acts: { says: [{ text: 'yes it is' }] } },
    {},
    { '/hello': `<Response><Stream ${attributes}>${far.url}</Stream></Response>` },
    10,
  );
  expect(call.ear.text()).toBe('is that you?');
  expect(far.failures).toEqual([]);
});
