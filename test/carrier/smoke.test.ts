import { afterEach, expect, it } from 'vitest';
import { AGENT, closeAll, oneCall } from './app.ts';

afterEach(closeAll);

it('plays a call from greeting to the end of the talk', async () => {
  const { app, call } = await oneCall({
    '/answer': '<Response><Speak>Hello</Speak><Redirect>${url}/dial</Redirect></Response>',
    '/dial': `<Response><Dial action="\${url}/done" callbackUrl="\${url}/leg"><Number>${AGENT}</Number></Dial></Response>`,
    '/done': '<Response><Speak>Bye</Speak></Response>',
  });
  expect(call.story.heard()).toEqual(['Hello', 'Bye']);
  expect(app.log()).toEqual([
    '/answer StartApp',
    '/dial Redirect',
    '/leg DialAnswer',
    '/leg DialConnected',
    '/leg DialHangup',
    '/done DialAction',
    '/hangup Hangup',
  ]);
  expect(Object.keys(app.at('/hangup')[0]?.fields ?? {})).toHaveLength(24);
});
