/** The media path in a container: each part of the environment is asked for when it is first needed. */
import { expect, it } from 'vitest';
import { mediaFromEnv } from '../../lambda/app/media-context.ts';
import { ENV } from '../../lambda/platform/names.ts';
import { createServe } from '../../lambda/stream/serve.ts';
import { heard } from '../support/heard.ts';
import { media, message } from './messages.ts';

it('a function that streams nothing needs nothing of it', () => {
  expect(() => createServe(mediaFromEnv({}))).not.toThrow();
});

it('what is missing is named where it is used', async () => {
  const context = mediaFromEnv({});
  expect(() => context.streams).toThrow(ENV.framesTable);
  expect(() => context.sockets).toThrow(ENV.connectionsUrl);
  expect(() => context.streamAddress()).toThrow(ENV.streamUrl);
  await expect(context.startSession({ call: 'call', generation: 1 })).rejects.toThrow(ENV.sessionFunction);
});

it('what is there is made once', () => {
  const context = mediaFromEnv({
    [ENV.framesTable]: 'Frames',
    [ENV.connectionsUrl]: 'http://127.0.0.1:1/stream',
    AWS_REGION: 'us-east-1',
  });
  expect(context.streams).toBe(context.streams);
});

it('even a function set up wrongly answers the carrier with 200', async () => {
  const serve = createServe(mediaFromEnv({}));
  const lines = await heard(async () => {
    expect(await serve(message('any', media(1)))).toEqual({ statusCode: 200, body: 'lost' });
  });
  expect(lines.join()).toContain(ENV.framesTable);
});
